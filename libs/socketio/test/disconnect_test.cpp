// Leaving a namespace and losing a connection, against Socket.IO 5's "Disconnection from a
// namespace" and what socket.io 4.8.4 does when a client breaks the protocol: it closes the
// connection, says nothing, and the reason is "forced close".

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

TEST(SocketioDisconnect, AClientLeavesOneNamespaceAndStaysInTheOther) {
  Host host;
  host.open_and_join(ann, "40");
  host.receive("40/custom,");
  (void)host.frames();
  host.receive("41/custom,");
  EXPECT_EQ(host.custom.take().back(), "disconnected 2 client namespace disconnect");
  EXPECT_EQ(host.frames(), Frames{});
  host.receive(R"(42["a"])");
  EXPECT_EQ(host.main.take().front(), R"(received 1 a ["a"])");
}

TEST(SocketioDisconnect, AClientMayComeBackToANamespaceItLeft) {
  Host host;
  host.open_and_join();
  host.receive("41");
  host.receive("40");
  EXPECT_EQ(host.frames(), Frames{R"(40{"sid":"AAAAAAAAAAAAAAAAAAAB"})"});
}

TEST(SocketioDisconnect, TheServerEndsOneNamespace) {
  Host host;
  host.open_and_join(ann, "40");
  host.receive("40/custom,");
  (void)host.frames();
  host.custom.on_received = [](Event& event) { event.socket().disconnect(); };
  host.custom.calls.clear();
  host.receive(R"(42/custom,["bye"])");
  EXPECT_EQ(host.frames(), Frames{"41/custom,"});
  EXPECT_EQ(host.custom.take(), (Calls{R"(received 2 bye ["bye"])", "returned",
                                       "disconnected 2 server namespace disconnect"}));
  host.receive(R"(42["still here"])");
  EXPECT_EQ(host.main.take().back(), "returned");
}

TEST(SocketioDisconnect, TheServerEndsTheWholeConnection) {
  Host host;
  host.open_and_join(ann, "40");
  host.receive("40/custom,");
  (void)host.frames();
  host.custom.calls.clear();
  host.main.last->disconnect(Socket::Scope::whole_connection);
  EXPECT_EQ(host.frames(), (Frames{"41", "41/custom,", "close"}));
  host.server.closed(ann, DisconnectReason::forced_close, start);
  EXPECT_EQ(host.main.take(), Calls{"disconnected 1 server namespace disconnect"});
  EXPECT_EQ(host.custom.take(), Calls{"disconnected 2 server namespace disconnect"});
}

TEST(SocketioDisconnect, AClosedConnectionLeavesAllItsNamespaces) {
  Host host;
  host.open_and_join(ann, "40");
  host.receive("40/custom,");
  (void)host.frames();
  host.custom.calls.clear();
  host.server.closed(ann, DisconnectReason::ping_timeout, start);
  EXPECT_EQ(host.main.take(), Calls{"disconnected 1 ping timeout"});
  EXPECT_EQ(host.custom.take(), Calls{"disconnected 2 ping timeout"});
  EXPECT_EQ(host.frames(), Frames{});
}

TEST(SocketioDisconnect, HandlersAreToldOfDeparturesOneAfterTheOther) {
  Host host;
  host.open_and_join(ann);
  const auto first = *host.main.last;
  host.open_and_join(bob);
  // Ann's going takes Bob along, as long as there is somebody to take.
  host.main.on_disconnected = [&](Socket) {
    host.main.last->disconnect();
    host.main.calls.push_back("handled");
  };
  first.disconnect();
  EXPECT_EQ(host.main.take(), Calls{});
  host.server.closed(ann, DisconnectReason::transport_close, start);
  EXPECT_EQ(host.main.take(), (Calls{"disconnected 1 server namespace disconnect", "handled",
                                     "disconnected 2 server namespace disconnect", "handled"}));
}

