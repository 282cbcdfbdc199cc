// A server's side of connection state recovery, against Socket.IO's documentation and frames of
// socket.io 4.8.4. Where we do more than it does, the decision is in docs/decisions.md.

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

const std::string first_reply = R"(40{"sid":"AAAAAAAAAAAAAAAAAAAA","pid":"AAAAAAAAAAAAAAAAAAAC"})";
const std::string second_reply = R"(40{"sid":"AAAAAAAAAAAAAAAAAAAB","pid":"AAAAAAAAAAAAAAAAAAAD"})";
const std::string both = R"(40{"pid":"AAAAAAAAAAAAAAAAAAAC","offset":"AAAA1"})";
const std::string pid_alone = R"(40{"pid":"AAAAAAAAAAAAAAAAAAAC"})";

constexpr ConnectionId again{3};
Options options(ConnectionStateRecovery recovery = {}) {
  Options made;
  made.connection_state_recovery = recovery;
  return made;
}

struct Recovering : ::testing::Test {
  explicit Recovering(ConnectionStateRecovery recovery = {}) : host{options(recovery)} {}

  Namespace& main() { return host.server.of("/"); }
  Socket last() { return *host.main.last; }

  /// Ann connects, and gets one event.
  void begin() {
    host.open_and_join();
    last().relay(R"(["a"])");
    EXPECT_EQ(host.frames(), Frames{R"(42["a","AAAA1"])"});
  }
  /// She comes on another connection. What she hears.
  Frames come_back(std::string_view frame = both) {
    host.open(again);
    host.receive(frame, again);
    return host.frames(again);
  }

  Host host;
};

TEST_F(Recovering, TheReplyCarriesAPrivateId) {
  host.open();
  host.receive("40");
  EXPECT_EQ(host.frames(), Frames{first_reply});
  EXPECT_FALSE(last().recovered());
}

TEST_F(Recovering, EventsCarryTheirOffsets) {
  host.open_and_join();
  host.open_and_join(bob);
  main().relay(R"(["all",{"b":1}])");
  last().relay(R"(["one"])");
  last().broadcast().relay(R"(["others" ])");
  EXPECT_EQ(host.frames(), (Frames{R"(42["all",{"b":1},"AAAA1"])", R"(42["others" ,"AAAA3"])"}));
  EXPECT_EQ(host.frames(bob), (Frames{R"(42["all",{"b":1},"AAAA1"])", R"(42["one","AAAA2"])"}));
}

TEST_F(Recovering, BinaryEventsToo) {
  host.open_and_join();
  const std::vector<std::string> bytes{"\1\2"};
  last().relay({R"(["b",{"_placeholder":true,"num":0}])", bytes});
  EXPECT_EQ(host.frames(),
            (Frames{R"(451-["b",{"_placeholder":true,"num":0},"AAAA1"])", "b:\1\2"}));
  host.lose();
  EXPECT_EQ(come_back(pid_alone),
            (Frames{R"(451-["b",{"_placeholder":true,"num":0},"AAAA1"])", "b:\1\2", first_reply}));
}

TEST_F(Recovering, QuestionsAndAnswersCarryNone) {
  host.open_and_join();
  host.main.ask(last(), R"(["q"])");
  host.main.on_received = [](Event& event) { event.ack("yes"); };
  host.receive(R"(421["?"])");
  EXPECT_EQ(host.frames(), (Frames{R"(420["q"])", R"(431["yes"])"}));
  host.lose();
  EXPECT_EQ(come_back(pid_alone), Frames{first_reply});
}

TEST_F(Recovering, AVolatileEventCarriesTheOffsetOfTheOneBeforeAndIsNotMissed) {
  host.open_and_join();
  last().relay(R"(["v"])", {.is_volatile = true});
  main().emit("a");
  main().volatile_().emit("w", "x");
  EXPECT_EQ(host.frames(),
            (Frames{R"(42["v","AAAA0"])", R"(42["a","AAAA1"])", R"(42["w","x","AAAA1"])"}));
  host.lose();
  main().volatile_().emit("missed");
  EXPECT_EQ(come_back(), Frames{first_reply});
}

TEST_F(Recovering, ClientsOfRevision3GetEventsAsTheyAre) {
  const HttpRequest handshake{"GET", "/socket.io/?EIO=3", {}, {}, {}};
  host.open_and_join();
  host.server.opened(bob, handshake, host.now, {Revision::v3, first_sid});
  EXPECT_EQ(host.frames(bob), Frames{"40"});
  last().relay(R"(["one"])");
  main().relay(R"(["all"])");
  EXPECT_EQ(host.frames(), Frames{R"(42["all","AAAA1"])"});
  EXPECT_EQ(host.frames(bob), (Frames{R"(42["one"])", R"(42["all"])"}));
}

