// Joining namespaces, against Socket.IO 5's "Connection to a namespace" and what socket.io 4.8.4
// answers. Frames are whole WebSocket text frames, Engine.IO's leading 4 included.

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

TEST(SocketioConnect, NothingIsImplicitBeforeTheFirstConnect) {
  Host host;
  host.open();
  EXPECT_EQ(host.frames(), Frames{});
  EXPECT_EQ(host.main.take(), Calls{});
}

TEST(SocketioConnect, AClientJoinsTheMainNamespace) {
  Host host;
  host.open();
  host.receive("40");
  EXPECT_EQ(host.frames(), Frames{R"(40{"sid":"AAAAAAAAAAAAAAAAAAAA"})"});
  EXPECT_EQ(host.main.take(), (Calls{"admit {} /socket.io/?EIO=4", "connected 1"}));
  EXPECT_EQ(host.main.last->id(), first_sid);
}

TEST(SocketioConnect, TheHandlerSeesTheAuthObject) {
  Host host;
  host.open();
  host.receive(R"(40{"token":"123"})");
  EXPECT_EQ(host.main.take().front(), R"(admit {"token":"123"} /socket.io/?EIO=4)");
}

TEST(SocketioConnect, ANamespaceIsNamedWithOrWithoutAComma) {
  Host host;
  for (const auto* frame : {"40/custom", "40/custom,", R"(40/custom,{"t":1})"}) {
    host.open();
    host.receive(frame);
    EXPECT_TRUE(host.frames().front().starts_with(R"(40/custom,{"sid":"AAAAAAAAAAAAAAAAAA)"));
    host.server.closed(ann, DisconnectReason::transport_close, start);
  }
}

TEST(SocketioConnect, OneConnectionJoinsSeveralNamespacesWithDifferentIds) {
  Host host;
  host.open();
  host.receive("40");
  host.receive("40/custom,");
  EXPECT_EQ(host.frames(), (Frames{R"(40{"sid":"AAAAAAAAAAAAAAAAAAAA"})",
                                   R"(40/custom,{"sid":"AAAAAAAAAAAAAAAAAAAB"})"}));
  EXPECT_EQ(host.custom.take(), (Calls{"admit {} /socket.io/?EIO=4", "connected 2"}));
}

TEST(SocketioConnect, AnUnknownNamespaceIsRefusedAndTheConnectionStays) {
  Host host;
  host.open();
  host.receive("40/random");
  host.receive("40/custom?x=1");
  EXPECT_EQ(host.frames(), (Frames{R"(44/random,{"message":"Invalid namespace"})",
                                   R"(44/custom?x=1,{"message":"Invalid namespace"})"}));
  host.receive("40");
  EXPECT_EQ(host.frames(), Frames{R"(40{"sid":"AAAAAAAAAAAAAAAAAAAA"})"});
}

TEST(SocketioConnect, ARefusalCarriesItsDataAndTheClientMayTryAgain) {
  Host host;
  host.main.refusal = ConnectError{"not authorized", R"({"code":42})"};
  host.open();
  host.receive("40");
  EXPECT_EQ(host.frames(), Frames{R"(44{"message":"not authorized","data":{"code":42}})"});
  host.main.refusal = ConnectError{"say \"please\"", {}};
  host.receive("40");
  EXPECT_EQ(host.frames(), Frames{R"(44{"message":"say \"please\""})"});
  host.main.refusal.reset();
  host.receive("40");
  EXPECT_EQ(host.frames(), Frames{R"(40{"sid":"AAAAAAAAAAAAAAAAAAAC"})"});
}

TEST(SocketioConnect, WhatTheHandlerEmitsOnConnectFollowsTheReply) {
  Host host;
  host.main.on_connected = [](Socket socket) { socket.relay(R"(["welcome",1])"); };
  host.open();
  host.receive("40");
  EXPECT_EQ(host.frames(), (Frames{R"(40{"sid":"AAAAAAAAAAAAAAAAAAAA"})", R"(42["welcome",1])"}));
}

TEST(SocketioConnect, AHandlerMayTurnAwayASocketAsItConnects) {
  Host host;
  host.main.on_connected = [](Socket socket) {
    socket.disconnect(Socket::Scope::whole_connection);
  };
  host.open();
  host.receive("40");
  EXPECT_EQ(host.frames(), (Frames{R"(40{"sid":"AAAAAAAAAAAAAAAAAAAA"})", "41", "close"}));
  EXPECT_EQ(host.main.take().back(), "disconnected 1 server namespace disconnect");
}

TEST(SocketioConnect, AConnectionJoinsSoManyNamespacesAndNoMore) {
  Host host{{.namespaces_max = 1}};
  host.open_and_join();
  host.receive("40/custom,");
  EXPECT_EQ(host.frames(), Frames{R"(44/custom,{"message":"Too many namespaces"})"});
  host.receive("41");
  host.receive("40/custom,");
  EXPECT_TRUE(host.frames().front().starts_with("40/custom,{"));
}

TEST(SocketioConnect, ASecondConnectToANamespaceEndsTheConnection) {
  Host host;
  host.open_and_join();
  host.receive("40");
  EXPECT_EQ(host.frames(), Frames{"close: second CONNECT to a namespace"});
  EXPECT_EQ(host.main.take(), Calls{"disconnected 1 forced close"});
}

TEST(SocketioConnect, WhoJoinsNoNamespaceInTimeIsClosed) {
  Host host;
  host.open();
  host.receive("40/random");
  (void)host.frames();
  EXPECT_EQ(host.server.wake_at(), start + 45s);
  host.server.advance(start + 45s - 1ms);
  EXPECT_EQ(host.frames(), Frames{});
  host.server.advance(start + 45s);
  EXPECT_EQ(host.frames(), Frames{"close: joined no namespace in time"});
  EXPECT_EQ(host.server.wake_at(), std::nullopt);
}

TEST(SocketioConnect, TheTimeLimitIsGoneForGoodAfterTheFirstJoin) {
  Host host;
  host.open_and_join();
  EXPECT_EQ(host.server.wake_at(), std::nullopt);
  host.receive("41");
  host.server.advance(start + 1h);
  EXPECT_EQ(host.frames(), Frames{});
  host.receive("40");
  EXPECT_EQ(host.frames(), Frames{R"(40{"sid":"AAAAAAAAAAAAAAAAAAAB"})"});
}

}  // namespace
}  // namespace parley::socketio
