// The opening handshake, server end, against RFC 6455, sections 1.3, 4.2.1 and 4.2.2.
#include <parley/websocket/handshake.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace parley::websocket {
namespace {

// The request of section 1.3.
HttpRequest rfc_request() {
  return {.method = "GET",
          .target = "/chat",
          .fields = {{"Host", "server.example.com"},
                     {"Upgrade", "websocket"},
                     {"Connection", "Upgrade"},
                     {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                     {"Origin", "http://example.com"},
                     {"Sec-WebSocket-Version", "13"}},
          .body = "",
          .remote_address = "127.0.0.1"};
}

HttpRequest with(std::string_view name, std::string value) {
  auto request = rfc_request();
  std::ranges::find(request.fields, name, &HttpField::name)->value = std::move(value);
  return request;
}

HttpResponse refusal(unsigned status, std::string text) {
  return {.status = status, .fields = {{"Content-Type", "text/html"}}, .body = std::move(text)};
}

TEST(WebSocketHandshake, AnswersTheKeyOfTheRfc) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocketHandshake, AcceptsTheRequestOfTheRfc) {
  const HttpResponse expected{.status = 101,
                              .fields = {{"Upgrade", "websocket"},
                                         {"Connection", "Upgrade"},
                                         {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}},
                              .body = ""};
  EXPECT_EQ(accept_upgrade(rfc_request()), expected);
}

TEST(WebSocketHandshake, AcceptsNoExtension) {
  auto request = rfc_request();
  request.fields.push_back(
      {"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"});
  EXPECT_EQ(accept_upgrade(request), accept_upgrade(rfc_request()));
}

TEST(WebSocketHandshake, KnowsAnUpgradeWhateverItsCaseAndNeighbours) {
  EXPECT_TRUE(is_upgrade(with("Connection", "keep-alive, upgrade")));  // as Firefox sends it
  EXPECT_TRUE(is_upgrade(with("Upgrade", "WebSocket")));
  auto in_two_lines = with("Connection", "keep-alive");
  in_two_lines.fields.push_back({"Connection", "Upgrade"});
  EXPECT_TRUE(is_upgrade(in_two_lines));
}

TEST(WebSocketHandshake, KnowsWhatIsNoUpgradeToWebSocket) {
  EXPECT_FALSE(is_upgrade(with("Upgrade", "h2c")));
  EXPECT_FALSE(is_upgrade(with("Connection", "keep-alive")));
  EXPECT_FALSE(is_upgrade({}));
}

TEST(WebSocketHandshake, RefusesAnotherVersionAndSaysWhichItSpeaks) {
  auto expected = refusal(400, "Missing or invalid Sec-WebSocket-Version header");
  expected.fields.push_back({"Sec-WebSocket-Version", "13"});
  for (const auto* version : {"8", "12", "", "013"})
    EXPECT_EQ(accept_upgrade(with("Sec-WebSocket-Version", version)).error(), expected) << version;
}

TEST(WebSocketHandshake, RefusesAKeyThatIsNotSixteenBytesInBase64) {
  const auto expected = refusal(400, "Missing or invalid Sec-WebSocket-Key header");
  for (const auto* key : {"", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQAA",
                          "dGhlIHNhbXBsZSBub25j-Q==", "dGhlIHNhbXBsZSBub25jZQ==AAAA"})
    EXPECT_EQ(accept_upgrade(with("Sec-WebSocket-Key", key)).error(), expected) << key;
}

TEST(WebSocketHandshake, TakesAKeyWhoseUnusedBitsAreSet) {
  EXPECT_TRUE(accept_upgrade(with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZZ==")));
}

TEST(WebSocketHandshake, RefusesAnotherMethodThanGet) {
  auto request = rfc_request();
  request.method = "POST";
  EXPECT_EQ(accept_upgrade(request).error(), refusal(405, "Invalid HTTP method"));
}

TEST(WebSocketHandshake, RefusesWhatAsksForNoWebSocket) {
  EXPECT_EQ(accept_upgrade(with("Upgrade", "h2c")).error(), refusal(400, "Invalid Upgrade header"));
}

}  // namespace
}  // namespace parley::websocket
