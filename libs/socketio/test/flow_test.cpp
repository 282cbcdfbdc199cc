// Handlers that are flows and the questions that they ask, against Socket.IO's "Acknowledgements"
// and "Broadcasting events" (with acknowledgements), and libs/flow's rules of cancellation.

#include "harness.hpp"

#include <parley/flow/within.hpp>

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

flow::task<> answer_later(KeptEvent event) {
  co_await flow::sleep(event.socket.server().scheduler(), 10ms);
  event.ack.relay(event.arguments);
  event.socket.relay(R"(["done"])");
}

flow::task<> wait_and_fail(KeptEvent event) {
  co_await flow::sleep(event.socket.server().scheduler(), 10ms);
  co_await flow::fail(flow::Error{AckFault::not_connected, "for no reason"});
}

// Asks everybody, and writes down what came back.
flow::task<> ask_all(Broadcast to, Duration time, Calls* calls) {
  Arguments question{R"(["q"])", {}};
  const auto answers = co_await to.timeout(time).ask(std::move(question));
  std::string line = answers.is_complete ? "complete" : "partial";
  for (const auto& value : answers.values) line += " " + value.json;
  calls->push_back(line);
}

flow::task<> ask_within(Socket socket, Duration time, Calls* calls) {
  Arguments question{R"(["q"])", {}};
  auto asking = socket.ask(std::move(question));
  auto limited = flow::within(socket.server().scheduler(), time, std::move(asking));
  const auto answer = co_await flow::attempt(std::move(limited));
  calls->push_back(answer ? answer->json : answer.error().code.message());
}

struct Asking : Host {
  Socket a = enter(ann);
  Socket b = enter(bob);
  Calls calls;
};

TEST(SocketioFlow, AHandlerThatIsAFlowGoesOnLater) {
  Host host;
  host.server.of("/").on("e", answer_later);
  host.enter(ann);
  host.receive(R"(427["e",{"a":1}])");
  EXPECT_EQ(host.frames(), Frames{});
  EXPECT_EQ(host.server.wake_at(), start + 10ms);
  host.pass(10ms);
  EXPECT_EQ(host.frames(), (Frames{R"(437["e",{"a":1}])", R"(42["done"])"}));
}

TEST(SocketioFlow, ItRunsBesideOthersOneForEachEvent) {
  Host host;
  host.server.of("/").on("e", answer_later);
  host.enter(ann);
  host.receive(R"(421["e"])");
  host.pass(5ms);
  host.receive(R"(422["e"])");
  host.pass(5ms);
  EXPECT_EQ(host.frames(), (Frames{R"(431["e"])", R"(42["done"])"}));
  host.pass(5ms);
  EXPECT_EQ(host.frames(), (Frames{R"(432["e"])", R"(42["done"])"}));
}

TEST(SocketioFlow, ItOutlivesItsSocketHarmlessly) {
  Host host;
  host.server.of("/").on("e", answer_later);
  host.enter(ann);
  host.receive(R"(421["e"])");
  host.lose();
  host.pass(10ms);
  EXPECT_EQ(host.frames(), Frames{});
  EXPECT_EQ(host.take_failures(), Frames{});
}

TEST(SocketioFlow, ItOutlivesItsRegistration) {
  Host host;
  const auto text = std::make_shared<std::string>(R"(["kept by the handler"])");
  auto listener = host.server.of("/").on("e", [text](KeptEvent event) -> flow::task<> {
    co_await flow::sleep(event.socket.server().scheduler(), 10ms);
    event.socket.relay(*text);
  });
  host.enter(ann);
  host.receive(R"(42["e"])");
  listener.off();
  host.receive(R"(42["e"])");  // the handlers that are off are let go here
  host.pass(10ms);
  EXPECT_EQ(host.frames(), Frames{R"(42["kept by the handler"])"});
}

TEST(SocketioFlow, ItsFailureIsToldToTheHostAndToNobodyElse) {
  Host host;
  host.server.of("/custom").on("e", wait_and_fail);
  host.open_and_join(ann, "40/custom,");
  host.receive(R"(42/custom,["e"])");
  host.pass(10ms);
  EXPECT_EQ(host.take_failures(),
            Frames{"/custom: e failed: the socket had left already (for no reason)"});
  EXPECT_EQ(host.frames(), Frames{});
  host.receive(R"(42/custom,["still here"])");
  EXPECT_EQ(host.custom.take().back(), "returned");
}

