// The client's WebSocket on the wire, against RFC 6455, sections 4.1, 5.5 and 7.

#include "fake_server.hpp"

namespace parley::client {
namespace {

using websocket::Opcode;
using Frames = std::vector<std::string>;

class ClientWebSocketTest : public ::testing::Test {
 protected:
  void begin(Options options = {}) {
    options.engineio.transports = {engineio::client::Transport::websocket};
    options.socketio.reconnection = false;
    client.emplace(scheduler, server.url(), std::move(options));
    const auto socket = client->socket("/");
    kept.push_back(socket.on_connect_error(
        [this](const ConnectError& error) { said.push_back(error.message); }));
    kept.push_back(socket.on_disconnect([this](const Disconnected& disconnected) {
      said.push_back(std::string{text(disconnected.reason)} + ": " + disconnected.description);
    }));
    socket.open();
  }
  // Until the root namespace is connected.
  Peer& connected() {
    begin();
    auto& peer = server.request(0);
    peer.send(accepting(peer.take()));
    peer.become_websocket();
    peer.frame(Opcode::text, "0" + handshake);
    run_until(io, [&] { return !peer.frames.empty(); });
    EXPECT_EQ(peer.frames, Frames{"40"});
    peer.frames.clear();
    peer.frame(Opcode::text, R"(40{"sid":"s1"})");
    run_until(io, [&] { return client->socket("/").connected(); });
    return peer;
  }

  asio::io_context io;
  Scheduler scheduler{io};
  FakeServer server{io};
  std::optional<Client> client;
  std::vector<Subscription> kept;
  std::vector<std::string> said;
};

TEST_F(ClientWebSocketTest, AsksForItLikeThis) {
  begin({.extra_headers = {{"Cookie", "a=b"}}});
  auto request = server.request(0).take();
  const auto key = request.find("Sec-WebSocket-Key: ") + 19;
  EXPECT_TRUE(request.substr(key, 24).ends_with("=="));
  request.replace(key, 24, "KEY");
  EXPECT_EQ(request, "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: " +
                         server.url().authority() +
                         "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: KEY\r\nCookie: a=b\r\n"
                         "\r\n");
}

TEST_F(ClientWebSocketTest, TakesFramesThatComeWithTheHandshake) {
  begin();
  auto& peer = server.request(0);
  peer.become_websocket();
  peer.send(accepting(peer.take()) + websocket::encode_frame(Opcode::text, "0" + handshake));
  run_until(io, [&] { return !peer.frames.empty(); });
  EXPECT_EQ(peer.frames, Frames{"40"});
}

TEST_F(ClientWebSocketTest, RefusesAnAnswerThatWasNotMeantForIt) {
  begin();
  server.request(0).send(accepting("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="));
  run_until(io, [&] { return !said.empty(); });
  EXPECT_EQ(said, Frames{"bad WebSocket handshake"});
}

TEST_F(ClientWebSocketTest, SaysWithWhatItWasRefused) {
  begin();
  server.request(0).send(
      "HTTP/1.1 400 Bad Request\r\nContent-Length: 18\r\n\r\nSession ID unknown");
  run_until(io, [&] { return !said.empty(); });
  EXPECT_EQ(said, Frames{"HTTP status 400: Session ID unknown"});
}

TEST_F(ClientWebSocketTest, AnswersPings) {
  auto& peer = connected();
  peer.frame(Opcode::ping, "now");
  run_until(io, [&] { return !peer.frames.empty(); });
  EXPECT_EQ(peer.frames, Frames{"pong now"});
}

TEST_F(ClientWebSocketTest, AnswersACloseFrame) {
  auto& peer = connected();
  peer.send("\x88\x02\x03\xe9");  // 1001
  run_until(io, [&] { return peer.is_closed() && !said.empty(); });
  EXPECT_EQ(peer.frames, Frames{"close "});
  EXPECT_EQ(said, Frames{"transport close: closed by the server: 1001 "});
}

TEST_F(ClientWebSocketTest, ClosesForABadFrame) {
  auto& peer = connected();
  peer.send(std::string_view{"\x81\x80\0\0\0\0", 6});  // a server must not mask
  run_until(io, [&] { return peer.is_closed() && !said.empty(); });
  EXPECT_EQ(peer.frames, Frames{"close 1002"});
  EXPECT_EQ(said, Frames{"transport error: bad frame"});
}

TEST_F(ClientWebSocketTest, SaysGoodbyeBeforeItCloses) {
  auto& peer = connected();
  client->socket("/").disconnect();
  run_until(io, [&] { return peer.is_closed(); });
  EXPECT_EQ(peer.frames, (Frames{"41", "close 1000"}));
}

TEST_F(ClientWebSocketTest, WritesWhatIsSentInOneGoTogetherAndInOrder) {
  auto& peer = connected();
  for (int n = 0; n < 100; ++n) ASSERT_TRUE(client->socket("/").emit("e", n));
  run_until(io, [&] { return peer.frames.size() == 100; });
  for (int n = 0; n < 100; ++n)
    EXPECT_EQ(peer.frames[static_cast<std::size_t>(n)], R"(42["e",)" + std::to_string(n) + "]");
}

}  // namespace
}  // namespace parley::client
