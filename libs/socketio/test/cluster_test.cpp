// Servers that act as one: what one of them says reaches the sockets of all, against Socket.IO's
// "Broadcasting events", "Rooms" and "Server instance" (utility methods).

#include "cluster_harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

TEST(Cluster, ABroadcastReachesTheSocketsOfAllServers) {
  Servers<3> servers;
  for (std::size_t at = 0; at < 3; ++at) servers[at].enter(ann);
  servers.main(1).emit("e", 1);
  servers.carry();
  for (std::size_t at = 0; at < 3; ++at)
    EXPECT_EQ(servers[at].frames(), Frames{R"(42["e",1])"}) << at;
}

TEST(Cluster, ASocketsOwnBroadcastLeavesItOutAndNobodyElse) {
  Servers<2> servers;
  const auto socket = servers[0].enter(ann);
  servers[0].enter(bob);
  servers[1].enter(ann);
  socket.broadcast().emit("e");
  servers.carry();
  EXPECT_EQ(servers[0].frames(ann), Frames{});
  EXPECT_EQ(servers[0].frames(bob), Frames{R"(42["e"])"});
  EXPECT_EQ(servers[1].frames(ann), Frames{R"(42["e"])"});
}

TEST(Cluster, RoomsSpanServers) {
  Servers<2> servers;
  servers[0].enter(ann).join("r");
  servers[1].enter(ann).join("r");
  servers[1].enter(bob).join("r");
  servers[1].last->join("s");
  servers.main(0).to("r").except("s").emit("e");
  servers.carry();
  EXPECT_EQ(servers[0].frames(ann), Frames{R"(42["e"])"});
  EXPECT_EQ(servers[1].frames(ann), Frames{R"(42["e"])"});
  EXPECT_EQ(servers[1].frames(bob), Frames{});
}

TEST(Cluster, ASocketsIdIsARoomForAllServers) {
  Servers<2> servers;
  servers[0].enter(ann);
  const std::string id{servers[1].enter(ann).id()};
  servers[1].enter(bob);
  servers.main(0).to(id).emit("e");
  servers.carry();
  EXPECT_EQ(servers[0].frames(ann), Frames{});
  EXPECT_EQ(servers[1].frames(ann), Frames{R"(42["e"])"});
  EXPECT_EQ(servers[1].frames(bob), Frames{});
}

TEST(Cluster, ALocalBroadcastStaysWhereItIs) {
  Servers<2> servers;
  servers[0].enter(ann);
  servers[1].enter(ann);
  servers.main(0).local().emit("e");
  servers.main(0).local().sockets_join("r");
  servers.main(0).local().disconnect_sockets();
  servers.carry();
  EXPECT_EQ(servers.messages, 0u);
  EXPECT_EQ(servers[0].frames(), (Frames{R"(42["e"])", "41"}));
  EXPECT_EQ(servers[1].frames(), Frames{});
}

TEST(Cluster, FlagsAndBinaryTravel) {
  Servers<2> servers;
  servers[1].enter(ann);
  servers[1].flags.clear();
  const std::vector<std::string> attachments{"\x01\x02"};
  servers.main(0).volatile_().compress(false).relay(
      {R"(["e",{"_placeholder":true,"num":0}])", attachments});
  servers.carry();
  EXPECT_EQ(servers[1].frames(),
            (Frames{R"(451-["e",{"_placeholder":true,"num":0}])", "b:\x01\x02"}));
  const Flags flags{.is_volatile = true, .compress = false};
  EXPECT_EQ(servers[1].flags, (std::vector{flags, flags}));
}

TEST(Cluster, SocketsOfAllServersAreMovedAndDisconnected) {
  Servers<2> servers;
  const auto here = servers[0].enter(ann), there = servers[1].enter(ann);
  const auto rooms = [&](Socket socket) {
    auto names = socket.rooms();
    if (!names.empty()) names.erase(names.begin());
    return names;
  };
  servers.main(0).sockets_join("r");
  servers.main(0).to("r").sockets_join("s");
  servers.carry();
  EXPECT_EQ(rooms(here), (std::vector<std::string>{"r", "s"}));
  EXPECT_EQ(rooms(there), (std::vector<std::string>{"r", "s"}));
  servers.main(1).in("s").sockets_leave("r");
  servers.carry();
  EXPECT_EQ(rooms(here), std::vector<std::string>{"s"});
  EXPECT_EQ(rooms(there), std::vector<std::string>{"s"});
  servers.main(0).in("s").disconnect_sockets();
  servers.carry();
  EXPECT_EQ(servers[0].frames(), Frames{"41"});
  EXPECT_EQ(servers[1].frames(), Frames{"41"});
}