TEST_F(Recovering, AClientGetsItsIdAndWhatItMissedBeforeTheReply) {
  begin();
  host.lose();
  main().relay(R"(["all"])");
  main().to(first_sid).relay(R"(["one"])");
  EXPECT_EQ(come_back(), (Frames{R"(42["all","AAAA2"])", R"(42["one","AAAA3"])", first_reply}));
  EXPECT_TRUE(last().recovered());
  EXPECT_EQ(last().id(), first_sid);
  EXPECT_EQ(host.main.take().back(), "connected " + Recorder::number(last()));
  last().relay(R"(["here"])");
  EXPECT_EQ(host.frames(again), Frames{R"(42["here","AAAA4"])"});
}

TEST_F(Recovering, AndWhatWasLostOnItsWay) {
  begin();
  main().relay(R"(["lost"])");
  (void)host.frames();
  host.lose();
  EXPECT_EQ(come_back(), (Frames{R"(42["lost","AAAA2"])", first_reply}));
}

TEST_F(Recovering, AClientIsInItsRoomsAgainAndMissedWhatWasForThem) {
  begin();
  last().join("blue");
  host.lose();
  main().to("blue").relay(R"(["blue"])");
  main().to("red").relay(R"(["red"])");
  main().except("blue").relay(R"(["not blue"])");
  main().except(first_sid).relay(R"(["not her"])");
  EXPECT_EQ(come_back(), (Frames{R"(42["blue","AAAA2"])", first_reply}));
  EXPECT_EQ(last().rooms(), (std::vector<std::string>{first_sid, "blue"}));
  main().to("blue").relay(R"(["more"])");
  EXPECT_EQ(host.frames(again), Frames{R"(42["more","AAAA6"])"});
}

TEST_F(Recovering, DataComesBackAsTheLastHandlerLeftIt) {
  begin();
  *last().data() = 1;
  host.main.on_disconnected = [](Socket socket) { ++std::any_cast<int&>(*socket.data()); };
  host.lose();
  host.main.on_connected = [](Socket socket) { EXPECT_TRUE(socket.data()->has_value()); };
  (void)come_back();
  EXPECT_EQ(std::any_cast<int>(*last().data()), 2);
}

TEST_F(Recovering, MiddlewaresAreSkippedAndTheAuthIsTheOneThatTheyHaveSeen) {
  host.open_and_join(ann, R"(40{"token":1})");
  host.lose();
  host.main.take();
  (void)come_back(R"(40{"pid":"AAAAAAAAAAAAAAAAAAAC","token":2})");
  EXPECT_EQ(host.main.take(), Calls{"connected " + Recorder::number(last())});
  EXPECT_EQ(last().auth(), R"({"token":1})");
}

TEST_F(Recovering, AClientThatNeverGotAnEventIsRecoveredToo) {
  host.open_and_join();
  host.lose();
  main().relay(R"(["first"])");
  EXPECT_EQ(come_back(pid_alone), (Frames{R"(42["first","AAAA1"])", first_reply}));
}

TEST_F(Recovering, NoEventsOfTheTimeBeforeASessionAreMissed) {
  main().relay(R"(["before"])");
  host.open_and_join();
  host.lose();
  EXPECT_EQ(come_back(pid_alone), Frames{first_reply});
}

TEST_F(Recovering, ASocketThatIsNotKnownToBeDeadIsEndedFirst) {
  begin();
  last().join("blue");
  main().relay(R"(["lost"])");
  (void)host.frames();
  host.main.take();
  EXPECT_EQ(come_back(), (Frames{R"(42["lost","AAAA2"])", first_reply}));
  EXPECT_EQ(host.frames(), Frames{"close"});
  EXPECT_EQ(host.main.take(),
            (Calls{"disconnected 1 transport close", "connected " + Recorder::number(last())}));
  EXPECT_TRUE(last().recovered());
  EXPECT_EQ(last().rooms(), (std::vector<std::string>{first_sid, "blue"}));
  host.lose();
  EXPECT_EQ(host.main.take(), Calls{}) << "nothing is left of the old connection";
}

