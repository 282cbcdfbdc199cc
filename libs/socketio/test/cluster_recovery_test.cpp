// A client that comes back to another server than the one where it was, against Socket.IO's
// "Connection state recovery" with an adapter that supports it. Offsets are each server's own.

#include "cluster_harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

Options recoverable(ConnectionStateRecovery recovery = {}) {
  Options options;
  options.connection_state_recovery = recovery;
  return options;
}

// Ann is at the first server, and has got one event there.
struct MovingClient : ::testing::Test {
  explicit MovingClient(ConnectionStateRecovery recovery = {}) : servers{recoverable(recovery)} {
    servers[0].server.opened(ann, {"GET", "/", {}, {}, {}}, start);
    servers[0].receive(R"(40{"token":1})");
    reply = servers[0].frames().front();
    pid = reply.substr(reply.find(R"("pid":")") + 7, 20);
    ann_there = *servers[0].last;
    ann_there->emit("a");
    EXPECT_EQ(servers[0].frames(), Frames{R"(42["a","AAAA1"])"});
  }

  void lose(std::size_t at, ConnectionId id) {
    servers[at].server.closed(id, DisconnectReason::transport_close, servers[at].now);
  }
  void come(std::size_t at, ConnectionId id, const std::string& offset = "AAAA1") {
    auto& node = servers[at];
    node.server.opened(id, {"GET", "/", {}, {}, {}}, node.now);
    node.receive(R"(40{"pid":")" + pid + R"(","offset":")" + offset + "\"}", id);
  }

  Servers<3> servers;
  std::string reply, pid;
  std::optional<Socket> ann_there;
};

TEST_F(MovingClient, IsWhoItWasAndHearsWhatItMissed) {
  ann_there->join("r");
  *ann_there->data() = SharedData{"7"};
  lose(0, ann);
  servers.main(0).to("r").emit("missed", 1);
  servers.main(2).emit("missed", 2);
  servers.main(0).to("other").emit("not hers");
  servers.carry();
  come(1, bob);
  EXPECT_EQ(servers[1].frames(bob), Frames{});
  servers.carry();
  EXPECT_EQ(servers[1].frames(bob),
            (Frames{R"(42["missed",1,"AQEB4"])", R"(42["missed",2,"AQEB5"])", reply}));
  const auto socket = *servers[1].last;
  EXPECT_TRUE(socket.recovered());
  EXPECT_EQ(socket.rooms(), (std::vector<std::string>{std::string{socket.id()}, "r"}));
  EXPECT_EQ(socket.auth(), R"({"token":1})");
  EXPECT_EQ(std::any_cast<SharedData>(socket.data())->json, "7");
  servers.main(2).to(socket.id()).emit("e");
  servers.carry();
  EXPECT_EQ(servers[1].frames(bob), Frames{R"(42["e","AQEB6"])"});
  EXPECT_EQ(servers.main(0).socket_count(), 0u);
}

TEST_F(MovingClient, BringsNoDataThatIsOfItsServerAlone) {
  *ann_there->data() = 7;
  lose(0, ann);
  come(1, bob);
  servers.carry();
  EXPECT_TRUE(servers[1].last->recovered());
  EXPECT_FALSE(servers[1].last->data()->has_value());
}

// The third server's word has reached the old one and not the new one.
TEST_F(MovingClient, HearsOnceWhatItsNewServerHearsLate) {
  lose(0, ann);
  servers.deaf = {1};
  servers.main(2).emit("late");
  servers[2].take();
  const auto late = servers[2].published.front();
  servers.carry();
  servers.deaf = {};
  come(1, bob);
  servers.carry();
  EXPECT_EQ(servers[1].frames(bob), (Frames{R"(42["late","AQEB1"])", reply}));
  servers.hear(2, 1, late);
  EXPECT_EQ(servers[1].frames(bob), Frames{});
  servers.main(2).emit("next");
  servers.carry();
  EXPECT_EQ(servers[1].frames(bob), Frames{R"(42["next","AQEB3"])"});
}

// And the other way round.
TEST_F(MovingClient, HearsWhatItsOldServerHasNotHeardYet) {
  lose(0, ann);
  servers.deaf = {0};
  servers.main(2).emit("early");
  servers.carry();
  servers.deaf = {};
  come(1, bob);
  servers.carry();
  EXPECT_EQ(servers[1].frames(bob), (Frames{R"(42["early","AQEB2"])", reply}));
}

TEST_F(MovingClient, ThatIsNotKnownToBeGoneIsEndedWhereItWas) {
  come(1, bob);
  servers.carry();
  EXPECT_EQ(servers[0].frames(ann), Frames{"close"});
  EXPECT_EQ(servers[1].frames(bob), Frames{reply});
  EXPECT_FALSE(ann_there->connected());
}

