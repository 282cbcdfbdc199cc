// What servers that act as one ask of each other and of each other's clients, against Socket.IO's
// "Acknowledgements" of broadcasts, "fetchSockets" and "serverSideEmit". A server that is silent
// costs a time limit, and what came by then is given.

#include "cluster_harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

flow::task<> note_answers(flow::task<Answers> asking, Calls* calls) {
  const auto answers = co_await std::move(asking);
  std::string line = answers.is_complete ? "complete" : "partial";
  for (const auto& value : answers.values) line += " " + value.json;
  calls->push_back(line);
}

flow::task<> note_sockets(flow::task<FetchedSockets> fetching,
                          std::optional<FetchedSockets>* found) {
  *found = co_await std::move(fetching);
}

struct AskingServers : Servers<3> {
  using Servers::Servers;

  void ask(Broadcast whom) {
    Arguments question{R"(["q"])", {}};
    nodes[0]->server.spawn(note_answers(whom.ask(std::move(question)), &calls), "question");
    carry();
  }
  void ask_servers(Arguments question) {
    nodes[0]->server.spawn(note_answers(main(0).server_side_ask(std::move(question)), &calls),
                           "question");
    carry();
  }
  void fetch(Broadcast whom) {
    found.reset();
    nodes[0]->server.spawn(note_sockets(whom.fetch_sockets(), &found), "fetch");
    carry();
  }
  void receive(std::size_t at, std::string_view frame, ConnectionId from = ann) {
    nodes[at]->receive(frame, from);
    carry();
  }
  std::vector<std::string> found_ids() const {
    std::vector<std::string> ids;
    for (const auto& socket : found->sockets) ids.push_back(socket.id);
    return ids;
  }

  Calls calls;
  std::optional<FetchedSockets> found;
};

TEST(ClusterQuestion, IsOverWhenTheClientsOfAllServersHaveAnswered) {
  AskingServers servers;
  servers[0].enter(ann);
  servers[1].enter(ann);
  servers[1].enter(bob);
  servers.ask(servers.main(0).broadcast());
  EXPECT_EQ(servers[0].frames(), Frames{R"(420["q"])"});
  EXPECT_EQ(servers[1].frames(), Frames{R"(420["q"])"});
  servers.receive(1, "430[1,2]", bob);
  servers.receive(0, "430[3]");
  EXPECT_EQ(servers.calls, Calls{});
  servers.receive(1, "430[4]", ann);
  EXPECT_EQ(servers.calls, Calls{"complete [1,2] [3] [4]"});
  for (std::size_t at = 0; at < 3; ++at)
    EXPECT_EQ(servers[at].server.wake_at(), std::nullopt) << at;
}

TEST(ClusterQuestion, GoesToOneRoomAndCarriesBinaryBothWays) {
  AskingServers servers;
  servers[1].enter(ann).join("r");
  servers[2].enter(ann);
  const std::vector<std::string> attachments{"\x01"};
  const Arguments question{R"(["q",{"_placeholder":true,"num":0}])", attachments};
  std::vector<Answers> answers;
  const auto note = [&](flow::task<Answers> asking) -> flow::task<> {
    answers.push_back(co_await std::move(asking));
  };
  servers[0].server.spawn(note(servers.main(0).to("r").ask(question)), "question");
  servers.carry();
  EXPECT_EQ(servers[1].frames(), (Frames{R"(451-0["q",{"_placeholder":true,"num":0}])", "b:\x01"}));
  EXPECT_EQ(servers[2].frames(), Frames{});
  servers.receive(1, R"(461-0[{"_placeholder":true,"num":0}])");
  servers[1].server.received(ann, MessageKind::binary, "\x02", start);
  servers.carry();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_TRUE(answers[0].is_complete);
  EXPECT_EQ(answers[0].values,
            (std::vector{Arguments{R"([{"_placeholder":true,"num":0}])", {"\x02"}}}));
}

TEST(ClusterQuestion, DoesNotWaitForClientsThatLeave) {
  AskingServers servers;
  servers[1].enter(ann);
  servers[2].enter(ann);
  servers.ask(servers.main(0).broadcast());
  servers.receive(1, "430[1]");
  servers[2].server.closed(ann, DisconnectReason::transport_close, start);
  servers.carry();
  EXPECT_EQ(servers.calls, Calls{"partial [1]"});
}

