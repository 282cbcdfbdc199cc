// One engine, event by event: what it commands, what it tells the person, what it leaves out.

#include <parley/call/engine.hpp>

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

namespace parley::call {
namespace {

using namespace std::chrono_literals;
using Commands = std::vector<Command>;

constexpr Time start{};
constexpr ConnectionId first{1}, second{2};

const Description offer{DescriptionType::offer, "an offer"};
const Description answer{DescriptionType::answer, "an answer"};

Commands drain(Engine& engine) {
  Commands commands;
  while (auto command = engine.poll()) commands.push_back(*std::move(command));
  return commands;
}

struct EngineTest : testing::Test {
  Engine engine{start, {.signals_max = 3}};
  Time now = start;

  EngineTest() { drain(engine); }

  Commands after(std::initializer_list<Event> events) {
    for (const auto& event : events) engine.receive(event, now);
    return drain(engine);
  }
  Commands at(Time time) {
    now = time;
    engine.advance(now);
    return drain(engine);
  }
  void introduced(Role role) { after({LineUp{}, MediaReady{}, Identified{role}}); }
  void connected() {
    introduced(Role::receiver);
    after({RemoteDescription{offer}, RemoteDescriptionSet{first}, LocalDescription{first, answer},
           ConnectionStateChanged{first, ConnectionState::connected}, RemoteFrame{first}});
  }
};

TEST(Engine, AsksForTheCameraAtOnce) {
  Engine engine{start};
  EXPECT_EQ(drain(engine), (Commands{GetMedia{}, Tell{Status::asking_for_camera, Problem::none}}));
  EXPECT_EQ(engine.wake_at(), std::nullopt);
}

TEST_F(EngineTest, CallsInTheOrderOfTheLesson) {
  introduced(Role::caller);
  EXPECT_EQ(after({LocalDescription{first, offer}}), Commands{SendDescription{offer}});
  EXPECT_EQ(after({LocalCandidate{first, "ours"}}), Commands{SendCandidate{"ours"}});
  EXPECT_EQ(after({RemoteDescription{answer}}), (Commands{SetRemote{first, answer}}));
  EXPECT_EQ(after({RemoteDescriptionSet{first}}), Commands{});
}

TEST_F(EngineTest, OffersOnlyWhenTheCameraIsThere) {
  EXPECT_EQ(after({LineUp{}, Identified{Role::caller}}), Commands{OpenConnection{first}});
  EXPECT_EQ(after({MediaReady{}}), (Commands{AddMedia{first}, CreateOffer{first},
                                             Tell{Status::connecting, Problem::none}}));
}

TEST_F(EngineTest, SaysWhatIsWrongWithTheCameraAndGoesOnWhenItWorks) {
  after({LineUp{}, Identified{Role::caller}});
  EXPECT_EQ(after({MediaFailed{MediaFault::not_allowed}}),
            (Commands{Tell{Status::asking_for_camera, Problem::camera_not_allowed}}));
  EXPECT_EQ(after({MediaRetry{}}),
            (Commands{GetMedia{}, Tell{Status::asking_for_camera, Problem::none}}));
  EXPECT_EQ(after({MediaFailed{MediaFault::not_readable}}),
            (Commands{Tell{Status::asking_for_camera, Problem::camera_busy}}));
  after({MediaRetry{}});
  EXPECT_EQ(after({MediaReady{}}), (Commands{AddMedia{first}, CreateOffer{first},
                                             Tell{Status::connecting, Problem::none}}));
}

TEST_F(EngineTest, AsksForTheCameraOnceAtATime) {
  EXPECT_EQ(after({MediaRetry{}}), Commands{}) << "it is being asked for";
  after({MediaReady{}});
  EXPECT_EQ(after({MediaRetry{}}), Commands{}) << "it is there";
}

TEST_F(EngineTest, KeepsCandidatesUntilTheDescriptionIsSet) {
  introduced(Role::receiver);
  EXPECT_EQ(after({RemoteCandidate{"one"}}), Commands{});
  EXPECT_EQ(after({RemoteDescription{offer}, RemoteCandidate{"two"}}),
            (Commands{SetRemote{first, offer}}));
  EXPECT_EQ(after({RemoteDescriptionSet{first}}),
            (Commands{AddCandidate{first, "one"}, AddCandidate{first, "two"}, AddMedia{first},
                      CreateAnswer{first}}));
  EXPECT_EQ(after({RemoteCandidate{"three"}}), (Commands{AddCandidate{first, "three"}}));
}

TEST_F(EngineTest, KeepsTheCandidatesOfALaterOfferUntilThatIsSet) {
  connected();
  const Description later{DescriptionType::offer, "a later offer"};
  EXPECT_EQ(after({RemoteDescription{later}, RemoteCandidate{"new"}}),
            (Commands{SetRemote{first, later}}));
  EXPECT_EQ(after({RemoteDescriptionSet{first}}),
            (Commands{AddCandidate{first, "new"}, CreateAnswer{first}}));
}

TEST_F(EngineTest, KeepsTheCandidatesOfAnOfferThatHasToWaitForAnEarlierOne) {
  connected();
  const Description earlier{DescriptionType::offer, "an earlier offer"};
  const Description later{DescriptionType::offer, "a later offer"};
  after({RemoteDescription{earlier}, RemoteDescription{later}, RemoteCandidate{"later"}});
  EXPECT_EQ(after({RemoteDescriptionSet{first}}), Commands{CreateAnswer{first}});
  EXPECT_EQ(after({RemoteCandidate{"too"}}), Commands{});
  EXPECT_EQ(after({LocalDescription{first, answer}}),
            (Commands{SendDescription{answer}, SetRemote{first, later}}));
  EXPECT_EQ(
      after({RemoteDescriptionSet{first}}),
      (Commands{AddCandidate{first, "later"}, AddCandidate{first, "too"}, CreateAnswer{first}}));
}

TEST_F(EngineTest, PassesOverTheEndOfCandidates) {
  connected();
  EXPECT_EQ(after({RemoteCandidate{""}, RemoteCandidate{"null"}}), Commands{});
}

TEST_F(EngineTest, ACallerIgnoresAnOfferAndItsCandidatesUntilItsOwnIsAnswered) {
  introduced(Role::caller);
  after({LocalDescription{first, offer}});
  EXPECT_EQ(after({RemoteDescription{offer}, RemoteCandidate{"theirs"}}), Commands{});
  EXPECT_EQ(after({RemoteDescription{answer}}), (Commands{SetRemote{first, answer}}));
  EXPECT_EQ(after({RemoteDescriptionSet{first}, RemoteCandidate{"good"}}),
            (Commands{AddCandidate{first, "good"}}));
  EXPECT_EQ(engine.counts(), (Counts{.out_of_place = 2}));
}

TEST_F(EngineTest, WaitsForTheAnswerBehindAProvisionalOne) {
  introduced(Role::caller);
  after({LocalDescription{first, offer}});
  const Description provisional{DescriptionType::pranswer, "perhaps"};
  EXPECT_EQ(after({RemoteDescription{provisional}}), (Commands{SetRemote{first, provisional}}));
  EXPECT_EQ(after({RemoteDescriptionSet{first}, RemoteDescription{answer}}),
            (Commands{SetRemote{first, answer}}));
}

TEST_F(EngineTest, LeavesOutWhatAClosedConnectionReports) {
  introduced(Role::caller);
  after({Identified{Role::caller}});
  EXPECT_EQ(after({LocalDescription{first, offer}, LocalCandidate{first, "old"},
                   OperationFailed{first, "closed"}, RemoteFrame{first},
                   ConnectionStateChanged{first, ConnectionState::connected}}),
            Commands{});
  EXPECT_EQ(engine.counts(), (Counts{.late = 5}));
  EXPECT_EQ(after({LocalDescription{second, offer}}), Commands{SendDescription{offer}});
}

TEST_F(EngineTest, LeavesOutResultsThatNobodyWaitsFor) {
  introduced(Role::receiver);
  EXPECT_EQ(after({LocalDescription{first, answer}, RemoteDescriptionSet{first},
                   OperationFailed{first, "what?"}}),
            Commands{});
  EXPECT_EQ(after({RemoteDescription{offer}}), (Commands{SetRemote{first, offer}}));
  EXPECT_EQ(after({LocalDescription{first, answer}}), Commands{}) << "not what it waits for";
  EXPECT_EQ(engine.counts(), (Counts{.late = 4}));
}

TEST_F(EngineTest, IsConnectedWhenTheConnectionIsUpAndThePictureIsThere) {
  introduced(Role::caller);
  EXPECT_EQ(after({RemoteFrame{first}}), Commands{});
  EXPECT_EQ(after({ConnectionStateChanged{first, ConnectionState::connected}}),
            (Commands{Tell{Status::connected, Problem::none}}));
  EXPECT_EQ(after({ConnectionStateChanged{first, ConnectionState::disconnected}}),
            (Commands{Tell{Status::connecting, Problem::none}}));
  EXPECT_EQ(after({ConnectionStateChanged{first, ConnectionState::failed}}),
            (Commands{Tell{Status::connecting, Problem::no_path}}));
}

TEST_F(EngineTest, SaysThatItTakesLongAfterFifteenSecondsAndNotWhenItIsThere) {
  introduced(Role::caller);
  EXPECT_EQ(engine.wake_at(), start + 15s);
  EXPECT_EQ(at(start + 14'999ms), Commands{});
  EXPECT_EQ(at(start + 15s), (Commands{Tell{Status::connecting, Problem::taking_long}}));
  EXPECT_EQ(after({RemoteFrame{first}, ConnectionStateChanged{first, ConnectionState::connected}}),
            (Commands{Tell{Status::connected, Problem::none}}));
}

TEST_F(EngineTest, KeepsItsPatienceWhileThePersonIsAskedForTheCamera) {
  after({LineUp{}, Identified{Role::caller}});
  EXPECT_EQ(engine.wake_at(), std::nullopt);
  at(start + 60s);
  engine.receive(MediaReady{}, start + 60s);
  EXPECT_EQ(engine.wake_at(), start + 75s);
}

TEST_F(EngineTest, HasNewPatienceWithEachIntroduction) {
  introduced(Role::caller);
  at(start + 15s);
  EXPECT_EQ(after({Identified{Role::receiver}}),
            (Commands{CloseConnection{first}, OpenConnection{second},
                      Tell{Status::connecting, Problem::none}}));
  EXPECT_EQ(engine.wake_at(), start + 30s);
}

TEST_F(EngineTest, HasNothingToWaitForOnceItIsConnected) {
  connected();
  EXPECT_EQ(engine.wake_at(), std::nullopt);
}

TEST_F(EngineTest, HasNothingToWaitForOnceTheOtherHasLeft) {
  introduced(Role::caller);
  EXPECT_EQ(after({Left{}}), (Commands{CloseConnection{first},
                                       Tell{Status::waiting_for_other, Problem::other_left}}));
  EXPECT_EQ(engine.wake_at(), std::nullopt);
}

TEST_F(EngineTest, DropsSignalsOfTheOneWhoLeft) {
  introduced(Role::receiver);
  after({RemoteCandidate{"old"}, Left{}, Identified{Role::receiver}});
  EXPECT_EQ(after({RemoteDescription{offer}, RemoteDescriptionSet{second}}),
            (Commands{SetRemote{second, offer}, AddMedia{second}, CreateAnswer{second}}));
}

TEST_F(EngineTest, DropsEarlySignalsWhenTheLineIsLost) {
  after({LineUp{}, MediaReady{}, RemoteDescription{offer}, LineDown{}, LineUp{}});
  EXPECT_EQ(after({Identified{Role::receiver}}),
            (Commands{OpenConnection{first}, Tell{Status::connecting, Problem::none}}));
}

TEST_F(EngineTest, ForgetsThatTheOtherHasLeftWhenTheLineIsLost) {
  introduced(Role::caller);
  after({Left{}, LineDown{}});
  EXPECT_EQ(after({LineUp{}}), (Commands{Tell{Status::waiting_for_other, Problem::none}}));
}

TEST_F(EngineTest, ALostLineClosesAConnectionWhoseNegotiationIsUnfinished) {
  introduced(Role::caller);
  EXPECT_EQ(after({LineDown{}}), (Commands{CloseConnection{first},
                                           Tell{Status::reaching_server, Problem::server_lost}}));
}

TEST_F(EngineTest, ACallCanComeUpWithoutTheLineOnceBothDescriptionsAreThere) {
  introduced(Role::caller);
  after({LocalDescription{first, offer}, RemoteDescription{answer}, RemoteDescriptionSet{first},
         LineDown{}});
  EXPECT_EQ(after({RemoteFrame{first}, ConnectionStateChanged{first, ConnectionState::connected}}),
            (Commands{Tell{Status::connected, Problem::server_lost}}));
}

TEST_F(EngineTest, KeepsNoMoreEarlySignalsThanItsLimit) {
  after({LineUp{}, MediaReady{}});
  for (int n = 0; n < 5; ++n) after({RemoteCandidate{"early"}});
  after({Identified{Role::receiver}});
  for (int n = 0; n < 5; ++n) after({RemoteCandidate{"more"}});
  EXPECT_EQ(engine.counts(), (Counts{.too_many = 7}));
}

TEST_F(EngineTest, CountsSignalsThatItDoesNotUnderstand) {
  after({SignalNotUnderstood{}, SignalNotUnderstood{}});
  EXPECT_EQ(engine.counts(), (Counts{.not_understood = 2}));
}

TEST_F(EngineTest, ALeaveWithoutAnIntroductionMeansNothing) {
  after({LineUp{}, MediaReady{}});
  EXPECT_EQ(after({Left{}}), Commands{});
}

TEST_F(EngineTest, TriesAFailedNegotiationAgainOnAFreshConnectionAfterAPause) {
  introduced(Role::caller);
  EXPECT_EQ(after({OperationFailed{first, "InvalidStateError"}}),
            (Commands{CloseConnection{first}, OpenConnection{second},
                      Tell{Status::connecting, Problem::negotiation_failed}}));
  EXPECT_EQ(engine.wake_at(), start + 2s);
  EXPECT_EQ(at(start + 2s), (Commands{AddMedia{second}, CreateOffer{second}}));
}

}  // namespace
}  // namespace parley::call