TEST_F(MovingClient, MayMoveOnBeforeItHasHeardAnything) {
  lose(0, ann);
  servers.main(1).emit("missed");
  servers.carry();
  come(1, bob);
  servers.carry();
  lose(1, bob);
  come(2, ann);
  servers.carry();
  EXPECT_EQ(servers[2].frames(ann), (Frames{R"(42["missed","AgIC2"])", reply}));
}

TEST_F(MovingClient, ThatGoesAgainWhileItIsLookedForIsFoundWhereItWas) {
  lose(0, ann);
  come(1, bob);
  lose(1, bob);
  servers.carry();
  come(2, ann);
  servers.carry();
  EXPECT_EQ(servers[2].frames(ann), Frames{reply});
}

TEST_F(MovingClient, WhomNobodyKnowsBeginsAnewWhenAllHaveSaidSo) {
  pid = "AAAAAAAAAAAAAAAAAAAZ";
  come(1, bob);
  EXPECT_EQ(servers[1].frames(bob), Frames{});
  servers.carry();
  const auto frames = servers[1].frames(bob);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_TRUE(frames.front().starts_with(R"(40{"sid":"AQEB)"));
  EXPECT_FALSE(servers[1].last->recovered());
}

TEST_F(MovingClient, AServerThatIsSilentCostsTheTimeLimit) {
  servers.deaf = {0};
  come(1, bob);
  servers.carry();
  servers.pass(4'999ms);
  EXPECT_EQ(servers[1].frames(bob), Frames{});
  servers.pass(1ms);
  EXPECT_EQ(servers[1].frames(bob).size(), 1u);
  EXPECT_FALSE(servers[1].last->recovered());
}

struct MovingClientThatIsAsked : MovingClient {
  MovingClientThatIsAsked() : MovingClient{{.skip_middlewares = false}} {}
};

TEST_F(MovingClientThatIsAsked, HearsItsMiddlewaresVerdictFirst) {
  lose(0, ann);
  servers.main(1).use([](Socket socket) -> Result<void, ConnectError> {
    EXPECT_TRUE(socket.auth().starts_with(R"({"pid":)"));
    return std::unexpected{ConnectError{"no"}};
  });
  come(1, bob);
  servers.carry();
  EXPECT_EQ(servers[1].frames(bob), Frames{R"(44{"message":"no"})"});
}

struct MovingClientsOfManyServers : MovingClient {
  MovingClientsOfManyServers() : MovingClient{{.searches_max = 1}} {}
};

TEST_F(MovingClientsOfManyServers, BeginAnewAtOnceWhileAsManyAreLookedForAsMay) {
  lose(0, ann);
  constexpr ConnectionId carol{3}, dave{4};
  come(1, bob);
  come(1, carol);
  EXPECT_EQ(servers[1].frames(bob), Frames{});
  EXPECT_EQ(servers[1].frames(carol).size(), 1u);
  EXPECT_FALSE(servers[1].last->recovered());
  servers.carry();
  EXPECT_TRUE(servers[1].last->recovered());

  // Also a search that is in vain makes room.
  pid = "nobody has this pid.";
  for (int n = 0; n < 2; ++n) {
    come(1, dave);
    EXPECT_EQ(servers[1].frames(dave), Frames{});
    servers.carry();
    EXPECT_EQ(servers[1].frames(dave).size(), 1u);
    servers[1].server.closed(dave, DisconnectReason::transport_close, servers[1].now);
  }
}

struct MovingClientOfMany : MovingClient {
  MovingClientOfMany() : MovingClient{{.events_max = 2}} {}
};

TEST_F(MovingClientOfMany, BeginsAnewIfNotAllIsKept) {
  lose(0, ann);
  for (int n = 0; n < 3; ++n) servers.main(2).emit("e");
  servers.carry();
  come(1, bob);
  servers.carry();
  EXPECT_EQ(servers[1].frames(bob).size(), 1u);
  EXPECT_FALSE(servers[1].last->recovered());
}

// The old server has not heard of those that the new one has dropped.
TEST_F(MovingClientOfMany, BeginsAnewIfItsNewServerHasNotKeptWhatIsMissing) {
  lose(0, ann);
  servers.deaf = {0};
  for (int n = 0; n < 3; ++n) servers.main(2).emit("e");
  servers.carry();
  servers.deaf = {};
  come(1, bob);
  servers.carry();
  EXPECT_EQ(servers[1].frames(bob).size(), 1u);
  EXPECT_FALSE(servers[1].last->recovered());
}

}  // namespace
}  // namespace parley::socketio