TEST_F(Recovering, ItsConnectionStaysIfOtherNamespacesLiveOnIt) {
  begin();
  host.receive("40/custom");
  (void)host.frames();
  EXPECT_EQ(come_back(), Frames{first_reply});
  EXPECT_EQ(host.frames(), Frames{});
  host.receive(R"(42/custom,["x"])");
  EXPECT_EQ(host.custom.take().back(), "returned");
}

TEST_F(Recovering, AHandlerMayCloseTheNewConnectionAsTheOldSocketEnds) {
  begin();
  host.open(again);
  host.receive("40/custom", again);
  (void)host.frames(again);
  host.main.on_disconnected = [&](Socket) {
    host.custom.last->disconnect(Socket::Scope::whole_connection);
  };
  host.receive(both, again);
  EXPECT_EQ(host.frames(again), (Frames{"41/custom,", "close"}));
}

TEST_F(Recovering, AnotherNamespacesPrivateIdIsWorthNothing) {
  begin();
  const auto frames = come_back(R"(40/custom,{"pid":"AAAAAAAAAAAAAAAAAAAC","offset":"AAAA1"})");
  EXPECT_EQ(frames,
            Frames{R"(40/custom,{"sid":"AAAAAAAAAAAAAAAAAAAB","pid":"AAAAAAAAAAAAAAAAAAAD"})"});
  EXPECT_TRUE(last().connected());
}

TEST_F(Recovering, WhoLeftOrWasSentAwayBeginsAnew) {
  begin();
  host.receive("41");
  EXPECT_EQ(come_back(), Frames{second_reply});
  EXPECT_FALSE(last().recovered());
  last().disconnect(Socket::Scope::whole_connection);
  (void)host.frames(again);
  host.open(bob);
  host.receive(R"(40{"pid":"AAAAAAAAAAAAAAAAAAAD"})", bob);
  EXPECT_EQ(host.frames(bob),
            Frames{R"(40{"sid":"AAAAAAAAAAAAAAAAAAAC","pid":"AAAAAAAAAAAAAAAAAAAE"})"});
}

TEST_F(Recovering, WhoBrokeTheProtocolIsRecovered) {
  begin();
  host.receive("47");
  EXPECT_EQ(come_back(), Frames{first_reply});
}

TEST_F(Recovering, ASessionIsGivenBackOnce) {
  begin();
  host.lose();
  EXPECT_EQ(come_back(), Frames{first_reply});
  last().disconnect();
  (void)host.frames(again);
  host.open(bob);
  host.receive(both, bob);
  EXPECT_EQ(host.frames(bob), Frames{second_reply});
}

TEST_F(Recovering, AndIsKeptAgainWhenItsClientIsLostAgain) {
  begin();
  host.lose();
  main().relay(R"(["b"])");
  (void)come_back();
  host.lose(again);
  main().relay(R"(["c"])");
  host.open(bob);
  host.receive(R"(40{"pid":"AAAAAAAAAAAAAAAAAAAC","offset":"AAAA2"})", bob);
  EXPECT_EQ(host.frames(bob), (Frames{R"(42["c","AAAA3"])", first_reply}));
}

TEST_F(Recovering, WhoComesTooLateBeginsAnew) {
  begin();
  host.lose();
  host.pass(2min);
  EXPECT_EQ(come_back(), Frames{second_reply});
  EXPECT_FALSE(last().recovered());
}

