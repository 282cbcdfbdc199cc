// What we answer to offers of permessage-deflate, against RFC 7692, sections 5.1 and 7.1.

#include <parley/websocket/deflate.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley::websocket {
namespace {

std::string answer(std::initializer_list<std::string> offers) {
  HttpRequest request;
  for (const auto& offer : offers) request.fields.push_back({"sec-websocket-extensions", offer});
  return accept_deflate(request).value_or("none");
}

constexpr auto plain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
constexpr auto with_window =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
    "server_max_window_bits=11";

TEST(DeflateOffer, OfBrowsersIsAcceptedWithoutContextTakeover) {
  EXPECT_EQ(answer({"permessage-deflate"}), plain);
  EXPECT_EQ(answer({"permessage-deflate; client_max_window_bits"}), plain);  // Chromium, ws
}

TEST(DeflateOffer, MayNameEveryParameter) {
  EXPECT_EQ(answer({"permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
                    "client_max_window_bits=8"}),
            plain);
  EXPECT_EQ(answer({"permessage-deflate;server_max_window_bits=15"}), with_window);
  EXPECT_EQ(answer({"permessage-deflate ; server_max_window_bits = \"11\""}), with_window);
}

TEST(DeflateOffer, ThatWeCannotKeepIsPassedOver) {
  EXPECT_EQ(answer({"permessage-deflate; server_max_window_bits=10"}), "none");
  EXPECT_EQ(answer({"permessage-deflate; server_max_window_bits=10, permessage-deflate"}), plain);
  EXPECT_EQ(answer({"x-webkit-deflate-frame, permessage-deflate"}), plain);
  EXPECT_EQ(answer({"permessage-bzip2", "permessage-deflate"}), plain);
}

TEST(DeflateOffer, ThatTheRfcDoesNotAllowIsPassedOver) {
  for (const auto* parameters :
       {"unknown", "server_no_context_takeover=1", "client_no_context_takeover=true",
        "server_max_window_bits", "server_max_window_bits=", "server_max_window_bits=16",
        "server_max_window_bits=7", "server_max_window_bits=011", "server_max_window_bits=+12",
        "server_max_window_bits=\"", "client_max_window_bits=7", "client_max_window_bits=x",
        "client_max_window_bits; client_max_window_bits", ""})
    EXPECT_EQ(answer({"permessage-deflate; " + std::string{parameters}}), "none") << parameters;
}

TEST(DeflateOffer, ThatNobodyMadeIsNotAccepted) {
  EXPECT_EQ(answer({}), "none");
  EXPECT_EQ(answer({""}), "none");
  EXPECT_EQ(answer({",;,"}), "none");
}

}  // namespace
}  // namespace parley::websocket