TEST(SocketioFlow, TheServerMayEndWhileFlowsRun) {
  Host host;
  host.server.of("/").on("e", answer_later);
  auto socket = host.enter(ann);
  host.receive(R"(421["e"])");
  host.main.ask(socket, R"(["q"])");
}

TEST(SocketioFlow, AnAnswerInTimeIsTheAnswer) {
  Asking host;
  host.server.spawn(ask_within(host.a, 10ms, &host.calls), "question");
  EXPECT_EQ(host.frames(), Frames{R"(420["q"])"});
  host.pass(9ms);
  host.receive("430[1]");
  EXPECT_EQ(host.calls, Calls{"[1]"});
  EXPECT_EQ(host.server.wake_at(), std::nullopt);
}

TEST(SocketioFlow, AnAnswerAfterTheTimeIsForgotten) {
  Asking host;
  host.server.spawn(ask_within(host.a, 10ms, &host.calls), "question");
  host.pass(10ms);
  host.receive("430[1]");
  EXPECT_EQ(host.calls.size(), 1u);
  EXPECT_NE(host.calls.front(), "[1]");
  host.receive(R"(42["fine"])");
  EXPECT_EQ(host.main.take().back(), "returned");
}

TEST(SocketioFlow, AQuestionFailsWhenItsClientLeaves) {
  Asking host;
  host.main.ask(host.a, R"(["q"])");
  host.lose();
  EXPECT_EQ(host.take_failures(),
            Frames{"question failed: the socket was disconnected before it answered"});
  EXPECT_EQ(host.main.take(), Calls{"disconnected 1 transport close"});
}

TEST(SocketioFlow, AQuestionMayBeAskedFromTheConnectionHandler) {
  Host host;
  host.main.on_connected = [&](Socket socket) { host.main.ask(socket, R"(["who?"])"); };
  host.open();
  host.receive("40");
  EXPECT_EQ(host.frames(), (Frames{R"(40{"sid":"AAAAAAAAAAAAAAAAAAAA"})", R"(420["who?"])"}));
  host.receive(R"(430["Ann"])");
  EXPECT_EQ(host.main.take().back(), R"(acknowledged 1 ["Ann"])");
}

TEST(SocketioFlow, AQuestionToAllIsOverWhenAllHaveAnswered) {
  Asking host;
  host.server.spawn(ask_all(host.server.of("/").broadcast(), 10ms, &host.calls), "question");
  EXPECT_EQ(host.frames(ann), Frames{R"(420["q"])"});  // one number for all
  EXPECT_EQ(host.frames(bob), Frames{R"(420["q"])"});
  host.receive("430[2,3]", bob);
  EXPECT_EQ(host.calls, Calls{});
  host.receive("430[1]", ann);
  EXPECT_EQ(host.calls, Calls{"complete [2,3] [1]"});
  EXPECT_EQ(host.server.wake_at(), std::nullopt);
}

TEST(SocketioFlow, AQuestionToAllEndsWithWhatCameInTime) {
  Asking host;
  host.server.spawn(ask_all(host.server.of("/").broadcast(), 10ms, &host.calls), "question");
  host.receive("430[1]", ann);
  host.receive("430[1]", ann);  // once is enough
  host.pass(10ms);
  EXPECT_EQ(host.calls, Calls{"partial [1]"});
  host.receive("430[2]", bob);
  host.main.ask(host.b, R"(["q"])");
  EXPECT_EQ(host.calls.size(), 1u);
  EXPECT_EQ(host.frames(bob), (Frames{R"(420["q"])", R"(421["q"])"}));
}

TEST(SocketioFlow, AQuestionToAllDoesNotWaitForWhoLeaves) {
  Asking host;
  host.server.spawn(ask_all(host.server.of("/").broadcast(), 1h, &host.calls), "question");
  host.receive("430[1]", ann);
  host.lose(bob);
  EXPECT_EQ(host.calls, Calls{"partial [1]"});
}

TEST(SocketioFlow, AQuestionToNobodyIsAnsweredAtOnce) {
  Asking host;
  host.server.spawn(ask_all(host.server.of("/").to("empty"), 1h, &host.calls), "question");
  host.pass(0ms);
  EXPECT_EQ(host.calls, Calls{"complete"});
}

TEST(SocketioFlow, AQuestionToOthersLeavesOutWhoAsks) {
  Asking host;
  host.server.spawn(ask_all(host.a.broadcast(), 1h, &host.calls), "question");
  EXPECT_EQ(host.frames(ann), Frames{});
  host.receive("430[2]", bob);
  EXPECT_EQ(host.calls, Calls{"complete [2]"});
}

}  // namespace
}  // namespace parley::socketio
