// The client's requests on the wire, and what becomes of their connections, against Engine.IO 4,
// "HTTP long-polling", and RFC 9112, section 9.

#include "fake_server.hpp"

namespace parley::client {
namespace {

class ClientHttp : public ::testing::Test {
 protected:
  void begin(Options options = {}) {
    options.engineio.transports = {engineio::client::Transport::polling};
    client.emplace(scheduler, server.url(), std::move(options));
    client->socket("/").open();
  }
  std::string host() const { return "Host: " + server.url().authority() + "\r\n"; }

  asio::io_context io;
  Scheduler scheduler{io};
  FakeServer server{io};
  std::optional<Client> client;
};

TEST_F(ClientHttp, AreWrittenLikeThis) {
  begin({.extra_headers = {{"X-A", "b"}}});
  auto& polls = server.request(0);
  EXPECT_EQ(polls.take(), "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n" + host() +
                              "Accept: */*\r\nX-A: b\r\n\r\n");
  polls.send(ok("0" + handshake));
  auto& posts = server.request(1);
  EXPECT_EQ(posts.take(),
            "POST /socket.io/?EIO=4&transport=polling&sid=abc HTTP/1.1\r\n" + host() +
                "Accept: */*\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: 2\r\n"
                "X-A: b\r\n\r\n40");
  EXPECT_EQ(server.request(0).take(),
            "GET /socket.io/?EIO=4&transport=polling&sid=abc HTTP/1.1\r\n" + host() +
                "Accept: */*\r\nX-A: b\r\n\r\n");
}

TEST_F(ClientHttp, KeepTheirConnections) {
  begin();
  auto& first = server.request(0);
  first.take();
  first.send(ok("0" + handshake));
  for (int n = 0; n < 3; ++n) {
    auto& polls = server.request(0);
    polls.take();
    polls.send(ok("6"));
  }
  server.request(0);
  EXPECT_LE(server.accepted(), 2);
}

TEST_F(ClientHttp, LeaveAConnectionThatTheServerMayCloseSoon) {
  begin();
  auto& first = server.request(0);
  first.take();
  first.send(ok("0" + handshake, "Keep-Alive: timeout=1\r\n"));
  run_until(io, [&] { return server.accepted() == 3; });
  EXPECT_FALSE(first.has_request()) << "the next poll came by another connection";
}

TEST_F(ClientHttp, GoOnAfterAConnectionThatTheServerClosed) {
  begin();
  auto& first = server.request(0);
  first.take();
  first.send(ok("0" + handshake, "Connection: close\r\n"));
  run_until(io, [&] { return server.accepted() == 3; });
}

TEST_F(ClientHttp, EndTheSessionWhenTheirConnectionBreaks) {
  begin();
  std::vector<std::string> errors;
  const auto subscription = client->socket("/").on_connect_error(
      [&](const ConnectError& error) { errors.push_back(error.message); });
  server.request(0).close();
  run_until(io, [&] { return !errors.empty(); });
  EXPECT_EQ(errors.front(), "the server closed the connection");
}

TEST_F(ClientHttp, EndTheSessionWithAResponseBeyondTheLimit) {
  begin({.message_bytes_max = 10});
  std::vector<std::string> errors;
  const auto subscription = client->socket("/").on_connect_error(
      [&](const ConnectError& error) { errors.push_back(error.message); });
  server.request(0).send(ok("0" + handshake));
  run_until(io, [&] { return !errors.empty(); });
  EXPECT_EQ(errors.front(), "the response is too large");
}

}  // namespace
}  // namespace parley::client
