// The home of flows that run beside others. Asynquence has none: its sequences run detached.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace parley::flow {
namespace {

using TestScope = Scope<TestScheduler>;
const std::unexpected<Error> io_failure{Error{io_error}};

task<> at_once(Result<> outcome) { co_return co_await require(std::move(outcome)); }

struct ScopeTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  std::vector<Error> unseen;
  OnUnseenError keep{[this](const Error& error) { unseen.push_back(error); }};
  Step<> a{scheduler, diary, "a"};
  Step<> b{scheduler, diary, "b"};
  Step<> c{scheduler, diary, "c"};
  std::unique_ptr<TestScope> scope = std::make_unique<TestScope>(scheduler);

  task<> join() {
    const Result<> result = co_await attempt(scope->join());
    diary.push_back(result ? "joined" : "failed");
    co_await require(result);
  }
  // Everything that was written since the last time.
  Diary news() { return std::exchange(diary, {}); }
};

TEST_F(ScopeTest, StartsAtOnceAndJoinEndsFromTheSchedulerWhenAllHave) {
  scope->spawn(a.run());
  scope->spawn(b.run());
  const Running joined{join()};
  EXPECT_EQ(news(), (Diary{"a starts", "b starts"}));
  b.succeeds();
  EXPECT_EQ(news(), Diary{"b is gone"});
  a.succeeds();
  EXPECT_EQ(news(), (Diary{"a is gone", "joined"}));
}

TEST_F(ScopeTest, JoinEndsAtOnceWhenNothingRuns) {
  EXPECT_EQ(Running{join()}.outcome(), Result<>{});
  scope->spawn(at_once({}));
  EXPECT_EQ(Running{join()}.outcome(), Result<>{});
}

TEST_F(ScopeTest, AFlowThatEndsIsGoneAtOnceAlsoWithoutAJoin) {
  scope->spawn(a.run());
  a.succeeds();
  EXPECT_EQ(news(), (Diary{"a starts", "a is gone"}));
}

TEST_F(ScopeTest, TheFirstFailureStopsTheOthersBeforeJoinFails) {
  scope->spawn(a.run());
  scope->spawn(b.run());
  const Running joined{join()};
  news();
  b.fails();
  EXPECT_EQ(news(), (Diary{"b is gone", "a is gone", "failed"}));
  EXPECT_EQ(joined.outcome(), Result<>{io_failure});
  a.succeeds();
  EXPECT_EQ(news(), Diary{});
}

TEST_F(ScopeTest, NoneOfTheOthersRunsOnAfterAFailure) {
  scope->spawn(a.run());
  scope->spawn(b.run());
  b.will_end_with(io_failure);
  a.will_end_with({});
  const Running joined{join()};
  scheduler.run();
  EXPECT_EQ(news(), (Diary{"a starts", "b starts", "b is gone", "a is gone", "failed"}));
}

TEST_F(ScopeTest, KeepsAFailureForALaterJoinAndIsThenAsGoodAsNew) {
  scope->spawn(a.run());
  a.fails();
  EXPECT_EQ(Running{join()}.outcome(), Result<>{io_failure});
  EXPECT_EQ(Running{join()}.outcome(), Result<>{});
  news();
  scope->spawn(b.run());
  EXPECT_EQ(news(), Diary{"b starts"});
  scope.reset();
  EXPECT_EQ(unseen, std::vector<Error>{});
}

TEST_F(ScopeTest, StartsNothingWhileAFailureWaitsToBeSeen) {
  scope->spawn(at_once(io_failure));
  scope->spawn(a.run());
  EXPECT_EQ(diary, Diary{});
  EXPECT_EQ(Running{join()}.outcome(), Result<>{io_failure});
}

TEST_F(ScopeTest, IsAsGoodAsNewAtOnceWhenNothingWasLeftToStop) {
  const auto cancel_and_end = [](ScopeTest& test) -> task<> {
    test.scope->cancel();
    co_return;
  };
  scope->spawn(cancel_and_end(*this));
  scope->spawn(at_once(io_failure));
  EXPECT_EQ(Running{join()}.outcome(), Result<>{io_failure});
  scope->spawn(a.run());
  EXPECT_EQ(news(), (Diary{"failed", "a starts"}));
}

