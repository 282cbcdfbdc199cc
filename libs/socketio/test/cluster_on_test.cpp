// What concerns sockets of one other server and is told to that one alone: Broadcast::on(), which
// the original does not have.

#include "cluster_harness.hpp"

#include <parley/socketio/remote_socket.hpp>

#include <gtest/gtest.h>

#include <optional>

namespace parley::socketio {
namespace {

struct ClusterOn : testing::Test {
  ClusterOn() {
    for (std::size_t at = 0; at < 3; ++at) servers[at].enter(ann);
  }
  void expect_that_the_others_heard_nothing() {
    EXPECT_EQ(servers[0].last->rooms().size(), 1u);
    EXPECT_EQ(servers[0].frames(), Frames{});
    EXPECT_EQ(servers[1].frames(), Frames{});
  }

  Servers<3> servers;
  const Broadcast there = servers.main(0).on(NodeId{2});
};

TEST_F(ClusterOn, AnEventGoesThere) {
  there.emit("e");
  servers.carry();
  EXPECT_EQ(servers.messages, 1u);
  EXPECT_EQ(servers[2].frames(), Frames{R"(42["e"])"});
  expect_that_the_others_heard_nothing();
}

TEST_F(ClusterOn, SocketsThereAreMovedAndDisconnected) {
  there.sockets_join("r");
  there.sockets_leave("none");
  there.in("r").disconnect_sockets();
  servers.carry();
  EXPECT_EQ(servers.messages, 3u);
  EXPECT_EQ(servers[2].frames(), Frames{"41"});
  expect_that_the_others_heard_nothing();
}

TEST_F(ClusterOn, AQuestionIsOverWhenThoseThereHaveAnswered) {
  std::optional<Answers> answers;
  const auto note = [&](flow::task<Answers> asking) -> flow::task<> {
    answers = co_await std::move(asking);
  };
  servers[0].server.spawn(note(there.emit_with_ack("q")), "question");
  servers.carry();
  EXPECT_EQ(servers[2].frames(), Frames{R"(420["q"])"});
  EXPECT_FALSE(answers);
  servers[2].receive("430[1]");
  servers.carry();
  ASSERT_TRUE(answers && answers->is_complete);
  EXPECT_EQ(answers->values.size(), 1u);
  expect_that_the_others_heard_nothing();
}

TEST_F(ClusterOn, ThoseThereAreFetched) {
  std::optional<FetchedSockets> found;
  const auto note = [&](flow::task<FetchedSockets> fetching) -> flow::task<> {
    found = co_await std::move(fetching);
  };
  servers[0].server.spawn(note(there.fetch_sockets()), "fetch");
  servers.carry();
  ASSERT_TRUE(found && found->is_complete);
  ASSERT_EQ(found->sockets.size(), 1u);
  EXPECT_EQ(found->sockets.front().id, servers[2].last->id());
  EXPECT_EQ(servers.messages, 2u);
}

TEST_F(ClusterOn, NobodyHereIsAmongItsLocalSockets) { EXPECT_TRUE(there.local_sockets().empty()); }

}  // namespace
}  // namespace parley::socketio