TEST(ClusterQuestion, ToNobodyIsOverWhenAllServersHaveSaidSo) {
  AskingServers servers;
  servers.ask(servers.main(0).to("empty"));
  EXPECT_EQ(servers.calls, Calls{"complete"});
}

TEST(ClusterQuestion, ThatIsLocalAsksNobodyElse) {
  AskingServers servers;
  servers[0].enter(ann);
  servers[1].enter(ann);
  servers.ask(servers.main(0).local());
  servers.receive(0, "430[1]");
  EXPECT_EQ(servers.calls, Calls{"complete [1]"});
  EXPECT_EQ(servers.messages, 0u);
}

TEST(ClusterQuestion, EndsWithWhatCameInTime) {
  AskingServers servers;
  servers[0].enter(ann);
  servers[1].enter(ann);
  servers[1].enter(bob);
  servers.ask(servers.main(0).broadcast().timeout(10ms));
  servers.receive(0, "430[1]", ann);
  servers.receive(1, "430[2]", ann);
  servers.pass(10ms);
  EXPECT_EQ(servers.calls, Calls{"partial [1] [2]"});
  servers.receive(1, "430[3]", bob);  // after the time
  EXPECT_EQ(servers.calls.size(), 1u);
}

TEST(ClusterQuestion, IsOfNoUseToAServerThatIsSilent) {
  AskingServers servers;
  servers.deaf = {2};
  servers[0].enter(ann);
  servers[2].enter(ann);
  servers.ask(servers.main(0).broadcast().timeout(10ms));
  servers.receive(0, "430[1]");
  EXPECT_EQ(servers.calls, Calls{});
  servers.pass(10ms);
  EXPECT_EQ(servers.calls, Calls{"partial [1]"});
}

// The other server's last word came on the way back when the time was over.
TEST(ClusterQuestion, AnAnswerOfAServerAfterTheTimeIsForgotten) {
  AskingServers servers;
  servers[1].enter(ann);
  servers.ask(servers.main(0).broadcast().timeout(10ms));
  servers[1].receive("430[1]");
  servers[0].server.advance(start + 10ms);
  EXPECT_EQ(servers.calls, Calls{"partial"});
  servers.carry();
  servers.ask(servers.main(0).to("empty"));
  EXPECT_EQ(servers.calls, (Calls{"partial", "complete"}));
}

TEST(ClusterQuestion, OfANamespaceThatIsNotEverywhereIsAnsweredAllTheSame) {
  AskingServers servers;
  servers.ask(servers[0].server.of("/only-here").broadcast());
  EXPECT_EQ(servers.calls, Calls{"complete"});
}

TEST(ClusterQuestion, OfAParentReachesTheChildrenOfAllServers) {
  AskingServers servers;
  std::array<Namespace*, 3> parents;
  for (std::size_t at = 0; at < 3; ++at)
    parents[at] = &servers[at].server.of([](auto name, auto) { return name != "/"; });
  servers[1].server.opened(ann, {"GET", "/", {}, {}, {}}, start);
  servers[1].receive("40/dyn,");
  (void)servers[1].frames();
  servers.ask(parents[0]->broadcast());
  EXPECT_EQ(servers[1].frames(), Frames{R"(42/dyn,0["q"])"});
  servers.receive(1, "43/dyn,0[1]");
  EXPECT_EQ(servers.calls, Calls{"complete [1]"});
}

TEST(ClusterFetch, FindsTheSocketsOfAllServersAsTheyAre) {
  AskingServers servers;
  servers[0].enter(ann);
  servers[1].server.opened(ann, {"GET", "/socket.io/?a=1", {{"Cookie", "c"}}, {}, "192.0.2.1"},
                           start);
  servers[1].receive(R"(40{"token":7})");
  const auto there = *servers[1].last;
  there.join("r");
  *there.data() = SharedData::of(std::vector{1, 2});
  servers.fetch(servers.main(0).broadcast());
  ASSERT_TRUE(servers.found);
  EXPECT_TRUE(servers.found->is_complete);
  ASSERT_EQ(servers.found->sockets.size(), 2u);
  EXPECT_EQ(servers.found->sockets[0].id, servers[0].last->id());
  EXPECT_EQ(servers.found->sockets[0].data, "null");
  const auto& socket = servers.found->sockets[1];
  EXPECT_EQ(socket.id, there.id());
  EXPECT_EQ(socket.handshake.url(), "/socket.io/?a=1");
  EXPECT_EQ(socket.handshake.address(), "192.0.2.1");
  EXPECT_EQ(socket.handshake.header("cookie"), "c");
  EXPECT_EQ(socket.auth, R"({"token":7})");
  EXPECT_EQ(socket.rooms, (std::vector<std::string>{std::string{there.id()}, "r"}));
  EXPECT_EQ(socket.data, "[1,2]");
  EXPECT_EQ(servers[0].server.wake_at(), std::nullopt);
}