TEST_F(ScopeTest, AFailureThatNobodyJoinedIsReportedAtItsEnd) {
  scope->spawn(a.run());
  a.fails();
  EXPECT_EQ(unseen, std::vector<Error>{});
  scope.reset();
  EXPECT_EQ(unseen, std::vector{Error{io_error}});
}

TEST_F(ScopeTest, DestroyingItCancelsAllAndNothingRunsOn) {
  scope->spawn(a.run());
  scope->spawn(b.run());
  b.will_end_with({});
  scope.reset();
  EXPECT_EQ(news(), (Diary{"a starts", "b starts", "a is gone", "b is gone"}));
  scheduler.run();
  a.succeeds();
  EXPECT_EQ(news(), Diary{});
}

TEST_F(ScopeTest, CancelDestroysAllFromTheSchedulerAndEndsAJoin) {
  scope->spawn(a.run());
  const Running joined{join()};
  news();
  scope->cancel();
  scope->cancel();
  EXPECT_EQ(news(), Diary{});
  scheduler.run();
  EXPECT_EQ(news(), (Diary{"a is gone", "joined"}));
}

TEST_F(ScopeTest, StartsNothingBetweenACancelAndItsTurn) {
  scope->spawn(a.run());
  scope->cancel();
  scope->spawn(b.run());
  scheduler.run();
  EXPECT_EQ(news(), (Diary{"a starts", "a is gone"}));
  scope->cancel();
  scope->spawn(b.run());
  EXPECT_EQ(news(), Diary{"b starts"});
}

TEST_F(ScopeTest, AJoinThatIsCancelledCancelsNoneOfTheFlows) {
  scope->spawn(a.run());
  for (const bool has_ended : {false, true}) {
    auto joined = std::make_unique<Running<>>(join());
    if (has_ended) a.will_end_with({});
    joined.reset();
  }
  scheduler.run();
  EXPECT_EQ(news(), (Diary{"a starts", "a is gone"}));
  EXPECT_EQ(Running{join()}.outcome(), Result<>{});
}

TEST_F(ScopeTest, AJoinMayBeLimitedInTime) {
  scope->spawn(a.run());
  auto limited = within(scheduler, std::chrono::seconds{1}, scope->join());
  const Running flow{std::move(limited)};
  scheduler.advance(scheduler.now() + std::chrono::seconds{1});
  EXPECT_EQ(flow.outcome()->error(), Error{Errc::timed_out});
  EXPECT_EQ(news(), Diary{"a starts"});
}

TEST_F(ScopeTest, AFlowMaySpawnMoreAndJoinEndsAfterThem) {
  const auto spawn_two = [](ScopeTest& test) -> task<> {
    test.scope->spawn(at_once({}));
    co_await test.a.run();
    test.scope->spawn(test.b.run());
  };
  scope->spawn(spawn_two(*this));
  const Running joined{join()};
  a.succeeds();
  EXPECT_EQ(news(), (Diary{"a starts", "a is gone", "b starts"}));
  b.succeeds();
  EXPECT_EQ(news(), (Diary{"b is gone", "joined"}));
}

TEST_F(ScopeTest, WhatIsSpawnedBetweenTheEndAndTheTurnOfAJoinIsAwaitedToo) {
  scope->spawn(a.run());
  const Running joined{join()};
  // This one has its turn after a and before the join.
  const auto spawn_late = [](ScopeTest& test, Event<TestScheduler>& go) -> task<> {
    co_await go;
    test.scope->spawn(test.b.run());
  };
  Event<TestScheduler> go{scheduler};
  const Running late{spawn_late(*this, go)};
  news();
  a.will_end_with({});
  go.set();
  scheduler.run();
  EXPECT_EQ(news(), (Diary{"a is gone", "b starts"}));
  b.succeeds();
  EXPECT_EQ(news(), (Diary{"b is gone", "joined"}));
}

