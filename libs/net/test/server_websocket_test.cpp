// WebSockets over real sockets on 127.0.0.1, byte by byte: RFC 6455 and Engine.IO 4, "WebSocket
// transport".

#include "plain_client.hpp"
#include "running_server.hpp"
#include "wire.hpp"

#include <parley/websocket/frame.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley::net {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using websocket::CloseCode;
using websocket::Opcode;

TEST(ServerWebSocket, ShakesHandsAndOpensASession) {
  RunningServer server;
  PlainClient client{server.port()};
  client.send(upgrade_request());
  const auto header = client.read_until("\r\n\r\n");
  EXPECT_TRUE(header.starts_with("HTTP/1.1 101 Switching Protocols\r\n")) << header;
  EXPECT_NE(header.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), header.npos)
      << header;
  EXPECT_EQ(header.find("Content-Length"), header.npos) << header;
  EXPECT_TRUE(read_frame(client, Opcode::text).starts_with("0{\"sid\":\""));
}

TEST(ServerWebSocket, ReadsFramesThatCameWithTheHandshake) {
  RunningServer server;
  PlainClient client{server.port()};
  client.send(upgrade_request() + frame(Opcode::ping, "early") +
              frame(Opcode::text, "40").substr(0, 3));
  client.read_until("\r\n\r\n");
  EXPECT_EQ(read_frame(client, Opcode::pong), "early");
  EXPECT_TRUE(read_frame(client, Opcode::text).starts_with("0{\"sid\":\""));
}

TEST(ServerWebSocket, CarriesMessagesBothWays) {
  RunningServer server;
  WebSocketClient client{server.port()};
  client.send(frame(Opcode::text, "40/rtc,"));
  EXPECT_TRUE(read_frame(client, Opcode::text).starts_with("40/rtc,{\"sid\":\""));
}

// More than go out with one system call, and more than fit into one read.
TEST(ServerWebSocket, RelaysMessagesThatCameTogetherInTheirOrder) {
  RunningServer server;
  WebSocketClient one{server.port()};
  WebSocketClient two{server.port()};
  for (auto* client : {&one, &two}) {
    client->send(frame(Opcode::text, "40/rtc,"));
    read_frame(*client, Opcode::text);
  }
  for (auto* client : {&one, &two})
    EXPECT_NE(read_frame(*client, Opcode::text).find("identify"), std::string::npos);

  const auto signal = [](int number) {
    return R"(42/rtc,["signal",{"number":)" + std::to_string(number) + "}]";
  };
  std::string frames;
  for (int number = 0; number < 3'000; ++number) frames += frame(Opcode::text, signal(number));
  one.send(frames);
  for (int number = 0; number < 3'000; ++number)
    ASSERT_EQ(read_frame(two, Opcode::text), signal(number));
}

TEST(ServerWebSocket, HearsWhatTheApplicationSaysOnItsOwnInItsOrder) {
  RunningServer server;
  WebSocketClient client{server.port()};
  client.send(frame(Opcode::text, "40/rtc,"));
  read_frame(client, Opcode::text);
  for (int number = 0; number < 100; ++number) {
    server.post([number](node::Node& node) { node.socketio().of("/rtc").emit("news", number); });
  }
  for (int number = 0; number < 100; ++number)
    EXPECT_EQ(read_frame(client, Opcode::text),
              R"(42/rtc,["news",)" + std::to_string(number) + ']');
}

TEST(ServerWebSocket, AnswersAPing) {
  RunningServer server;
  WebSocketClient client{server.port()};
  client.send(frame(Opcode::ping, "are you there?"));
  EXPECT_EQ(read_frame(client, Opcode::pong), "are you there?");
}

TEST(ServerWebSocket, AnswersACloseWithItsCode) {
  RunningServer server;
  WebSocketClient client{server.port()};
  client.send(frame(Opcode::close, "\x03\xe8"));
  EXPECT_EQ(client.read_all(), "\x88\x02\x03\xe8");
}

TEST(ServerWebSocket, ClosesOnAFrameThatIsNotMasked) {
  RunningServer server;
  WebSocketClient client{server.port()};
  client.send(websocket::encode_frame(Opcode::text, "40"));
  EXPECT_EQ(client.read_all(), "\x88\x02\x03\xea");  // 1002
}

TEST(ServerWebSocket, ClosesOnAMessageThatIsTooLargeAndLetsTheClientReadThat) {
  RunningServer server{{.message_bytes_max = 100'000}};
  WebSocketClient client{server.port()};
  client.send(frame(Opcode::text, std::string(3'000'000, '4')));
  EXPECT_EQ(client.read_all(), "\x88\x02\x03\xf1");  // 1009
}

TEST(ServerWebSocket, IsClosedWithoutACodeWhenTheSessionEnds) {
  RunningServer server;
  WebSocketClient client{server.port()};
  client.send(frame(Opcode::text, "x"));  // no packet of Engine.IO
  EXPECT_EQ(client.read(2), "\x88\x00"s);
  client.send(frame(Opcode::close, ""));
  EXPECT_EQ(client.read_all(), "");
}

TEST(ServerWebSocket, IsDroppedIfThePeerDoesNotAgreeToClose) {
  RunningServer server{{.close_time = 50ms}};
  WebSocketClient client{server.port()};
  client.send(frame(Opcode::text, "x"));
  EXPECT_EQ(client.read_all(), "\x88\x00"s);
}

TEST(ServerWebSocket, HasItsHeartbeat) {
  RunningServer server{{},
                       {.engineio = {.ping_interval = 50ms, .ping_timeout = 50ms}, .socketio = {}}};
  WebSocketClient client{server.port()};
  EXPECT_EQ(read_frame(client, Opcode::text), "2");
  EXPECT_EQ(client.read(2), "\x88\x00"s);
}

TEST(ServerWebSocket, IsDroppedIfItDoesNotReadWhatItIsSent) {
  RunningServer server{{.backlog_bytes_max = 100'000}};
  WebSocketClient client{server.port()};
  std::string pings;
  for (int count = 0; count < 1'000; ++count) pings += frame(Opcode::ping, std::string(125, 'x'));
  int sent = 0;
  while (client.send(pings) && sent < 1'000) ++sent;
  EXPECT_LT(sent, 1'000);
}

TEST(ServerWebSocket, IsClosedInOrderWhenTheServerStops) {
  RunningServer server;
  WebSocketClient client{server.port()};
  std::thread stopping{[&] { server.stop(); }};
  EXPECT_EQ(client.read(2), "\x88\x00"s);
  client.send(frame(Opcode::close, ""));
  EXPECT_EQ(client.read_all(), "");
  client.finish();
  stopping.join();
}

TEST(ServerWebSocket, DoesNotKeepAServerFromStopping) {
  RunningServer server{{.stop_time = 50ms}};
  WebSocketClient client{server.port()};
  server.stop();
  EXPECT_EQ(client.read(2), "\x88\x00"s);
}

}  // namespace
}  // namespace parley::net
