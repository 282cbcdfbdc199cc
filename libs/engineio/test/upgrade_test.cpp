// From polling to a WebSocket, against Engine.IO 4, "Upgrade": no message is lost, doubled or
// overtaken, and a session outlives a WebSocket that fails.

#include "host.hpp"

#include <gtest/gtest.h>

namespace parley::engineio {
namespace {

constexpr RequestId poll{2}, data{3}, later{4};
const Said probe_answer{text_frame(socket, "3probe")};
const Said probe_closed{CloseWebSocket{socket}};

class EngineioUpgrade : public ::testing::Test {
 protected:
  EngineioUpgrade() { host.begin_upgrade(); }
  Host host;
};

TEST(EngineioUpgradeFlow, GoesAsInTheProtocolsExample) {
  Host host;
  host.open_polling();
  host.poll(poll);
  EXPECT_EQ(host.upgrade(socket, upgrade(session_websocket)), Said{accepted(socket)});
  EXPECT_EQ(host.frame(socket, "2probe"), (Said{text_frame(socket, "3probe"), payload(poll, "6")}));
  EXPECT_EQ(host.frame(socket, "5"), Said{});
  EXPECT_EQ(host.send("hello"), Said{text_frame(socket, "4hello")});
  EXPECT_EQ(host.frame(socket, "4hello"), Said{received("hello")});
}

TEST_F(EngineioUpgrade, KeepsPollingWhileItLasts) {
  host.frame(socket, "2probe");
  EXPECT_EQ(host.request(data, post("4a")), (Said{received("a"), ok(data)}));
  host.poll(poll);
  EXPECT_EQ(host.send("b"), Said{payload(poll, "4b")});
}

TEST_F(EngineioUpgrade, ReturnsEachFurtherPollUntilItIsDone) {
  EXPECT_EQ(host.frame(socket, "2probe"), probe_answer);
  EXPECT_EQ(host.poll(poll), Said{}) << "not at once, or an unpaused client spins";
  EXPECT_EQ(host.pass(Duration{99}), Said{});
  EXPECT_EQ(host.pass(Duration{1}), Said{payload(poll, "6")});
  EXPECT_EQ(host.poll(later), Said{});
  EXPECT_EQ(host.pass(Duration{100}), Said{payload(later, "6")});
}

TEST_F(EngineioUpgrade, SendsNoNoopBeforeTheProbe) {
  host.poll(poll);
  EXPECT_EQ(host.pass(Duration{9'999}), Said{});
}

TEST_F(EngineioUpgrade, SendsWhatWaitedInOrderOnTheWebSocket) {
  host.frame(socket, "2probe");
  host.send("one");
  host.send("\x02", MessageKind::binary);
  EXPECT_EQ(host.frame(socket, "5"), (Said{text_frame(socket, "4one"),
                                           SendFrame{socket, MessageKind::binary, shown("\x02")}}));
}

TEST_F(EngineioUpgrade, ReturnsAPollThatIsStillHeldWithoutData) {
  host.frame(socket, "2probe");
  host.poll(poll);
  host.server().send(session, MessageKind::text, shown("one"), Time{});
  EXPECT_EQ(host.frame(socket, "5"), (Said{payload(poll, "6"), text_frame(socket, "4one")}));
}

TEST_F(EngineioUpgrade, TakesAMessageWhosePartsComeOverBothTransports) {
  host.frame(socket, "2probe");
  EXPECT_EQ(host.request(data, post("451-0[1]")), (Said{received("51-0[1]"), ok(data)}));
  host.frame(socket, "5");
  EXPECT_EQ(host.frame(socket, "\x01", MessageKind::binary),
            Said{received("\x01", MessageKind::binary)});
}

TEST_F(EngineioUpgrade, NeedsNoProbe) {
  EXPECT_EQ(host.frame(socket, "5"), Said{});
  EXPECT_EQ(host.send("a"), Said{text_frame(socket, "4a")});
}

TEST_F(EngineioUpgrade, AnswersASecondProbe) {
  host.frame(socket, "2probe");
  EXPECT_EQ(host.frame(socket, "2probe"), probe_answer);
  EXPECT_EQ(host.frame(socket, "5"), Said{});
}

TEST_F(EngineioUpgrade, ClosesAWebSocketThatBeginsWithAnythingElse) {
  for (const auto* packet : {"4a", "2", "3probe", "abc", ""}) {
    Host fresh;
    fresh.begin_upgrade();
    EXPECT_EQ(fresh.frame(socket, packet), probe_closed) << packet;
    EXPECT_EQ(fresh.send("a"), Said{});
    EXPECT_EQ(fresh.poll(poll), Said{payload(poll, "4a")});
  }
  EXPECT_EQ(host.frame(socket, "5", MessageKind::binary), probe_closed);
}

TEST_F(EngineioUpgrade, StaysOnPollingWhenTheWebSocketDies) {
  host.frame(socket, "2probe");
  EXPECT_EQ(host.gone(socket, WebSocketEnd::failed), Said{});
  host.poll(poll);
  EXPECT_EQ(host.pass(Duration{200}), Said{});
  EXPECT_EQ(host.send("a"), Said{payload(poll, "4a")});
}

TEST_F(EngineioUpgrade, MayBeTriedAgain) {
  const WebSocketId another{101};
  host.gone(socket, WebSocketEnd::failed);
  EXPECT_EQ(host.upgrade(another, upgrade(session_websocket)), Said{accepted(another)});
  EXPECT_EQ(host.frame(another, "5"), Said{});
  EXPECT_EQ(host.send("a"), Said{text_frame(another, "4a")});
}

TEST_F(EngineioUpgrade, GivesUpAfterItsTimeoutAndStaysOnPolling) {
  host.frame(socket, "2probe");
  EXPECT_EQ(host.pass(Duration{9'999}), Said{});
  EXPECT_EQ(host.pass(Duration{1}), probe_closed);
  EXPECT_EQ(host.frame(socket, "5"), Said{});
  host.poll(poll);
  EXPECT_EQ(host.send("a"), Said{payload(poll, "4a")});
}

TEST_F(EngineioUpgrade, ClosesASecondWebSocketAndIsNotDisturbed) {
  const WebSocketId another{101};
  EXPECT_EQ(host.upgrade(another, upgrade(session_websocket)),
            (Said{accepted(another), CloseWebSocket{another}}));
  EXPECT_EQ(host.frame(another, "5"), Said{});
  EXPECT_EQ(host.frame(socket, "2probe"), probe_answer);
}

TEST_F(EngineioUpgrade, RefusesHttpRequestsAfterwards) {
  host.frame(socket, "5");
  const Said refusal{error(later, 400, R"({"code":3,"message":"Bad request"})"),
                     Refused{3, "Bad request", "192.0.2.1"}};
  EXPECT_EQ(host.poll(later), refusal);
  EXPECT_EQ(host.request(later, post("4a")), refusal);
}

TEST_F(EngineioUpgrade, ClosesItsWebSocketWhenTheSessionIsClosed) {
  EXPECT_EQ(host.close(),
            (Said{CloseWebSocket{socket}, Closed{session, CloseReason::forced_close}}));
  EXPECT_EQ(host.frame(socket, "5"), Said{});
  EXPECT_EQ(host.poll(poll), Said{payload(poll, "1")});
}

TEST_F(EngineioUpgrade, ClosesItsWebSocketWhenTheClientCloses) {
  EXPECT_EQ(
      host.request(data, post("1")),
      (Said{CloseWebSocket{socket}, Closed{session, CloseReason::transport_close}, ok(data)}));
}

TEST_F(EngineioUpgrade, EndsWithTheWebSocketOnceItIsDone) {
  host.frame(socket, "5");
  EXPECT_EQ(host.gone(socket, WebSocketEnd::closed),
            (Said{Closed{session, CloseReason::transport_close}}));
}

TEST_F(EngineioUpgrade, ForgivesAPongThatWasLostOnTheWay) {
  host.pass(Duration{9'000});
  host.gone(socket, WebSocketEnd::failed);
  host.pass(Duration{16'000});  // the ping waits for a poll
  host.upgrade(WebSocketId{101}, upgrade(session_websocket));
  host.poll(poll);
  host.frame(WebSocketId{101}, "5");
  EXPECT_EQ(host.pass(Duration{24'999}), Said{});
  EXPECT_EQ(host.pass(Duration{1}), Said{text_frame(WebSocketId{101}, "2")});
}

TEST(EngineioUpgradeRefusal, IsForAWebSocketOfAClosedSession) {
  Host host;
  host.open_polling();
  host.close();
  EXPECT_EQ(host.upgrade(socket, upgrade(session_websocket)),
            (Said{accepted(socket), CloseWebSocket{socket}}));
  EXPECT_EQ(host.poll(poll), Said{payload(poll, "1")});
}

}  // namespace
}  // namespace parley::engineio
