// From polling to a WebSocket as the client does it, against Engine.IO 4, "Upgrade", and the order
// of the official client's requests: no message is lost, doubled or overtaken.

#include "client_host.hpp"

#include <gtest/gtest.h>

namespace parley::engineio::client {
namespace {

constexpr RequestId first_get{1}, held{3}, later{4};
constexpr WebSocketId probe{2};

class ClientUpgrade : public ::testing::Test {
 protected:
  ClientUpgrade() {
    host.open();
    host.respond(first_get, handshake_with_upgrade);
  }
  Host host;
};

TEST(ClientUpgradeFlow, GoesAsInTheProtocolsExample) {
  Host host;
  host.open();
  EXPECT_EQ(host.respond(first_get, handshake_with_upgrade),
            (Said{Opened{"abc", Transport::polling}, OpenWebSocket{probe, session_websocket},
                  Get{held, session_polling}}));
  EXPECT_EQ(host.opened(probe), (Said{text_frame(probe, "2probe")}));
  EXPECT_EQ(host.frame(probe, "3probe"), Said{});
  EXPECT_EQ(host.respond(held, "6"), (Said{text_frame(probe, "5"), Upgraded{}}));
  EXPECT_EQ(host.send("a"), (Said{text_frame(probe, "4a")}));
  EXPECT_EQ(host.frame(probe, "4b"), (Said{received("b")}));
}

TEST(ClientUpgradeFlow, IsNotBegunUnlessBothWantIt) {
  for (const auto& options :
       {Options{.upgrade = false}, Options{.transports = {Transport::polling}}}) {
    Host host{options};
    host.open();
    EXPECT_EQ(host.respond(first_get, handshake_with_upgrade),
              (Said{Opened{"abc", Transport::polling}, Get{RequestId{2}, session_polling}}));
  }
  Host host;
  host.open();
  EXPECT_EQ(host.respond(first_get, handshake),
            (Said{Opened{"abc", Transport::polling}, Get{RequestId{2}, session_polling}}));
}

TEST_F(ClientUpgrade, KeepsPollingUntilTheProbeIsAnswered) {
  host.opened(probe);
  EXPECT_EQ(host.send("a"), (Said{Post{later, session_polling, "4a"}}));
  EXPECT_EQ(host.respond(held, "4b"), (Said{received("b"), Get{RequestId{5}, session_polling}}));
}

TEST_F(ClientUpgrade, WaitsForThePostInProgressToo) {
  host.opened(probe);
  host.send("a");
  EXPECT_EQ(host.frame(probe, "3probe"), Said{});
  EXPECT_EQ(host.respond(held, "4b"), (Said{received("b")}));
  EXPECT_EQ(host.respond(later, "ok"), (Said{text_frame(probe, "5"), Upgraded{}}));
}

TEST_F(ClientUpgrade, KeepsWhatIsSentMeanwhileForTheWebSocket) {
  host.opened(probe);
  host.frame(probe, "3probe");
  EXPECT_FALSE(host.session().writable());
  EXPECT_EQ(host.send("a"), Said{});
  EXPECT_EQ(host.send("\x01", MessageKind::binary), Said{});
  EXPECT_EQ(host.respond(held, "2"),
            (Said{text_frame(probe, "5"), Upgraded{}, text_frame(probe, "4a"),
                  SendFrame{probe, MessageKind::binary, "\x01"}, text_frame(probe, "3")}));
}

TEST_F(ClientUpgrade, StaysOnPollingWhenTheWebSocketDies) {
  EXPECT_EQ(host.gone(probe, CloseReason::transport_error, "refused"), Said{});
  EXPECT_EQ(host.send("a"), (Said{Post{later, session_polling, "4a"}}));
}

TEST_F(ClientUpgrade, GoesBackToPollingWhenTheWebSocketDiesAtTheLastMoment) {
  host.opened(probe);
  host.frame(probe, "3probe");
  host.send("a");
  EXPECT_EQ(host.respond(RequestId{99}, "6"), Said{});
  EXPECT_EQ(host.gone(probe, CloseReason::transport_close),
            (Said{Post{later, session_polling, "4a"}}));
  EXPECT_EQ(host.respond(held, "6"), (Said{Get{RequestId{5}, session_polling}}));
}

TEST_F(ClientUpgrade, ClosesAWebSocketThatAnswersAnythingElse) {
  for (const auto* answer : {"3", "4a", "6", ""}) {
    Host other;
    other.open();
    other.respond(first_get, handshake_with_upgrade);
    other.opened(probe);
    EXPECT_EQ(other.frame(probe, answer), (Said{CloseWebSocket{probe}})) << answer;
    EXPECT_EQ(other.respond(held, "6"), (Said{Get{later, session_polling}}));
  }
}

TEST_F(ClientUpgrade, EndsWithTheWebSocketOnceItIsDone) {
  host.opened(probe);
  host.frame(probe, "3probe");
  host.respond(held, "6");
  EXPECT_EQ(host.gone(probe, CloseReason::transport_error, "reset"),
            (Said{Closed{CloseReason::transport_error, "reset"}}));
}

TEST_F(ClientUpgrade, ClosesItsWebSocketWhenTheSessionEnds) {
  host.opened(probe);
  EXPECT_EQ(
      host.respond(held, "1"),
      (Said{CloseWebSocket{probe}, Closed{CloseReason::transport_close, "closed by the server"}}));
}

TEST_F(ClientUpgrade, SaysGoodbyeByPollingBeforeTheSwitch) {
  host.opened(probe);
  host.frame(probe, "3probe");
  host.send("a");
  EXPECT_EQ(host.close(), (Said{CloseWebSocket{probe}, Post{later, session_polling, "4a"}}));
  const RequestId goodbye{std::to_underlying(later) + 1};
  EXPECT_EQ(host.respond(later, "ok"), (Said{Post{goodbye, session_polling, "1"}}));
  EXPECT_EQ(host.respond(goodbye, "ok"), (Said{Abort{held}, Closed{CloseReason::forced_close}}));
}

TEST_F(ClientUpgrade, TakesAMessageWhosePartsComeOverBothTransports) {
  host.opened(probe);
  host.frame(probe, "3probe");
  EXPECT_EQ(host.respond(held, "451-0[1]"),
            (Said{received("51-0[1]"), text_frame(probe, "5"), Upgraded{}}));
  EXPECT_EQ(host.frame(probe, "\x01", MessageKind::binary),
            (Said{received("\x01", MessageKind::binary)}));
}

}  // namespace
}  // namespace parley::engineio::client