TEST_F(Recovering, WhoNeedsWhatIsNotKeptAnyMoreBeginsAnew) {
  begin();
  host.lose();
  for (int n = 0; n <= 10'000; ++n) main().relay(R"(["x"])");
  EXPECT_EQ(come_back(), Frames{second_reply});
}

TEST_F(Recovering, TheServerWakesToForgetAndThenNoMore) {
  begin();
  host.lose();
  for (int wakes = 0; host.server.wake_at(); ++wakes) {
    ASSERT_LE(wakes, 20);
    host.pass(*host.server.wake_at() - host.now);
  }
  EXPECT_GE(host.now, start + 165s) << "events are kept longest";
}

TEST_F(Recovering, ADynamicNamespaceStaysAsLongAsItsClientsMayComeBack) {
  auto wished = options();
  wished.cleanup_empty_child_namespaces = true;
  Host dynamic{wished};
  int made = 0;
  dynamic.server.on_new_namespace = [&](Namespace&) { ++made; };
  auto& parent =
      dynamic.server.of([](std::string_view name, std::string_view) { return name == "/child"; });
  dynamic.open_and_join(ann, "40/child");
  dynamic.lose();
  parent.relay(R"(["x"])");
  dynamic.open(again);
  dynamic.receive(R"(40/child,{"pid":"AAAAAAAAAAAAAAAAAAAD"})", again);
  EXPECT_EQ(dynamic.frames(again),
            (Frames{R"(42/child,["x","AAAA1"])",
                    R"(40/child,{"sid":"AAAAAAAAAAAAAAAAAAAA","pid":"AAAAAAAAAAAAAAAAAAAD"})"}));
  EXPECT_EQ(made, 1);
  dynamic.lose(again);
  dynamic.pass(3min);
  dynamic.open_and_join(bob, "40/child");
  EXPECT_EQ(made, 2);
}

struct RecoveringWithMiddlewares : Recovering {
  RecoveringWithMiddlewares() : Recovering{{.skip_middlewares = false, .events_max = 3}} {
    main().use([this](Socket socket) { return take_time(this, socket); });
    begin_slowly();
  }
  static flow::task<Result<void, ConnectError>> take_time(RecoveringWithMiddlewares* self,
                                                          Socket socket) {
    self->asked = socket;
    co_await flow::sleep(self->host.server.scheduler(), self->delay);
    co_return Result<void, ConnectError>{};
  }
  void begin_slowly() {
    host.open();
    host.receive("40");
    host.pass(delay);
    last().relay(R"(["a"])");
    last().join("blue");
    (void)host.frames();
    host.lose();
    host.main.take();
    delay = 1s;
  }

  Duration delay{0};
  std::optional<Socket> asked;
};

TEST_F(RecoveringWithMiddlewares, TheySeeTheSocketAsItWasAndTheNewAuth) {
  EXPECT_EQ(come_back(), Frames{});
  EXPECT_EQ(host.main.take().front().substr(0, 13), R"(admit {"pid":)");
  EXPECT_TRUE(asked->recovered());
  EXPECT_EQ(asked->rooms(), (std::vector<std::string>{first_sid, "blue"}));
}

TEST_F(RecoveringWithMiddlewares, WhatIsSentMeanwhileComesInItsTurn) {
  EXPECT_EQ(come_back(), Frames{});
  asked->relay(R"(["b"])");
  main().to("blue").relay(R"(["c"])");
  host.pass(1s);
  EXPECT_EQ(host.frames(again), (Frames{R"(42["b","AAAA2"])", R"(42["c","AAAA3"])", first_reply}));
}

TEST_F(RecoveringWithMiddlewares, ARefusalEndsTheSession) {
  host.main.refusal = ConnectError{"no", {}};
  EXPECT_EQ(come_back(), Frames{R"(44{"message":"no"})"});
  host.main.refusal.reset();
  host.receive(both, again);
  host.pass(1s);
  EXPECT_EQ(host.frames(again), Frames{second_reply});
  EXPECT_EQ(last().rooms().size(), 1U);
}

TEST_F(RecoveringWithMiddlewares, WhoIsLostMeanwhileMayComeBackOnceMore) {
  (void)come_back();
  host.lose(again);
  main().to("blue").relay(R"(["b"])");
  host.open(bob);
  host.receive(both, bob);
  host.pass(1s);
  EXPECT_EQ(host.frames(bob), (Frames{R"(42["b","AAAA2"])", first_reply}));
}

TEST_F(RecoveringWithMiddlewares, TheConnectionIsClosedIfTooMuchWasMissedMeanwhile) {
  (void)come_back();
  for (int n = 0; n < 4; ++n) main().relay(R"(["x"])");
  host.pass(1s);
  EXPECT_EQ(host.frames(again), Frames{"close"});
  host.open(bob);
  host.receive(both, bob);
  host.pass(1s);
  EXPECT_EQ(host.frames(bob), Frames{second_reply});
}

TEST(WithoutRecovery, EventsAreAsTheyAreAndNobodyIsRecovered) {
  Host host;
  host.open_and_join();
  host.main.last->relay(R"(["a"])");
  host.server.of("/").relay(R"(["b"])");
  EXPECT_EQ(host.frames(), (Frames{R"(42["a"])", R"(42["b"])"}));
  host.lose();
  EXPECT_EQ(host.server.wake_at(), std::nullopt);
  host.open(bob);
  host.receive(both, bob);
  EXPECT_EQ(host.frames(bob), Frames{R"(40{"sid":"AAAAAAAAAAAAAAAAAAAB"})"});
  EXPECT_FALSE(host.main.last->recovered());
}

}  // namespace
}  // namespace parley::socketio
