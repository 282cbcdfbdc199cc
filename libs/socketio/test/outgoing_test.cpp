// What a server says, looked at on its way out, and what it may not say, against Socket.IO's
// "Catch-all listeners" and "Reserved events" of its "Emit cheatsheet".

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

struct Watched : Host {
  explicit Watched(Options options = {}) : Host{options} {
    server.of("/").on_any_outgoing([this](Socket socket, const ArgumentsView& arguments) {
      said.push_back(Recorder::number(socket) + " " + std::string{arguments.json});
    });
  }
  Calls take() { return std::exchange(said, {}); }

  Calls said;
};

std::string to(Socket socket, std::string_view json) {
  return Recorder::number(socket) + " " + std::string{json};
}

TEST(SocketioOutgoing, EventsAreSeenOnceForEachWhomTheyGoTo) {
  Watched host;
  const auto a = host.enter(ann);
  const auto b = host.enter(bob);
  EXPECT_EQ(host.take(), Calls{});
  a.emit("e", 1);
  host.server.of("/").emit("f");
  b.broadcast().emit("g");
  EXPECT_EQ(host.take(),
            (Calls{to(a, R"(["e",1])"), to(a, R"(["f"])"), to(b, R"(["f"])"), to(a, R"(["g"])")}));
}

TEST(SocketioOutgoing, QuestionsAreSeenAndAnswersAreNot) {
  Watched host;
  const auto a = host.enter(ann);
  host.main.on_received = [](Event& event) { event.ack("yes"); };
  host.receive(R"(421["q"])");
  EXPECT_EQ(host.take(), Calls{});
  host.main.ask(a, R"(["q",2])");
  host.pass(Duration{0});
  EXPECT_EQ(host.take(), (Calls{to(a, R"(["q",2])")}));
}

TEST(SocketioOutgoing, ASocketHasListenersOfItsOwn) {
  Host host;
  const auto a = host.enter(ann);
  const auto b = host.enter(bob);
  Calls said;
  auto listener =
      a.on_any_outgoing([&](const ArgumentsView& arguments) { said.emplace_back(arguments.json); });
  host.server.of("/").emit("e");
  b.emit("f");
  listener.off();
  a.emit("g");
  EXPECT_EQ(said, (Calls{R"(["e"])"}));
}

TEST(SocketioOutgoing, EventsAreSeenAsTheyWereMeantWhenOffsetsGoWithThem) {
  Watched host{{.connection_state_recovery = ConnectionStateRecovery{}}};
  const auto a = host.enter(ann);
  a.emit("e");
  host.server.of("/").emit("f");
  EXPECT_EQ(host.take(), (Calls{to(a, R"(["e"])"), to(a, R"(["f"])")}));
}

TEST(SocketioOutgoing, AListenerMayDisconnectWhomItHearsOf) {
  Host host;
  host.enter(ann);
  host.enter(bob);
  host.server.of("/").on_any_outgoing([](Socket socket, const ArgumentsView&) {
    socket.broadcast().disconnect_sockets();
    socket.disconnect();
  });
  host.server.of("/").emit("e");
  const Frames end{R"(42["e"])", "41"};
  EXPECT_EQ(host.frames(ann), end);
  EXPECT_EQ(host.frames(bob), end);
}

TEST(SocketioReserved, NamesAreNotSentAndTheHostIsTold) {
  Host host;
  const auto a = host.enter(ann);
  for (const std::string name : {"connect", "connect_error", "disconnect", "disconnecting",
                                 "newListener", "removeListener"}) {
    a.emit(name);
    host.server.of("/").emit(name, 1);
    EXPECT_EQ(host.frames(), Frames{});
    const auto told = "not sent: the event name " + name + " is reserved";
    EXPECT_EQ(host.take_failures(), (Calls{told, told}));
  }
  a.emit("error");
  EXPECT_EQ(host.frames(), (Frames{R"(42["error"])"}));
}

TEST(SocketioAttachments, ThatAreTooManyAreNotSentAndTheHostIsTold) {
  Options options;
  options.max_attachments = 2;
  Host host{options};
  const auto a = host.enter(ann);
  host.server.of("/").on("ask",
                         [](Event& event) { event.ack(Bytes{"a"}, Bytes{"b"}, Bytes{"c"}); });
  const std::vector<Bytes> three{{"a"}, {"b"}, {"c"}};
  a.emit("e", three);
  host.server.of("/").emit("e", three);
  host.receive(R"(421["ask"])");
  EXPECT_EQ(host.frames(), Frames{});
  const std::string told = "not sent: 3 attachments, 2 at most";
  EXPECT_EQ(host.take_failures(), (Calls{told, told, told}));
  a.emit("e", Bytes{"a"}, Bytes{"b"});
  EXPECT_EQ(host.frames().size(), 3u);
}

// Whoever hands on what a client sent is not made to send more attachments than came.
TEST(SocketioAttachments, ThatAClientNamesAgainAndAgainGoOnOnce) {
  Options options;
  options.max_attachments = 1;
  Host host{options};
  host.enter(ann);
  host.server.of("/").on(
      "echo", [](Event& event) { event.socket().emit("back", std::get<0>(*event.get<Json>())); });
  std::string many = R"(451-["echo",[)";
  for (int n = 0; n < 1'000; ++n) many += R"({"_placeholder":true,"num":0},)";
  many.back() = ']';
  host.receive(many + ']');
  host.receive_binary("x");
  const auto frames = host.frames();
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_TRUE(frames[0].starts_with(R"(451-["back",[{"_placeholder":true,"num":0},)"));
  EXPECT_EQ(frames[1], "b:x");
}

TEST(SocketioReserved, QuestionsOfSuchANameFail) {
  Host host;
  const auto a = host.enter(ann);
  host.main.ask(a, R"(["disconnect"])");
  host.pass(Duration{0});
  EXPECT_EQ(host.frames(), Frames{});
  EXPECT_EQ(host.take_failures(), (Calls{"question failed: the name of the event is reserved"}));
}

flow::task<> ask_all(Namespace* all, Calls* calls) {
  const auto answers = co_await all->broadcast().emit_with_ack("disconnect");
  calls->push_back(answers.is_complete ? "complete" : "nothing");
}

TEST(SocketioReserved, NobodyIsAskedBySuchAName) {
  Host host;
  host.enter(ann);
  Calls calls;
  host.server.spawn(ask_all(&host.server.of("/"), &calls), "question");
  EXPECT_EQ(calls, (Calls{"nothing"}));
  EXPECT_EQ(host.frames(), Frames{});
}

TEST(SocketioOnce, AHandlerHearsOneEvent) {
  Host host;
  const auto a = host.enter(ann);
  host.enter(bob);
  Calls heard;
  host.server.of("/").once("e", [&](Event&) { heard.emplace_back("one of all"); });
  a.once("e", [&](Socket, int value) { heard.push_back("ann's " + std::to_string(value)); });
  for (const auto id : {bob, ann, ann}) host.receive(R"(42["e",1])", id);
  EXPECT_EQ(heard, (Calls{"one of all", "ann's 1"}));
}

TEST(SocketioOnce, AHandlerThatIsTakenOffHearsNone) {
  Host host;
  host.enter(ann);
  const auto listener = host.server.of("/").once("e", [](Event&) { FAIL(); });
  listener.off();
  host.receive(R"(42["e"])");
}

}  // namespace
}  // namespace parley::socketio
