// Who is alive, against Engine.IO 4, "Heartbeat": the server pings, and a client that does not
// answer in time is closed.

#include "host.hpp"

#include <gtest/gtest.h>

namespace parley::engineio {
namespace {

const Options fast{.ping_interval = Duration{300}, .ping_timeout = Duration{200}};
const Said ping{text_frame(socket, "2")};
const Said timed_out{CloseWebSocket{socket}, Closed{session, CloseReason::ping_timeout}};

class EngineioHeartbeat : public ::testing::Test {
 protected:
  EngineioHeartbeat() { host.open_websocket(); }
  Host host{fast};
};

TEST_F(EngineioHeartbeat, PingsAfterTheInterval) {
  EXPECT_EQ(host.pass(Duration{299}), Said{});
  EXPECT_EQ(host.pass(Duration{1}), ping);
}

TEST_F(EngineioHeartbeat, ClosesASilentClientAfterItsTimeout) {
  EXPECT_EQ(host.pass(Duration{499}), ping);
  EXPECT_EQ(host.pass(Duration{1}), timed_out);
  EXPECT_EQ(host.server().wake_at(), std::nullopt);
}

TEST_F(EngineioHeartbeat, CountsTheNextIntervalFromThePong) {
  host.pass(Duration{300});
  host.pass(Duration{50});
  EXPECT_EQ(host.frame(socket, "3"), Said{});
  EXPECT_EQ(host.pass(Duration{299}), Said{});
  EXPECT_EQ(host.pass(Duration{1}), ping);
}

TEST_F(EngineioHeartbeat, TakesAPongNobodyAskedFor) {
  host.pass(Duration{200});
  EXPECT_EQ(host.frame(socket, "3"), Said{});
  EXPECT_EQ(host.pass(Duration{299}), Said{});
  EXPECT_EQ(host.pass(Duration{1}), ping);
}

TEST_F(EngineioHeartbeat, WaitsOnceMoreForAClientThatTalks) {
  host.pass(Duration{400});
  host.frame(socket, "4a");
  EXPECT_EQ(host.pass(Duration{199}), Said{});
  EXPECT_EQ(host.pass(Duration{1}), timed_out);
}

TEST_F(EngineioHeartbeat, IsNotReplacedByMessages) {
  host.pass(Duration{300});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(host.frame(socket, "4a"), Said{received("a")});
    EXPECT_EQ(host.pass(Duration{50}), Said{});
  }
  EXPECT_EQ(host.pass(Duration{50}), timed_out);
}

TEST_F(EngineioHeartbeat, WaitsOnceMoreAfterEachPing) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(host.pass(Duration{300}), ping);
    host.pass(Duration{199});
    host.frame(socket, "4a");
    EXPECT_EQ(host.pass(Duration{199}), Said{});
    host.frame(socket, "3");
  }
}

TEST_F(EngineioHeartbeat, GivesAFullTimeoutEvenIfItWasWokenLate) {
  host.server().advance(Time{Duration{450}});
  EXPECT_EQ(host.drain(), ping);
  EXPECT_EQ(host.server().wake_at(), Time{Duration{650}});
}

TEST_F(EngineioHeartbeat, WakesNobodyForASessionThatIsGone) {
  host.gone(socket, WebSocketEnd::closed);
  EXPECT_EQ(host.server().wake_at(), std::nullopt);
}

TEST(EngineioHeartbeatOfMany, KeepsEachSessionsOwnTime) {
  Host host{fast};
  host.open_websocket();
  host.pass(Duration{100});
  const WebSocketId another{101};
  host.upgrade(another, upgrade(websocket));
  EXPECT_EQ(host.pass(Duration{200}), Said{text_frame(socket, "2")});
  host.frame(socket, "3");
  EXPECT_EQ(host.pass(Duration{100}), Said{text_frame(another, "2")});
  host.gone(another, WebSocketEnd::closed);
  EXPECT_EQ(host.pass(Duration{200}), Said{text_frame(socket, "2")});
}

TEST(EngineioHeartbeatOnPolling, EndsAHeldPollWithAPing) {
  Host host{fast};
  host.open_polling();
  host.poll(RequestId{2});
  EXPECT_EQ(host.pass(Duration{300}), Said{payload(RequestId{2}, "2")});
  EXPECT_EQ(host.request(RequestId{3}, post("3")), Said{ok(RequestId{3})});
  EXPECT_EQ(host.pass(Duration{299}), Said{});
}

TEST(EngineioHeartbeatOnPolling, ClosesAClientThatDoesNotPoll) {
  Host host{fast};
  host.open_polling();
  EXPECT_EQ(host.pass(Duration{500}), (Said{Closed{session, CloseReason::ping_timeout}}));
  EXPECT_EQ(host.server().session_count(), 0u);
}

TEST(EngineioHeartbeatOnPolling, TellsAHeldPollThatItIsOver) {
  Host host{fast};
  host.open_polling();
  host.pass(Duration{300});
  EXPECT_EQ(host.poll(RequestId{2}), Said{payload(RequestId{2}, "2")});
  host.poll(RequestId{3});
  EXPECT_EQ(host.pass(Duration{200}),
            (Said{payload(RequestId{3}, "1"), Closed{session, CloseReason::ping_timeout}}));
}

}  // namespace
}  // namespace parley::engineio