TEST(SocketioDisconnect, AViolationCostsTheConnectionAndNobodyElse) {
  for (const auto& [frame, why] : std::vector<std::pair<std::string, std::string>>{
           {"47", "unknown packet type"},
           {"4abc", "unknown packet type"},
           {"4", "empty message"},
           {R"(42["a")", "illegal JSON"},
           {R"(42["a"]x)", "illegal JSON"},
           {R"(42{"a":1})", "payload not allowed in this packet"},
           {R"(42["connect"])", "reserved event name"},
           {R"(45["a"])", "illegal attachments"},
           {R"(4511-["a"])", "too many attachments"},
           {R"(44{"message":"a"})", "packet that only a server may send"},
           {R"(42/custom,["a"])", "packet for a namespace that was not joined"},
           {R"(42/nowhere,["a"])", "packet for a namespace that was not joined"},
           {"41/custom,", "packet for a namespace that was not joined"},
           {"43/custom,1[]", "packet for a namespace that was not joined"}}) {
    Host host;
    host.open_and_join(ann);
    host.open_and_join(bob);
    host.receive(frame, ann);
    EXPECT_EQ(host.frames(ann), Frames{"close: " + why}) << frame;
    EXPECT_EQ(host.main.take(), Calls{"disconnected 1 forced close"}) << frame;
    host.receive(R"(42["fine"])", bob);
    EXPECT_EQ(host.main.take().front(), R"(received 2 fine ["fine"])");
    EXPECT_EQ(host.frames(bob), Frames{});
  }
}

TEST(SocketioDisconnect, ABinaryMessageOutOfPlaceCostsTheConnection) {
  Host host;
  host.open_and_join();
  host.receive_binary("a");
  EXPECT_EQ(host.frames(), Frames{"close: binary message that nothing announced"});
}

TEST(SocketioDisconnect, WhoOwesAttachmentsForTooLongIsCut) {
  Host host{{.attachments_time = Duration{1'000}}};
  host.open_and_join(ann);
  host.open_and_join(bob);
  for (const auto id : {ann, bob})
    host.receive(R"(451-["echo",{"_placeholder":true,"num":0}])", id);
  EXPECT_EQ(host.server.wake_at(), host.now + Duration{1'000});
  host.pass(Duration{999});
  host.receive_binary("x", bob);
  host.pass(Duration{1});
  EXPECT_EQ(host.frames(ann), Frames{"close: attachments that did not come in time"});
  EXPECT_EQ(host.frames(bob), Frames{});
  EXPECT_EQ(host.server.wake_at(), std::nullopt);
}

TEST(SocketioDisconnect, WhatWasSentBeforeTheViolationGoesFirst) {
  Host host;
  host.open_and_join();
  host.main.last->relay(R"(["last words"])");
  host.receive("4");
  EXPECT_EQ(host.frames(), (Frames{R"(42["last words"])", "close: empty message"}));
}

TEST(SocketioDisconnect, AConnectionThatWasCutIsHeardNoMore) {
  Host host;
  host.open_and_join();
  host.receive("4");
  (void)host.frames();
  host.main.calls.clear();
  host.receive("40");
  host.receive(R"(42["late"])");
  host.server.closed(ann, DisconnectReason::forced_close, start);
  EXPECT_EQ(host.frames(), Frames{});
  EXPECT_EQ(host.main.take(), Calls{});
}

TEST(SocketioDisconnect, AnEventBeforeTheConnectCostsTheConnection) {
  Host host;
  host.open();
  host.receive(R"(42["early"])");
  EXPECT_EQ(host.frames(), Frames{"close: packet for a namespace that was not joined"});
  EXPECT_EQ(host.server.wake_at(), std::nullopt);
}

TEST(SocketioDisconnect, ReasonsHaveTheFieldsWords) {
  EXPECT_EQ(text(DisconnectReason::server_shutting_down), "server shutting down");
  EXPECT_EQ(text(DisconnectReason::transport_error), "transport error");
  EXPECT_EQ(text(DisconnectReason::parse_error), "parse error");
  EXPECT_EQ(text(DisconnectReason::forced_server_close), "forced server close");
}

}  // namespace
}  // namespace parley::socketio
