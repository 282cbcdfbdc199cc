// A session over a WebSocket from the start, against Engine.IO 4, "WebSocket" and "Close".

#include "host.hpp"

#include <gtest/gtest.h>

namespace parley::engineio {
namespace {

Said closed(CloseReason reason) { return {CloseWebSocket{socket}, Closed{session, reason}}; }

class EngineioWebSocket : public ::testing::Test {
 protected:
  EngineioWebSocket() { host.open_websocket(); }
  Host host;
};

TEST_F(EngineioWebSocket, SendsEachMessageAsAFrame) {
  EXPECT_EQ(host.send("hello"), Said{text_frame(socket, "4hello")});
  EXPECT_EQ(host.send("\x01\x02", MessageKind::binary),
            (Said{SendFrame{socket, MessageKind::binary, shown("\x01\x02")}}));
}

TEST_F(EngineioWebSocket, CompressesNothingUnlessToldTo) {
  EXPECT_EQ(host.send(std::string(5000, 'a')),
            Said{text_frame(socket, "4" + std::string(5000, 'a'))});
}

// The value of Sec-WebSocket-Extensions in the 101, and whether the shell is told the same.
std::string agreed(Options options, std::vector<HttpField> offer) {
  Host host{std::move(options)};
  const auto said = host.upgrade(socket, upgrade(websocket, std::move(offer)));
  const auto& accepted = std::get<AcceptUpgrade>(said.front());
  std::string value = accepted.deflates ? "none!" : "none";
  for (const auto& field : accepted.response.fields)
    if (field.name == "Sec-WebSocket-Extensions") value = field.value;
  return value;
}

TEST(EngineioDeflate, IsAgreedUponIfTheClientOffersItAndTheOptionIsSet) {
  const HttpField offer{"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"};
  const Options with{.per_message_deflate = PerMessageDeflate{}};
  EXPECT_EQ(agreed(with, {offer}),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  EXPECT_EQ(agreed(with, {}), "none");
  EXPECT_EQ(agreed({}, {offer}), "none");
}

TEST(EngineioDeflate, IsWorthItFromTheThresholdOnUnlessTheMessageSaysOtherwise) {
  Host host{{.per_message_deflate = PerMessageDeflate{.threshold = 5}}};
  host.open_websocket();
  const auto compressed = [&](std::string_view data, SendFlags flags) {
    host.server().send(session, MessageKind::text, shown(data), Time{}, flags);
    const auto said = host.drain();
    return std::get<SendFrame>(said.front()).compress;
  };
  EXPECT_FALSE(compressed("four", {}));
  EXPECT_TRUE(compressed("five!", {}));
  EXPECT_FALSE(compressed("five!", {.compress = false}));
}

TEST_F(EngineioWebSocket, DropsVolatileMessagesWhileItsConnectionIsBehind) {
  EXPECT_EQ(host.send_volatile("a"), Said{text_frame(socket, "4a")});
  host.server().websocket_blocked(socket);
  EXPECT_EQ(host.send_volatile("lost"), Said{});
  EXPECT_EQ(host.send("kept"), Said{text_frame(socket, "4kept")});
  host.server().websocket_drained(socket);
  EXPECT_EQ(host.send_volatile("b"), Said{text_frame(socket, "4b")});
}

TEST_F(EngineioWebSocket, DoesNotMindAStrangersConnectionThatIsBehind) {
  host.server().websocket_blocked(WebSocketId{99});
  EXPECT_EQ(host.send_volatile("a"), Said{text_frame(socket, "4a")});
}

TEST_F(EngineioWebSocket, TakesEachFrameAsAMessage) {
  EXPECT_EQ(host.frame(socket, "4hello"), Said{received("hello")});
  EXPECT_EQ(host.frame(socket, "\x01\x02\x03\x04", MessageKind::binary),
            Said{received("\x01\x02\x03\x04", MessageKind::binary)});
  EXPECT_EQ(host.frame(socket, "bAQIDBA=="),
            Said{received("\x01\x02\x03\x04", MessageKind::binary)});
}

TEST_F(EngineioWebSocket, ClosesOnAPacketThatIsNone) {
  EXPECT_EQ(host.frame(socket, "abc"), closed(CloseReason::parse_error));
  EXPECT_EQ(host.frame(socket, "4late"), Said{});
  EXPECT_EQ(host.server().session_count(), 0u);
}

TEST_F(EngineioWebSocket, ClosesOnAnEmptyFrame) {
  EXPECT_EQ(host.frame(socket, ""), closed(CloseReason::parse_error));
}

TEST_F(EngineioWebSocket, ClosesAtOnceWhenTheClientSaysSo) {
  EXPECT_EQ(host.frame(socket, "1"), closed(CloseReason::transport_close));
}

TEST_F(EngineioWebSocket, ClosesOnAPingBecauseTheServerPings) {
  EXPECT_EQ(host.frame(socket, "2"), closed(CloseReason::transport_error));
}

TEST_F(EngineioWebSocket, ClosesOnALateProbe) {
  EXPECT_EQ(host.frame(socket, "2probe"), closed(CloseReason::transport_error));
}

TEST_F(EngineioWebSocket, IgnoresPacketsThatAreNotTheClientsToSend) {
  for (const auto* packet : {"0", "5", "6"}) EXPECT_EQ(host.frame(socket, packet), Said{});
}

TEST_F(EngineioWebSocket, ClosesWithItsConnection) {
  EXPECT_EQ(host.gone(socket, WebSocketEnd::closed),
            (Said{Closed{session, CloseReason::transport_close}}));
  EXPECT_EQ(host.gone(socket, WebSocketEnd::closed), Said{});
}

TEST_F(EngineioWebSocket, TellsAFailedConnectionFromAClosedOne) {
  EXPECT_EQ(host.gone(socket, WebSocketEnd::failed),
            (Said{Closed{session, CloseReason::transport_error}}));
}

TEST_F(EngineioWebSocket, WhenClosedByUsSendsWhatWasSaidBefore) {
  host.server().send(session, MessageKind::text, shown("bye"), Time{});
  EXPECT_EQ(host.close(), (Said{text_frame(socket, "4bye"), CloseWebSocket{socket},
                                Closed{session, CloseReason::forced_close}}));
  EXPECT_EQ(host.gone(socket, WebSocketEnd::closed), Said{});
}

TEST_F(EngineioWebSocket, ClosesASecondOneForTheSameSession) {
  const WebSocketId another{101};
  EXPECT_EQ(host.upgrade(another, upgrade(session_websocket)),
            (Said{accepted(another), CloseWebSocket{another}}));
  EXPECT_EQ(host.frame(socket, "4a"), Said{received("a")});
}

}  // namespace
}  // namespace parley::engineio
