// What many WebSockets receive and send in one round of the server: the same with io_uring and
// without. The round is made by keeping the server's thread busy until everybody has spoken.

#include "plain_client.hpp"
#include "running_server.hpp"
#include "wire.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <latch>
#include <memory>
#include <string>

namespace parley::net {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using websocket::Opcode;

std::string signal(std::size_t number, std::size_t size = 10) {
  return R"(42/rtc,["signal",{"number":)" + std::to_string(number) + R"(,"rest":")" +
         std::string(size, 'x') + R"("}])";
}

class ServerTogether : public testing::TestWithParam<std::size_t> {
 protected:
  static constexpr std::size_t count = 80;  // more than one wait brings

  void SetUp() override {
    for (std::size_t at = 0; at < count; ++at) {
      auto& client = clients.emplace_back(server.port());
      client.send(frame(Opcode::text, "40/rtc,"));
      read_frame(client, Opcode::text);
      if (at % 2 == 0) continue;
      for (auto* one : {&clients[at - 1], &client})
        EXPECT_NE(read_frame(*one, Opcode::text).find("identify"), std::string::npos);
    }
  }

  /// What `speak` sends is there before the server looks.
  template <class Speak>
  void in_one_round(Speak speak) {
    // Shared, because the server's thread may still be leaving wait() when we go on.
    auto busy = std::make_shared<std::latch>(1);
    auto spoken = std::make_shared<std::latch>(1);
    server.post([busy, spoken](node::Node&) {
      busy->count_down();
      spoken->wait();
    });
    busy->wait();
    speak();
    spoken->count_down();
  }

  RunningServer server{{.backlog_bytes_max = 8'000'000, .transfers_max = GetParam()}};
  std::deque<WebSocketClient> clients;
};

TEST_P(ServerTogether, EverybodyGetsWhatThePartnerSaidInItsOrder) {
  in_one_round([&] {
    for (std::size_t at = 0; at < count; ++at) {
      for (std::size_t number = 0; number < 5; ++number)
        clients[at].send(frame(Opcode::text, signal(at * 10 + number)));
    }
  });
  for (std::size_t at = 0; at < count; ++at) {
    for (std::size_t number = 0; number < 5; ++number)
      ASSERT_EQ(read_frame(clients[at ^ 1], Opcode::text), signal(at * 10 + number)) << at;
  }
}

TEST_P(ServerTogether, SeveralSayingSomethingToAllAreHeardInOneOrder) {
  in_one_round([&] {
    for (int number = 0; number < 5; ++number) {
      server.post([number](node::Node& node) {
        node.socketio().of("/rtc").emit("news", number, std::string(1'000, 'x'));
      });
    }
  });
  for (auto& client : clients) {
    for (int number = 0; number < 5; ++number) {
      const auto text = read_frame(client, Opcode::text);
      EXPECT_TRUE(text.starts_with(R"(42/rtc,["news",)" + std::to_string(number) + ',')) << text;
    }
  }
}

TEST_P(ServerTogether, WhoReadsSlowlyGetsAllOfIt) {
  constexpr std::size_t size = 50'000;
  constexpr std::size_t letters = 100;
  for (std::size_t number = 0; number < letters; ++number) {
    in_one_round([&] {
      for (std::size_t at = 0; at < 8; at += 2)
        clients[at].send(frame(Opcode::text, signal(number, size)));
    });
  }
  for (std::size_t at = 1; at < 8; at += 2) {
    for (std::size_t number = 0; number < letters; ++number)
      ASSERT_TRUE(read_frame(clients[at], Opcode::text) == signal(number, size)) << number;
  }
}

// More than the outbox has room for, to one client, in one turn.
TEST_P(ServerTogether, WhoIsSentMuchInOneTurnGetsAllOfIt) {
  constexpr int count_of_news = 400;
  server.post([](node::Node& node) {
    const auto first = node.socketio().of("/rtc").broadcast().local_sockets().front();
    for (int number = 0; number < count_of_news; ++number)
      first.emit("news", number, std::string(10'000, 'x'));
  });
  for (int number = 0; number < count_of_news; ++number) {
    const auto text = read_frame(clients[0], Opcode::text);
    ASSERT_TRUE(text.starts_with(R"(42/rtc,["news",)" + std::to_string(number) + ','));
  }
}

TEST_P(ServerTogether, WhatIsSaidBeforeTheEndComesBeforeTheEnd) {
  in_one_round([&] {
    server.post([](node::Node& node) {
      auto& rtc = node.socketio().of("/rtc");
      rtc.emit("last");
      rtc.disconnect_sockets(socketio::Socket::Scope::whole_connection);
    });
  });
  for (auto& client : clients) {
    EXPECT_EQ(read_frame(client, Opcode::text), R"(42/rtc,["last"])");
    EXPECT_EQ(read_frame(client), "41/rtc,");
    EXPECT_EQ(client.read(2), "\x88\x00"s);
  }
}

TEST_P(ServerTogether, ThoseWhoGoInTheRoundDisturbNobody) {
  in_one_round([&] {
    for (std::size_t at = 0; at < count; ++at) {
      if (at % 4 == 0) clients[at].send(frame(Opcode::close, "\x03\xe8"));
      if (at % 4 >= 2) clients[at].send(frame(Opcode::text, signal(at)));
    }
    for (std::size_t at = 1; at < count; at += 8) clients[at].reset();
  });
  for (std::size_t at = 0; at < count; ++at) {
    if (at % 4 == 0) {
      EXPECT_EQ(clients[at].read_all(), "\x88\x02\x03\xe8");
    }
    if (at % 4 >= 2) {
      EXPECT_EQ(read_frame(clients[at ^ 1], Opcode::text), signal(at));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Transfers, ServerTogether, testing::Values(0U, 4U, 64U));

}  // namespace
}  // namespace parley::net
