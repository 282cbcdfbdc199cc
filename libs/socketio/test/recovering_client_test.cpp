// Our client and our server with nothing in between: who is cut off gets all that it missed, once
// and in order (Socket.IO, "Connection state recovery").

#include <parley/socketio/client.hpp>
#include <parley/socketio/server.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

struct NoChance : Entropy {
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, std::byte{}); }
};

Options with_recovery() {
  Options options;
  options.connection_state_recovery = ConnectionStateRecovery{};
  return options;
}

class Pair : public ::testing::Test {
 protected:
  Pair() {
    server.of("/").on_connection([](Socket socket) { socket.join("room"); });
    manager.socket("/");
    manager.connect(client::SocketId{0}, now);
    carry();
    EXPECT_EQ(take(), std::vector<std::string>{"connected"});
  }

  enum class Loss { noticed, unnoticed };  // by the server
  /// The client has lost its connection.
  void lose(Loss loss) {
    if (loss == Loss::noticed)
      server.closed(connection_of(current), DisconnectReason::transport_close, now);
    manager.closed(current, client::DisconnectReason::transport_close, "", now);
    carry();
    EXPECT_EQ(take(), std::vector<std::string>{"disconnected"});
  }
  void come_back() {
    is_deaf = false;
    now += 10s;
    server.advance(now);
    manager.advance(now);
    carry();
  }

  void emit(std::string_view json) {
    server.of("/").to("room").relay(json);
    carry();
  }

  std::vector<std::string> take() { return std::exchange(heard, {}); }

  static ConnectionId connection_of(client::ConnectionId id) {
    return ConnectionId{std::to_underlying(id)};
  }

  void carry() {
    for (bool is_silent = false; !is_silent;) {
      is_silent = true;
      while (auto output = manager.poll()) {
        is_silent = false;
        std::visit([&](auto& each) { carry(each); }, *output);
      }
      while (auto output = server.poll()) {
        is_silent = false;
        std::visit([&](auto& each) { carry(each); }, *output);
      }
    }
  }
  void carry(const client::OpenConnection& open) {
    current = open.connection;
    server.opened(connection_of(current), {"GET", "/", {}, {}, {}}, now);
    manager.opened(current, now);
  }
  void carry(const client::Send& send) {
    server.received(connection_of(send.connection), send.kind, send.data, now);
  }
  void carry(const client::Connected& connected) {
    heard.emplace_back(connected.recovered ? "recovered" : "connected");
  }
  void carry(const client::Disconnected&) { heard.emplace_back("disconnected"); }
  void carry(const client::Received& received) { heard.push_back(received.arguments.json); }
  void carry(const Send& send) {
    const client::ConnectionId connection{std::to_underlying(send.connection)};
    if (!is_deaf) manager.received(connection, send.kind, send.data.view(), now);
  }
  void carry(const auto&) {}

  NoChance entropy;
  Arena arena;
  Server server{with_recovery(), entropy, arena};
  client::Manager manager{{}, entropy};
  Time now{};
  client::ConnectionId current{};
  bool is_deaf = false;  // what the server says does not arrive
  std::vector<std::string> heard;
};

TEST_F(Pair, WhatIsMissedComesAfterTheRecovery) {
  emit(R"(["a"])");
  (void)take();
  lose(Loss::noticed);
  emit(R"(["b"])");
  emit(R"(["c"])");
  come_back();
  EXPECT_EQ(take(),
            (std::vector<std::string>{"recovered", R"(["b","AAAA2"])", R"(["c","AAAA3"])"}));
}

TEST_F(Pair, WhoNeverGotAnEventIsRecovered) {
  lose(Loss::noticed);
  emit(R"(["a"])");
  come_back();
  EXPECT_EQ(take(), (std::vector<std::string>{"recovered", R"(["a","AAAA1"])"}));
}

TEST_F(Pair, AndWhoseOldConnectionIsNotKnownToBeDead) {
  emit(R"(["a"])");
  (void)take();
  is_deaf = true;
  emit(R"(["b"])");
  lose(Loss::unnoticed);
  come_back();
  EXPECT_EQ(take(), (std::vector<std::string>{"recovered", R"(["b","AAAA2"])"}));
  EXPECT_EQ(server.of("/").socket_count(), 1U);
}

TEST_F(Pair, AgainAndAgain) {
  for (const auto* event : {"1", "2", "3"}) {
    lose(Loss::noticed);
    emit(R"([")" + std::string{event} + R"("])");
    come_back();
    EXPECT_EQ(take(), (std::vector<std::string>{"recovered", R"([")" + std::string{event} +
                                                                 R"(","AAAA)" + event + R"("])"}));
  }
}

TEST_F(Pair, WhoComesTooLateBeginsAnewAndIsRecoveredTheNextTime) {
  emit(R"(["a"])");
  (void)take();
  lose(Loss::noticed);
  now += 2min;
  come_back();
  EXPECT_EQ(take(), std::vector<std::string>{"connected"});
  lose(Loss::noticed);
  emit(R"(["b"])");
  come_back();
  EXPECT_EQ(take(), (std::vector<std::string>{"recovered", R"(["b","AAAA2"])"}));
}

}  // namespace
}  // namespace parley::socketio
