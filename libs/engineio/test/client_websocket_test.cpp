// A client that begins on a WebSocket, against Engine.IO 4, "WebSocket".

#include "client_host.hpp"

#include <gtest/gtest.h>

namespace parley::engineio::client {
namespace {

constexpr WebSocketId socket{1};
const Options only_websocket{.transports = {Transport::websocket}};

class ClientWebSocket : public ::testing::Test {
 protected:
  ClientWebSocket() {
    host.open();
    host.opened(socket);
    host.frame(socket, handshake);
  }
  Host host{only_websocket};
};

TEST(ClientWebSocketHandshake, IsTheFirstFrame) {
  Host host{only_websocket};
  EXPECT_EQ(host.open(), (Said{OpenWebSocket{socket, websocket}}));
  EXPECT_EQ(host.opened(socket), Said{});
  EXPECT_EQ(host.frame(socket, handshake), (Said{Opened{"abc", Transport::websocket}}));
}

TEST(ClientWebSocketHandshake, NeverUpgradesAnyFurther) {
  Host host{{.transports = {Transport::websocket, Transport::polling}}};
  host.open();
  EXPECT_EQ(host.frame(socket, handshake_with_upgrade),
            (Said{Opened{"abc", Transport::websocket}}));
}

TEST(ClientWebSocketHandshake, FailsWithAnythingElse) {
  Host host{only_websocket};
  host.open();
  EXPECT_EQ(host.frame(socket, "40"),
            (Said{CloseWebSocket{socket}, Closed{CloseReason::transport_error, "no handshake"}}));
}

TEST(ClientWebSocketHandshake, FallsBackToPollingIfItMay) {
  Host host{{.transports = {Transport::websocket, Transport::polling}, .try_all_transports = true}};
  host.open();
  EXPECT_EQ(host.gone(socket, CloseReason::transport_error), (Said{Get{RequestId{2}, polling}}));
}

TEST_F(ClientWebSocket, SendsEachMessageAsAFrame) {
  EXPECT_TRUE(host.session().writable());
  EXPECT_EQ(host.send("a"), (Said{text_frame(socket, "4a")}));
  EXPECT_EQ(host.send("\x01", MessageKind::binary),
            (Said{SendFrame{socket, MessageKind::binary, "\x01"}}));
}

TEST_F(ClientWebSocket, HearsMessages) {
  EXPECT_EQ(host.frame(socket, "4a"), (Said{received("a")}));
  EXPECT_EQ(host.frame(socket, "\x01", MessageKind::binary),
            (Said{received("\x01", MessageKind::binary)}));
  EXPECT_EQ(host.frame(socket, "bAQ=="), (Said{received("\x01", MessageKind::binary)}));
  EXPECT_EQ(host.frame(socket, "6"), Said{});
}

TEST_F(ClientWebSocket, EndsWithABadPacket) {
  EXPECT_EQ(host.frame(socket, "x"),
            (Said{CloseWebSocket{socket}, Closed{CloseReason::transport_error, "bad packet"}}));
}

TEST_F(ClientWebSocket, EndsWithItsConnection) {
  EXPECT_EQ(host.gone(socket, CloseReason::transport_close),
            (Said{Closed{CloseReason::transport_close}}));
  EXPECT_EQ(host.frame(socket, "4a"), Said{});
}

TEST_F(ClientWebSocket, SaysWhyItsConnectionFailed) {
  EXPECT_EQ(host.gone(socket, CloseReason::transport_error, "connection reset"),
            (Said{Closed{CloseReason::transport_error, "connection reset"}}));
}

TEST_F(ClientWebSocket, EndsWithTheClosePacketOfTheServer) {
  EXPECT_EQ(
      host.frame(socket, "1"),
      (Said{CloseWebSocket{socket}, Closed{CloseReason::transport_close, "closed by the server"}}));
}

TEST_F(ClientWebSocket, LeavesAtOnce) {
  EXPECT_EQ(host.close(), (Said{CloseWebSocket{socket}, Closed{CloseReason::forced_close}}));
  EXPECT_EQ(host.frame(socket, "4a"), Said{});
  EXPECT_EQ(host.close(), Said{});
}

}  // namespace
}  // namespace parley::engineio::client
