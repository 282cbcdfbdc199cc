// HTTP over real sockets on 127.0.0.1: connections that are kept, refused, slow, or gone. The texts
// are RFC 9110 and RFC 9112, and for polls Engine.IO 4, "Polling transport".

#include "plain_client.hpp"
#include "running_server.hpp"
#include "wire.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley::net {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view end_of_header = "\r\n\r\n";

std::string page(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nX-Page: yes\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

// Only the status line, and then the end of the connection.
std::string refusal(PlainClient& client) {
  const auto answer = client.read_all();
  EXPECT_NE(answer.find("Connection: close\r\n"), answer.npos) << answer;
  return answer.substr(0, answer.find("\r\n"));
}

TEST(ServerHttp, AnswersOneRequestAfterTheOtherOnOneConnection) {
  RunningServer server;
  PlainClient client{server.port()};
  for (const std::string target : {"/one", "/two"}) {
    client.send(get(target));
    const auto expected = page("GET " + target);
    EXPECT_EQ(client.read(expected.size()), expected);
  }
}

TEST(ServerHttp, AnswersRequestsThatCameTogetherInTheirOrder) {
  RunningServer server;
  PlainClient client{server.port()};
  client.send(get("/one") + "POST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n:x" +
              get("/three"));
  const auto expected = page("GET /one") + page("POST /two:x") + page("GET /three");
  EXPECT_EQ(client.read(expected.size()), expected);
}

TEST(ServerHttp, AnswersAClientThatHasFinishedSending) {
  RunningServer server;
  PlainClient client{server.port()};
  client.send(get("/one"));
  client.finish();
  EXPECT_EQ(client.read_all(), page("GET /one"));
}

TEST(ServerHttp, AnswersHeadWithoutTheBody) {
  RunningServer server;
  PlainClient client{server.port()};
  client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + get("/y"));
  const std::string head = "HTTP/1.1 200 OK\r\nX-Page: yes\r\nContent-Length: 7\r\n\r\n";
  const auto expected = head + page("GET /y");
  EXPECT_EQ(client.read(expected.size()), expected);
}

TEST(ServerHttp, EndsTheConnectionWhenTheClientWantsIt) {
  RunningServer server;
  PlainClient client{server.port()};
  client.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(
      client.read_all(),
      "HTTP/1.1 200 OK\r\nX-Page: yes\r\nContent-Length: 5\r\nConnection: close\r\n\r\nGET /");
}

TEST(ServerHttp, TellsAWaitingClientToGoOn) {
  RunningServer server;
  PlainClient client{server.port()};
  client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until(end_of_header), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  const auto expected = page("POST /xhello");
  EXPECT_EQ(client.read(expected.size()), expected);
}

TEST(ServerHttp, RefusesGarbage) {
  RunningServer server;
  PlainClient client{server.port()};
  client.send("\x16\x03\x01 hello, this is no HTTP");
  EXPECT_EQ(refusal(client), "HTTP/1.1 400 Bad Request");
}

TEST(ServerHttp, RefusesAHeaderThatIsTooLarge) {
  RunningServer server;
  PlainClient client{server.port()};
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
  EXPECT_EQ(refusal(client), "HTTP/1.1 431 Request Header Fields Too Large");
}

