// What the server keeps of the request that opened a connection, against Socket.IO's "Server API,
// socket.handshake".

#include <parley/socketio/handshake.hpp>

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

const HttpRequest request{"GET",
                          "/socket.io/?EIO=4&transport=polling&room=a%20b",
                          {{"Host", "localhost"},
                           {"X-Empty", ""},
                           {"User-Agent", "Mozilla/5.0 (é)"},
                           {"Accept", "a"},
                           {"accept", "b"}},
                          "not kept",
                          "192.0.2.1"};

TEST(SocketioHandshake, ShowsUrlAddressAndQuery) {
  const Handshake handshake{request};
  EXPECT_EQ(handshake.url(), "/socket.io/?EIO=4&transport=polling&room=a%20b");
  EXPECT_EQ(handshake.address(), "192.0.2.1");
  EXPECT_EQ(handshake.query().get("room"), "a b");
  EXPECT_EQ(handshake.query().get("nothing"), std::nullopt);
}

TEST(SocketioHandshake, KnowsWhenAndHowItCame) {
  using namespace std::chrono_literals;
  auto opening = request;
  opening.is_secure = true;
  // new Date(1795337219123) + "" in Node, with TZ=UTC
  opening.received_at = std::chrono::sys_time<Duration>{1'795'337'219'123ms};
  const Handshake handshake{opening};
  EXPECT_TRUE(handshake.secure());
  EXPECT_EQ(handshake.issued().time_since_epoch(), 1'795'337'219'123ms);
  EXPECT_EQ(handshake.time(), "Sun Nov 22 2026 08:46:59 GMT+0000 (Coordinated Universal Time)");
  EXPECT_FALSE(Handshake{request}.secure());
}

TEST(SocketioHandshake, FindsAHeaderWithoutRegardToCase) {
  const Handshake handshake{request};
  EXPECT_EQ(handshake.header("HOST"), "localhost");
  EXPECT_EQ(handshake.header("user-agent"), "Mozilla/5.0 (é)");
  EXPECT_EQ(handshake.header("x-empty"), "");
  EXPECT_EQ(handshake.header("accept"), "a");
  EXPECT_EQ(handshake.header("cookie"), std::nullopt);
  EXPECT_EQ(handshake.header(""), std::nullopt);
}

TEST(SocketioHandshake, ListsTheHeadersInLowerCaseAsTheyCame) {
  using Fields = std::vector<std::pair<std::string_view, std::string_view>>;
  EXPECT_EQ(Handshake{request}.headers(), (Fields{{"host", "localhost"},
                                                  {"x-empty", ""},
                                                  {"user-agent", "Mozilla/5.0 (é)"},
                                                  {"accept", "a"},
                                                  {"accept", "b"}}));
}

TEST(SocketioHandshake, IsOfAnotherDomainIfThereIsAnOrigin) {
  EXPECT_FALSE(Handshake{request}.xdomain());
  auto from_page = request;
  from_page.fields.push_back({"Origin", "https://example.org"});
  EXPECT_TRUE(Handshake{from_page}.xdomain());
}

TEST(SocketioHandshake, OfAnEmptyRequestIsEmpty) {
  const Handshake handshake{HttpRequest{}};
  EXPECT_EQ(handshake.url(), "");
  EXPECT_EQ(handshake.address(), "");
  EXPECT_TRUE(handshake.headers().empty());
}

}  // namespace
}  // namespace parley::socketio