TEST(ClusterFetch, FindsTheSocketsOfARoom) {
  AskingServers servers;
  servers[1].enter(ann);
  const std::string in_room{servers[1].enter(bob).id()};
  servers[1].last->join("r");
  servers.fetch(servers.main(0).to("r"));
  EXPECT_EQ(servers.found_ids(), std::vector{in_room});
  servers.fetch(servers.main(0).to("r").except("r"));
  EXPECT_EQ(servers.found_ids(), std::vector<std::string>{});
}

TEST(ClusterFetch, ThatIsLocalOrOfAServerWithoutOthersIsThereAtOnce) {
  AskingServers servers;
  const std::string id{servers[0].enter(ann).id()};
  servers[1].enter(ann);
  servers.fetch(servers.main(0).local());
  EXPECT_EQ(servers.found_ids(), std::vector{id});
  EXPECT_TRUE(servers.found->is_complete);
  EXPECT_EQ(servers.messages, 0u);

  Host alone;
  const std::string own_id{alone.enter(ann).id()};
  std::optional<FetchedSockets> found;
  alone.server.spawn(note_sockets(alone.server.of("/").fetch_sockets(), &found), "fetch");
  ASSERT_TRUE(found && found->is_complete);
  EXPECT_EQ(found->sockets.front().id, own_id);
}

TEST(ClusterFetch, GivesWhatCameIfAServerIsSilent) {
  Options options;
  options.cluster.emplace().request_timeout = 20ms;
  AskingServers servers{options};
  servers.deaf = {2};
  const std::string id{servers[1].enter(ann).id()};
  servers[2].enter(ann);
  servers.fetch(servers.main(0).broadcast());
  servers.pass(19ms);
  EXPECT_FALSE(servers.found);
  servers.pass(1ms);
  ASSERT_TRUE(servers.found);
  EXPECT_FALSE(servers.found->is_complete);
  EXPECT_EQ(servers.found_ids(), std::vector{id});
  servers.fetch(servers.main(0).broadcast().timeout(1ms));
  servers.pass(1ms);
  EXPECT_TRUE(servers.found);
}

TEST(ClusterFetch, WhatIsFoundIsReachedWhereverItIs) {
  AskingServers servers;
  const auto there = servers[1].enter(ann);
  servers[1].enter(bob);
  servers.fetch(servers.main(0).to(there.id()));
  ASSERT_EQ(servers.found->sockets.size(), 1u);
  const auto& socket = servers.found->sockets.front();
  socket.emit("e", 1);
  socket.join("r");
  socket.join("s");
  socket.leave("r");
  servers.carry();
  EXPECT_EQ(servers[1].frames(ann), Frames{R"(42["e",1])"});
  EXPECT_EQ(there.rooms(), (std::vector<std::string>{std::string{there.id()}, "s"}));
  servers.ask(socket.room());
  servers.receive(1, "430[1]");
  EXPECT_EQ(servers.calls, Calls{"complete [1]"});
  (void)servers[1].frames(ann);
  socket.disconnect();
  servers.carry();
  EXPECT_EQ(servers[1].frames(ann), Frames{"41"});
  EXPECT_EQ(servers[1].frames(bob), Frames{});
  socket.emit("nobody is left");
  servers.carry();
  EXPECT_EQ(servers[1].frames(ann), Frames{});
}

// It is in a child that this server has not.
TEST(ClusterFetch, OfAParentFindsSocketsOfChildrenThatAreNotHere) {
  AskingServers servers;
  std::array<Namespace*, 3> parents;
  for (std::size_t at = 0; at < 3; ++at)
    parents[at] = &servers[at].server.of([](auto name, auto) { return name != "/"; });
  servers[1].server.opened(ann, {"GET", "/", {}, {}, {}}, start);
  servers[1].receive("40/dyn,");
  (void)servers[1].frames();
  servers.fetch(parents[0]->broadcast());
  ASSERT_EQ(servers.found->sockets.size(), 1u);
  servers.found->sockets.front().emit("e");
  servers.carry();
  EXPECT_EQ(servers[1].frames(), Frames{R"(42/dyn,["e"])"});
}

