// Clients of Socket.IO 1 and 2, which speak Engine.IO 3 below and packets of protocol 4 above: what
// is different for them, as socket.io 4.8.4 with `allowEIO3` does it.

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

struct OldHost : Host {
  void open_old(ConnectionId id = ann, std::string_view sid = "engine-sid-of-ann-01") {
    const HttpRequest handshake{"GET", "/socket.io/?EIO=3", {}, {}, {}};
    server.opened(id, handshake, now, {.revision = Revision::v3, .sid = sid});
  }
};

TEST(SocketioRevision3, TheMainNamespaceIsJoinedByConnecting) {
  OldHost host;
  host.open_old();
  EXPECT_EQ(host.frames(), Frames{"40"});
  EXPECT_EQ(host.main.take(), (Calls{"admit {} /socket.io/?EIO=3", "connected 1"}));
  EXPECT_EQ(host.server.wake_at(), std::nullopt);
}

TEST(SocketioRevision3, TheIdIsTheSessionsAndNamesItsNamespace) {
  OldHost host;
  host.open_old();
  EXPECT_EQ(host.main.last->id(), "engine-sid-of-ann-01");
  host.receive("40/custom,");
  EXPECT_EQ(host.custom.last->id(), "/custom#engine-sid-of-ann-01");
  EXPECT_EQ(host.frames(), (Frames{"40", "40/custom,"}));
  host.server.of("/").to("engine-sid-of-ann-01").relay(R"(["e"])");
  EXPECT_EQ(host.frames(), Frames{R"(42["e"])"});
}

TEST(SocketioRevision3, AShortIdOfTheHostsIsFoundToo) {
  OldHost host;
  host.open_old(ann, "a");
  host.open_old(bob, "b");
  (void)host.frames(bob);
  host.lose(ann);
  host.server.of("/").to("b").relay(R"(["e"])");
  EXPECT_EQ(host.frames(bob), Frames{R"(42["e"])"});
}

TEST(SocketioRevision3, TheQueryOfANamespaceIsItsAuth) {
  OldHost host;
  host.open_old();
  (void)host.frames();
  host.receive(R"(40/custom?token=a%20b&who="me")");
  EXPECT_EQ(host.custom.take(),
            (Calls{R"(admit {"token":"a b","who":"\"me\""} /socket.io/?EIO=3)", "connected 2"}));
  EXPECT_EQ(host.frames(), Frames{"40/custom,"});
  host.receive(R"(42/custom?token=a,["e"])");
  host.receive(R"(42/custom,["f"])");
  EXPECT_EQ(host.custom.take(),
            (Calls{R"(received 2 e ["e"])", "returned", R"(received 2 f ["f"])", "returned"}));
}

TEST(SocketioRevision3, AskingForTheMainNamespaceAgainIsNoOffence) {
  OldHost host;
  host.open_old();
  host.receive("40");
  EXPECT_EQ(host.frames(), Frames{"40"});
  EXPECT_EQ(host.main.take().size(), 2u);
}

TEST(SocketioRevision3, ARefusalIsABareValue) {
  OldHost host;
  host.main.refusal = ConnectError{"say \"please\"", {}};
  host.open_old();
  EXPECT_EQ(host.frames(), Frames{R"(44"say \"please\"")"});
  host.custom.refusal = ConnectError{"no", R"({"code":42})"};
  host.receive("40/custom?x=1,");
  EXPECT_EQ(host.frames(), Frames{R"(44/custom,{"code":42})"});
}

TEST(SocketioRevision3, AnUnknownNamespaceIsRefusedAsForOthers) {
  OldHost host;
  host.open_old();
  (void)host.frames();
  host.receive("40/random?x=1");
  EXPECT_EQ(host.frames(), Frames{R"(44/random,{"message":"Invalid namespace"})"});
}

TEST(SocketioRevision3, WhoIsRefusedEverywhereIsClosedInTime) {
  OldHost host;
  host.main.refusal = ConnectError{"no"};
  host.open_old();
  (void)host.frames();
  host.pass(45s);
  EXPECT_EQ(host.frames(), Frames{"close: joined no namespace in time"});
}

TEST(SocketioRevision3, EventsAndAnswersAreThoseOfOthers) {
  OldHost host;
  host.main.on_received = [](Event& event) {
    event.ack ? event.ack.relay("[1]") : event.socket().relay(event.arguments());
  };
  host.open_old();
  host.open_and_join(bob);
  (void)host.frames();
  host.receive(R"(42["a",1])");
  host.receive(R"(4212["b"])");
  host.receive(R"(451-["c",{"_placeholder":true,"num":0}])");
  host.receive_binary("\x01");
  EXPECT_EQ(host.frames(), (Frames{R"(42["a",1])", "4312[1]",
                                   R"(451-["c",{"_placeholder":true,"num":0}])", "b:\x01"}));
  host.main.last->broadcast().relay(R"(["to old ones"])");
  EXPECT_EQ(host.frames(), Frames{R"(42["to old ones"])"});
}

TEST(SocketioRevision3, LeavingIsThatOfOthers) {
  OldHost host;
  host.open_old();
  host.receive("40/custom,");
  (void)host.frames();
  host.receive("41/custom,");
  host.main.last->disconnect();
  EXPECT_EQ(host.frames(), Frames{"41"});
  EXPECT_EQ(host.custom.take().back(), "disconnected 2 client namespace disconnect");
}

}  // namespace
}  // namespace parley::socketio
