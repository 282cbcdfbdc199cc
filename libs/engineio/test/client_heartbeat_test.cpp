// Whether the server is still there, against Engine.IO 4, "Heartbeat": it pings, the client
// answers, and gives up if no ping came within interval and timeout.

#include "client_host.hpp"

#include <gtest/gtest.h>

namespace parley::engineio::client {
namespace {

constexpr WebSocketId socket{1};

class ClientHeartbeat : public ::testing::Test {
 protected:
  ClientHeartbeat() {
    host.open();
    host.frame(socket, handshake);
  }
  Host host{{.transports = {Transport::websocket}}};
  const Said timed_out{CloseWebSocket{socket}, Closed{CloseReason::ping_timeout, "no ping came"}};
};

TEST_F(ClientHeartbeat, AnswersAPing) {
  EXPECT_EQ(host.frame(socket, "2"), (Said{text_frame(socket, "3")}));
}

TEST(ClientHeartbeatOnPolling, AnswersAPingByPost) {
  Host host;
  host.open();
  host.respond(RequestId{1}, handshake);
  EXPECT_EQ(host.respond(RequestId{2}, "2"),
            (Said{Post{RequestId{3}, session_polling, "3"}, Get{RequestId{4}, session_polling}}));
}

TEST_F(ClientHeartbeat, EndsWithoutAPing) {
  EXPECT_EQ(host.pass(Duration{44'999}), Said{});
  EXPECT_EQ(host.pass(Duration{1}), timed_out);
  EXPECT_EQ(host.session().wake_at(), std::nullopt);
}

TEST_F(ClientHeartbeat, CountsAnewFromEachPing) {
  host.pass(Duration{44'000});
  host.frame(socket, "2");
  EXPECT_EQ(host.pass(Duration{44'999}), Said{});
  EXPECT_EQ(host.pass(Duration{1}), timed_out);
}

TEST_F(ClientHeartbeat, CountsNoMessageAsAPing) {
  host.pass(Duration{44'999});
  host.frame(socket, "4a");
  EXPECT_EQ(host.pass(Duration{1}), timed_out);
}

TEST(ClientHeartbeatLimit, HoldsForATimeThatNoClockReaches) {
  Host host{{.transports = {Transport::websocket}}};
  host.open();
  host.frame(
      socket,
      R"(0{"sid":"a","pingInterval":18446744073709551615,"pingTimeout":9223372036854775807})");
  EXPECT_EQ(host.session().wake_at(), Time{} + std::chrono::hours{48});
}

}  // namespace
}  // namespace parley::engineio::client