TEST(ServerSide, AnEventReachesTheOtherServersAndNotTheOneThatSaysIt) {
  AskingServers servers;
  Calls heard;
  for (std::size_t at = 0; at < 3; ++at) {
    servers.main(at).on_server_side("e", [&, at](ServerEvent& event) {
      EXPECT_FALSE(event.ack);
      const auto values = event.get<int, std::string>();
      ASSERT_TRUE(values);
      heard.push_back(std::to_string(at) + " of " +
                      std::to_string(std::to_underlying(event.from())) + ": " +
                      std::string{event.name()} + " " + std::to_string(std::get<0>(*values)) + " " +
                      std::get<1>(*values));
    });
  }
  servers.main(1).server_side_emit("e", 7, "x");
  servers.main(1).server_side_emit("nobody listens");
  servers.carry();
  EXPECT_EQ(heard, (Calls{"0 of 1: e 7 x", "2 of 1: e 7 x"}));
}

TEST(ServerSide, EachServerAnswersOnceAndAtItsLeisure) {
  AskingServers servers;
  std::optional<ServerAck> later;
  servers.main(1).on_server_side("q", [](ServerEvent& event) {
    event.ack("one");
    event.ack("two");
  });
  servers.main(2).on_server_side("q", [&](ServerEvent& event) { later = std::move(event.ack); });
  servers.ask_servers({R"(["q"])", {}});
  EXPECT_EQ(servers.calls, Calls{});
  (*later)(2, nullptr);
  servers.carry();
  EXPECT_EQ(servers.calls, Calls{R"(complete ["one"] [2,null])"});
  EXPECT_EQ(servers[0].server.wake_at(), std::nullopt);
}

TEST(ServerSide, AServerWhereNobodyListensIsNotWaitedFor) {
  AskingServers servers;
  const auto listener = servers.main(2).on_server_side("q", [](ServerEvent&) {});
  listener.off();
  servers.main(1).on_server_side("q", [](ServerEvent& event) { event.ack(1); });
  servers.ask_servers({R"(["q"])", {}});
  EXPECT_EQ(servers.calls, Calls{"partial [1]"});
}

TEST(ServerSide, AServerThatIsSilentCostsTheTimeLimit) {
  AskingServers servers;
  servers.main(1).on_server_side("q", [](ServerEvent& event) { event.ack(1); });
  servers.main(2).on_server_side("q", [](ServerEvent&) {});
  servers.ask_servers({R"(["q"])", {}});
  servers.pass(4'999ms);
  EXPECT_EQ(servers.calls, Calls{});
  servers.pass(1ms);
  EXPECT_EQ(servers.calls, Calls{"partial [1]"});
}

TEST(ServerSide, WithoutOthersAQuestionIsAnsweredAtOnceByNobody) {
  Host alone;
  Calls calls;
  alone.server.spawn(note_answers(alone.server.of("/").server_side_emit_with_ack("q"), &calls),
                     "question");
  EXPECT_EQ(calls, Calls{"complete"});
  EXPECT_EQ(alone.server.server_count(), 1u);
  AskingServers servers;
  EXPECT_EQ(servers[0].server.server_count(), 3u);
}

TEST(ServerSide, NamespacesAreApartAndChildrenHearWithTheHandlersOfTheirParent) {
  AskingServers servers;
  Calls heard;
  servers.main(1).on_server_side("e", [&](ServerEvent&) { heard.emplace_back("main"); });
  auto& parent = servers[1].server.of([](auto name, auto) { return name == "/dyn"; });
  parent.on_server_side("e", [&](ServerEvent&) { heard.emplace_back("parent"); });
  servers[1].server.opened(ann, {"GET", "/", {}, {}, {}}, start);
  servers[1].receive("40/dyn,");
  servers[1].server.of("/dyn").on_server_side("e",
                                              [&](ServerEvent&) { heard.emplace_back("child"); });
  servers[0].server.of("/dyn").server_side_emit("e");
  servers.carry();
  EXPECT_EQ(heard, (Calls{"parent", "child"}));
}

TEST(ServerSideDeathTest, NamesThatTheFieldReservesAreOurBug) {
  AskingServers servers;
  EXPECT_DEATH(servers.main(0).server_side_emit("connection"), "may_be_emitted");
  EXPECT_DEATH(servers.main(0).server_side_relay("[7]"), "may_be_emitted");
}

}  // namespace
}  // namespace parley::socketio
