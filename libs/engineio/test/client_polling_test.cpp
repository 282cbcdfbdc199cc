// A client that polls, against Engine.IO 4, "Handshake", "HTTP long-polling", and what the official
// client does: one GET held, one POST at a time, bodies of several packets within maxPayload.

#include "client_host.hpp"

#include <gtest/gtest.h>

namespace parley::engineio::client {
namespace {

constexpr RequestId first_get{1}, second_get{2}, first_post{3}, second_post{4};

class ClientPolling : public ::testing::Test {
 protected:
  ClientPolling() {
    host.open();
    host.respond(first_get, handshake);
  }
  Host host;
};

TEST(ClientHandshake, IsTheFirstPoll) {
  Host host;
  EXPECT_EQ(host.open(), (Said{Get{first_get, polling}}));
  EXPECT_EQ(host.respond(first_get, handshake),
            (Said{Opened{"abc", Transport::polling}, Get{second_get, session_polling}}));
}

TEST(ClientHandshake, SendsTheQueryOfTheApplicationEncoded) {
  Host host{{.path = "/x/", .query = {{"a b", "ä&="}}}};
  EXPECT_EQ(host.open(), (Said{Get{first_get, "/x/?EIO=4&transport=polling&a%20b=%C3%A4%26%3D"}}));
}

TEST(ClientHandshake, EncodesTheSidOfTheServer) {
  Host host;
  host.open();
  const auto said = host.respond(
      first_get, R"(0{"sid":"a\r\nHost: b","upgrades":[],"pingInterval":1,"pingTimeout":1})");
  EXPECT_EQ(said.back(), Output(Get{second_get, polling + "&sid=a%0D%0AHost%3A%20b"}));
}

TEST(ClientHandshake, MayCarryMessagesBehindTheOpenPacket) {
  Host host;
  host.open();
  EXPECT_EQ(
      host.respond(first_get, handshake + "\x1e" + "4a"),
      (Said{Opened{"abc", Transport::polling}, received("a"), Get{second_get, session_polling}}));
}

TEST(ClientHandshake, FailsUnlessItBeginsWithAWholeOpenPacket) {
  for (const auto* body : {"", "4a", "6", "0", "0{}", "0[]", R"(0{"sid":""})",
                           R"(0{"sid":1,"upgrades":[],"pingInterval":1,"pingTimeout":1})",
                           R"(0{"sid":"a","upgrades":[],"pingInterval":-1,"pingTimeout":1})",
                           R"(0{"sid":"a","upgrades":[],"pingInterval":1})"}) {
    Host host;
    host.open();
    const auto said = host.respond(first_get, body);
    ASSERT_EQ(said.size(), 1) << body;
    EXPECT_EQ(std::get<Closed>(said.back()).reason, CloseReason::transport_error) << body;
  }
}

TEST(ClientHandshake, FailsWithWhatTheServerSays) {
  Host host;
  host.open();
  EXPECT_EQ(host.respond(first_get, R"({"code":4,"message":"Forbidden"})", 403),
            (Said{Closed{CloseReason::transport_error,
                         R"(HTTP status 403: {"code":4,"message":"Forbidden"})"}}));
}

TEST(ClientHandshake, TriesTheNextTransportIfItMay) {
  Host host{{.try_all_transports = true}};
  host.open();
  EXPECT_EQ(host.fail(first_get, "refused"), (Said{OpenWebSocket{WebSocketId{2}, websocket}}));
  EXPECT_EQ(host.gone(WebSocketId{2}, CloseReason::transport_error, "refused"),
            (Said{Closed{CloseReason::transport_error, "refused"}}));
}

TEST(ClientHandshake, TriesOneTransportUnlessToldOtherwise) {
  Host host;
  host.open();
  EXPECT_EQ(host.fail(first_get, "refused"),
            (Said{Closed{CloseReason::transport_error, "refused"}}));
}

TEST(ClientHandshake, IsLeftAtOnce) {
  Host host;
  host.open();
  EXPECT_EQ(host.close(), (Said{Abort{first_get}, Closed{CloseReason::forced_close}}));
  EXPECT_EQ(host.respond(first_get, handshake), Said{});
}

TEST_F(ClientPolling, PollsAgainWhenAPollReturned) {
  EXPECT_EQ(host.respond(second_get,
                         "4a\x1e"
                         "bAQID\x1e"
                         "6"),
            (Said{received("a"), received("\x01\x02\x03", MessageKind::binary),
                  Get{first_post, session_polling}}));
}

TEST_F(ClientPolling, SendsOnePostAtATime) {
  EXPECT_TRUE(host.session().writable());
  EXPECT_EQ(host.send("a"), (Said{Post{first_post, session_polling, "4a"}}));
  EXPECT_FALSE(host.session().writable());
  EXPECT_EQ(host.send("b"), Said{});
  EXPECT_EQ(host.send("\x01\x02", MessageKind::binary), Said{});
  EXPECT_EQ(host.respond(first_post, "ok"), (Said{Post{second_post, session_polling,
                                                       "4b\x1e"
                                                       "bAQI="}}));
  EXPECT_EQ(host.respond(second_post, "ok"), Said{});
  EXPECT_TRUE(host.session().writable());
}

TEST_F(ClientPolling, KeepsABodyOfSeveralPacketsWithinMaxPayload) {
  host.send("a");
  host.send("12345678");                      // 9 bytes in the payload
  host.send("1234567", MessageKind::binary);  // 13 with its mark, and 1 between the two
  host.send(std::string(30, 'x'));            // more than maxPayload by itself
  EXPECT_EQ(host.respond(first_post, "ok"),
            (Said{Post{second_post, session_polling, "412345678"}}));
  EXPECT_EQ(host.respond(second_post, "ok"),
            (Said{Post{RequestId{5}, session_polling, "bMTIzNDU2Nw=="}}));
  EXPECT_EQ(host.respond(RequestId{5}, "ok"),
            (Said{Post{RequestId{6}, session_polling, "4" + std::string(30, 'x')}}));
}

TEST_F(ClientPolling, FillsABodyUpToMaxPayload) {
  host.send("a");
  host.send("12345678");
  host.send("123456789");  // 9 + 1 + 10 bytes: exactly 20
  EXPECT_EQ(host.respond(first_post, "ok"), (Said{Post{second_post, session_polling,
                                                       "412345678\x1e"
                                                       "4123456789"}}));
}

TEST_F(ClientPolling, EndsWithAnyFailureOfARequest) {
  EXPECT_EQ(host.fail(second_get, "reset"), (Said{Closed{CloseReason::transport_error, "reset"}}));

  Host other;
  other.open();
  other.respond(first_get, handshake);
  other.send("a");
  EXPECT_EQ(other.respond(first_post, "", 413),
            (Said{Abort{second_get}, Closed{CloseReason::transport_error, "HTTP status 413"}}));
  EXPECT_EQ(other.send("b"), Said{});
}

TEST_F(ClientPolling, EndsWithABadPacketAndHearsThoseBeforeIt) {
  EXPECT_EQ(host.respond(second_get,
                         "4a\x1e"
                         "x"),
            (Said{received("a"), Closed{CloseReason::transport_error, "bad packet"}}));
}

TEST_F(ClientPolling, EndsWhenTheServerCloses) {
  EXPECT_EQ(host.respond(second_get,
                         "4a\x1e"
                         "1\x1e"
                         "4b"),
            (Said{received("a"), Closed{CloseReason::transport_close, "closed by the server"}}));
}

TEST_F(ClientPolling, SaysGoodbyeBehindWhatItHadToSay) {
  host.send("a");
  host.send("b");
  EXPECT_EQ(host.close(), Said{});
  EXPECT_EQ(host.respond(first_post, "ok"), (Said{Post{second_post, session_polling, "4b"}}));
  EXPECT_EQ(host.respond(second_get,
                         "6\x1e"
                         "4late"),
            Said{});
  const RequestId goodbye{std::to_underlying(second_post) + 1};
  EXPECT_EQ(host.respond(second_post, "ok"), (Said{Post{goodbye, session_polling, "1"}}));
  EXPECT_EQ(host.respond(goodbye, "ok"), (Said{Closed{CloseReason::forced_close}}));
}

TEST_F(ClientPolling, GivesUpItsPollOnceItHasSaidGoodbye) {
  EXPECT_EQ(host.close(), (Said{Post{first_post, session_polling, "1"}}));
  EXPECT_EQ(host.respond(first_post, "ok"),
            (Said{Abort{second_get}, Closed{CloseReason::forced_close}}));
}

TEST_F(ClientPolling, IsGoneAfterItsGoodbyeWhateverBecomesOfIt) {
  host.close();
  EXPECT_EQ(host.fail(second_get, "reset"), Said{});
  EXPECT_EQ(host.fail(first_post, "reset"), (Said{Closed{CloseReason::forced_close}}));
}

TEST_F(ClientPolling, WaitsForItsGoodbyeForAWhileOnly) {
  host.close();
  EXPECT_EQ(host.pass(Duration{4'999}), Said{});
  EXPECT_EQ(host.pass(Duration{1}),
            (Said{Abort{second_get}, Abort{first_post}, Closed{CloseReason::forced_close}}));
}

}  // namespace
}  // namespace parley::engineio::client