TEST(Cluster, WholeConnectionsOfAllServersAreClosed) {
  Servers<2> servers;
  servers[1].enter(ann);
  servers.main(0).disconnect_sockets(Socket::Scope::whole_connection);
  servers.carry();
  EXPECT_EQ(servers[1].frames(), (Frames{"41", "close"}));
}

// What a namespace that was made for clients says reaches its like on other servers, and what the
// namespace says that it was made from reaches all that were.
TEST(Cluster, DynamicNamespacesSpanServers) {
  Servers<3> servers;
  std::array<Namespace*, 3> parents;
  for (std::size_t at = 0; at < 3; ++at) {
    parents[at] = &servers[at].server.of(
        [](std::string_view name, std::string_view) { return name.starts_with("/room-"); });
    parents[at]->on_connection([&, at](Socket socket) { servers[at].last = socket; });
  }
  servers[0].enter(ann, "40/room-1,");
  servers[1].enter(ann, "40/room-1,");
  servers[1].enter(bob, "40/room-2,");
  servers.main(0).server().of("/room-1").emit("e");
  servers.carry();
  EXPECT_EQ(servers[0].frames(ann), Frames{R"(42/room-1,["e"])"});
  EXPECT_EQ(servers[1].frames(ann), Frames{R"(42/room-1,["e"])"});
  EXPECT_EQ(servers[1].frames(bob), Frames{});
  parents[2]->emit("p");
  servers.carry();
  EXPECT_EQ(servers[0].frames(ann), Frames{R"(42/room-1,["p"])"});
  EXPECT_EQ(servers[1].frames(ann), Frames{R"(42/room-1,["p"])"});
  EXPECT_EQ(servers[1].frames(bob), Frames{R"(42/room-2,["p"])"});
}

TEST(Cluster, WhatAServerSaysOfANamespaceThatIsNotHereIsIgnored) {
  Servers<2> servers;
  servers[0].server.of("/only-here").emit("e");
  servers.carry();
  EXPECT_EQ(servers.messages, 1u);
  EXPECT_EQ(servers[1].frames(), Frames{});
}

TEST(Cluster, WhatASocketThatHasLeftSaysToOthersIsNotPublished) {
  Servers<2> servers;
  const auto socket = servers[0].enter(ann);
  servers[0].server.closed(ann, DisconnectReason::transport_close, start);
  socket.broadcast().emit("e");
  servers.carry();
  EXPECT_EQ(servers.messages, 0u);
}

TEST(Cluster, AServerWithoutOthersPublishesNothing) {
  Servers<1> alone;
  alone[0].enter(ann);
  alone.main(0).emit("e");
  alone.main(0).sockets_join("r");
  alone[0].take();
  EXPECT_TRUE(alone[0].published.empty());
  EXPECT_EQ(alone[0].frames(), Frames{R"(42["e"])"});
}

// Each server gives what it sends an offset of its own, so that a client that comes back to the
// server where it was misses nothing that another one said.
TEST(Cluster, ABroadcastOfAnotherServerIsKeptForClientsThatComeBack) {
  Options options;
  options.connection_state_recovery = ConnectionStateRecovery{};
  Servers<2> servers{options};
  servers.main(0);
  servers[1].server.opened(ann, {"GET", "/", {}, {}, {}}, start);
  servers[1].receive("40");
  const auto reply = servers[1].frames().front();
  const auto pid = reply.substr(reply.find(R"("pid":")"), 27);
  servers[1].server.closed(ann, DisconnectReason::transport_close, start);
  servers.main(0).emit("missed");
  servers.carry();
  servers[1].server.opened(bob, {"GET", "/", {}, {}, {}}, start);
  servers[1].receive("40{" + pid + "\"}", bob);
  EXPECT_EQ(servers[1].frames(bob), (Frames{R"(42["missed","AQEB1"])", reply}));
}

}  // namespace
}  // namespace parley::socketio