TEST(ServerHttp, RefusesABodyThatIsTooLargeAndLetsTheClientReadThat) {
  RunningServer server{{.message_bytes_max = 1'000},
                       {.engineio = {.max_http_buffer_size = 1'000}, .socketio = {}}};
  PlainClient client{server.port()};
  client.send("POST /socket.io/?EIO=4&transport=polling&sid=" + open_session(client) +
              " HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
  EXPECT_TRUE(client.send(std::string(3'000'000, 'x')));
  EXPECT_EQ(refusal(client), "HTTP/1.1 413 Payload Too Large");
}

TEST(ServerHttp, LetsAPageReadThatItsBodyIsTooLarge) {
  RunningServer server{{.message_bytes_max = 1'000},
                       {.engineio = {.max_http_buffer_size = 1'000,
                                     .cors = {.origin = "http://b", .credentials = true}},
                        .socketio = {}}};
  PlainClient client{server.port()};
  client.send("POST /socket.io/?EIO=4&transport=polling&sid=" + open_session(client) +
              " HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\nContent-Length: 1001\r\n\r\n" +
              std::string(1'001, 'x'));
  const auto header = client.read_until(end_of_header);
  EXPECT_TRUE(header.starts_with("HTTP/1.1 413 ")) << header;
  EXPECT_NE(header.find("Access-Control-Allow-Origin: http://b\r\nVary: Origin\r\n"
                        "Access-Control-Allow-Credentials: true\r\n"),
            header.npos)
      << header;
}

TEST(ServerHttp, DoesNotWaitLongForAHeader) {
  RunningServer server{{.header_time = 50ms}};
  PlainClient client{server.port()};
  client.send("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(refusal(client), "HTTP/1.1 408 Request Timeout");
}

TEST(ServerHttp, DoesNotWaitLongForABody) {
  RunningServer server{{.body_time = 50ms}};
  PlainClient client{server.port()};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
  EXPECT_EQ(refusal(client), "HTTP/1.1 408 Request Timeout");
}

TEST(ServerHttp, LetsAPageReadWhyItsRequestWasRefused) {
  RunningServer server{{.body_time = 50ms},
                       {.engineio = {.cors = {.origin = "*"}}, .socketio = {}}};
  const auto refused = [&](std::string_view path, std::string_view rest) {
    PlainClient client{server.port()};
    client.send("POST " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n" + std::string{rest});
    const auto answer = client.read_all();
    const bool is_readable = answer.contains("\r\nAccess-Control-Allow-Origin: *\r\n");
    return answer.substr(9, 3) + (is_readable ? " readable" : "");
  };
  constexpr auto slow = "Content-Length: 5\r\n\r\nhel";
  constexpr auto malformed = "Transfer-Encoding: chunked\r\n\r\nx\r\n";
  EXPECT_EQ(refused("/socket.io/?EIO=4", slow), "408 readable");
  EXPECT_EQ(refused("/socket.io/?EIO=4", malformed), "400 readable");
  EXPECT_EQ(refused("/elsewhere", slow), "408");
  EXPECT_EQ(refused("/elsewhere", malformed), "400");
}

TEST(ServerHttp, ClosesAnIdleConnectionWithoutAWord) {
  RunningServer server{{.idle_time = 50ms}};
  PlainClient silent{server.port()};
  EXPECT_EQ(silent.read_all(), "");
  PlainClient client{server.port()};
  client.send(get("/x"));
  EXPECT_EQ(client.read_all(), page("GET /x"));
}

TEST(ServerHttp, SendsALargePageToASlowReader) {
  RunningServer server;
  PlainClient client{server.port()};
  client.send(get("/large") + get("/next"));
  client.read_until(end_of_header);
  EXPECT_EQ(client.read(EchoPages::large), std::string(EchoPages::large, 'x'));
  EXPECT_EQ(client.read(page("GET /next").size()), page("GET /next"));
}

TEST(ServerHttp, DropsAReaderThatStops) {
  RunningServer server{{.write_time = 50ms}};
  PlainClient client{server.port()};
  client.send(get("/large"));
  client.read_until(end_of_header);
  PlainClient witness{server.port()};  // keeps the server busy until well after the deadline
  witness.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_LE(client.read(1).size(), 1u);
}

TEST(ServerHttp, RefusesAWebSocketWhereThereIsNone) {
  RunningServer server;
  PlainClient client{server.port()};
  client.send(
      "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  EXPECT_EQ(refusal(client), "HTTP/1.1 200 OK");
}

TEST(ServerHttp, HoldsAPollUntilThereIsSomethingToSay) {
  RunningServer server{{}, {.engineio = {.ping_interval = 50ms}, .socketio = {}}};
  PlainClient client{server.port()};
  const auto sid = open_session(client);
  client.send(get("/socket.io/?EIO=4&transport=polling&sid=" + sid));
  EXPECT_TRUE(client.read_until(end_of_header).starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(client.read(1), "2");
}

TEST(ServerHttp, TellsTheNodeThatTheClientOfAHeldPollIsGone) {
  RunningServer server;
  std::string sid;
  {
    PlainClient client{server.port()};
    sid = open_session(client);
    client.send(get("/socket.io/?EIO=4&transport=polling&sid=" + sid));
    client.finish();
    EXPECT_EQ(client.read_all(), "");
  }
  PlainClient other{server.port()};
  other.send(get("/socket.io/?EIO=4&transport=polling&sid=" + sid));
  other.read_until(end_of_header);
  EXPECT_EQ(other.read_until("}"), R"({"code":1,"message":"Session ID unknown"})");
}

TEST(ServerHttp, AnswersAHeldPollWhenItStops) {
  RunningServer server{{.stop_time = 50ms}};
  PlainClient client{server.port()};
  PlainClient idle{server.port()};
  const auto sid = open_session(client);
  client.send(get("/socket.io/?EIO=4&transport=polling&sid=" + sid) + get("/never"));
  // An answer to somebody who asked later shows that the poll is held by now.
  PlainClient later{server.port()};
  later.send(get("/later"));
  later.read(page("GET /later").size());
  server.stop();
  const auto answer = client.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("Connection: close\r\n\r\n1")) << answer;
  EXPECT_EQ(idle.read_all(), "");
}

}  // namespace
}  // namespace parley::net
