// Requests as data: fields without regard to case, and query strings as a browser writes them.

#include <parley/base/http.hpp>

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(HttpRequest, FindsAFieldWhateverItsCase) {
  const HttpRequest request{.method = "GET",
                            .target = "/a?b=c",
                            .fields = {{"Content-Type", "text/plain"}, {"Origin", "http://a"}},
                            .body = "",
                            .remote_address = ""};
  EXPECT_EQ(request.field("content-type"), "text/plain");
  EXPECT_EQ(request.field("ORIGIN"), "http://a");
  EXPECT_EQ(request.field("Host"), std::nullopt);
  EXPECT_EQ(request.path(), "/a");
}

TEST(HttpFields, AListHoldsItsTokensInAnyCase) {
  EXPECT_TRUE(list_contains("keep-alive, Upgrade", "upgrade"));
  EXPECT_TRUE(list_contains("websocket", "WebSocket"));
  EXPECT_FALSE(list_contains("upgrade-insecure", "upgrade"));
  EXPECT_FALSE(list_contains("", "upgrade"));
}

TEST(Query, DecodesPercentAndPlus) {
  const Query query{"/x?a=1%202&b+c=%E2%82%AC&empty=&bare"};
  EXPECT_EQ(query.get("a"), "1 2");
  EXPECT_EQ(query.get("b c"), "\xE2\x82\xAC");
  EXPECT_EQ(query.get("empty"), "");
  EXPECT_EQ(query.get("bare"), "");
  EXPECT_EQ(query.get("none"), std::nullopt);
}

TEST(Query, TheLastOfARepeatedKeyWins) { EXPECT_EQ(Query{"/?EIO=3&EIO=4"}.get("EIO"), "4"); }

TEST(Query, LeavesABrokenPercentAlone) {
  EXPECT_EQ(Query{"/?a=%zz%4"}.get("a"), "%zz%4");
  EXPECT_EQ(Query{"/?&&a=%"}.get("a"), "%");
}

TEST(Query, IsEmptyWithoutAQuestionMark) { EXPECT_TRUE(Query{"/a&b=c"}.entries().empty()); }

}  // namespace
}  // namespace parley