TEST_F(ScopeTest, AFlowThatSpawnsAFailureRunsToItsNextWaitBeforeItIsStopped) {
  const auto spawn_failure = [](ScopeTest& test) -> task<> {
    test.scope->spawn(at_once(io_failure));
    test.diary.push_back("still here");
    co_await test.a.run();
  };
  const Running joined{join()};
  scope->spawn(spawn_failure(*this));
  const Running second{join()};
  EXPECT_EQ(news(), (Diary{"joined", "still here", "a starts"}));
  scheduler.run();
  EXPECT_EQ(news(), (Diary{"a is gone", "failed"}));
}

TEST_F(ScopeTest, ASecondFailureInTheSameTurnIsReported) {
  const auto spawn_failure_and_fail = [](ScopeTest& test) -> task<> {
    test.scope->spawn(at_once(io_failure));
    co_await fail(Error{Errc::timed_out});
  };
  scope->spawn(spawn_failure_and_fail(*this));
  EXPECT_EQ(Running{join()}.outcome(), Result<>{io_failure});
  EXPECT_EQ(unseen, std::vector{Error{Errc::timed_out}});
}

// Does something when it is destroyed.
template <class F>
struct AtExit {
  F function;
  ~AtExit() { function(); }
};

TEST_F(ScopeTest, AFlowMayCancelItsOwnScopeWhileItRunsAndWhenItEnds) {
  const auto cancel_twice = [](ScopeTest& test) -> task<> {
    const AtExit cancelling{[&] { test.scope->cancel(); }};
    co_await test.a.run();
    test.scope->cancel();
  };
  for (const Result<>& end : {Result<>{}, Result<>{io_failure}}) {
    scope->spawn(cancel_twice(*this));
    scope->spawn(b.run());
    const Running joined{join()};
    news();
    a.ends_with(end);
    EXPECT_EQ(news(), (Diary{"a is gone", "b is gone", end ? "joined" : "failed"}));
  }
}

TEST_F(ScopeTest, WhatTheEndOfACancelledFlowSpawnsIsNotStarted) {
  const auto spawn_at_exit = [](ScopeTest& test) -> task<> {
    TestScope& home = *test.scope;
    const AtExit spawning{[&] { home.spawn(test.b.run()); }};
    co_await test.a.run();
  };
  scope->spawn(spawn_at_exit(*this));
  scope->cancel();
  scheduler.run();
  EXPECT_EQ(news(), (Diary{"a starts", "a is gone"}));
  scope->spawn(spawn_at_exit(*this));
  scope.reset();
  EXPECT_EQ(news(), (Diary{"a starts", "a is gone"}));
}

TEST_F(ScopeTest, ADestructorSaysGoodByeAsynchronouslyIntoAScopeThatIsJoined) {
  const auto use_line = [](ScopeTest& test, TestScope& goodbyes) -> task<> {
    const AtExit goodbye{[&] { goodbyes.spawn(test.b.run()); }};
    co_await test.a.run();
  };
  const auto use_in_time = [&use_line](ScopeTest& test) -> task<> {
    TestScope goodbyes{test.scheduler};
    auto limited = within(test.scheduler, std::chrono::seconds{1}, use_line(test, goodbyes));
    const Result<> used = co_await attempt(std::move(limited));
    co_await goodbyes.join();
    test.diary.push_back("joined");
    co_await require(used);
  };
  const Running flow{use_in_time(*this)};
  scheduler.advance(scheduler.now() + std::chrono::seconds{1});
  EXPECT_EQ(news(), (Diary{"a starts", "a is gone", "b starts"}));
  b.succeeds();
  EXPECT_EQ(news(), (Diary{"b is gone", "joined"}));
  EXPECT_EQ(flow.outcome()->error(), Error{Errc::timed_out});
}

#if GTEST_HAS_DEATH_TEST
TEST_F(ScopeTest, OneJoinsAtATime) {
  scope->spawn(a.run());
  const Running first{join()};
  EXPECT_DEATH(Running{join()}, "");
}
#endif

}  // namespace
}  // namespace parley::flow
