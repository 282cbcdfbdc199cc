// Repeating a step: "until" of asynquence and its done.break(), with a limit and pauses that grow.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace parley::flow {
namespace {

using namespace std::chrono_literals;
using Plan = Retry<TestClock::duration>;

task<> fail_at_once() { co_await fail(Error{io_error}); }

struct UntilTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Step<int> step{scheduler, diary, "step"};
  TestClock::time_point start{};

  task<int> repeated(Plan plan) {
    const auto run = [this] { return step.run(); };
    return until(scheduler, plan, run);
  }

  // When each attempt of a step began that never succeeds.
  std::vector<TestClock::duration> beginnings(Plan plan) {
    std::vector<TestClock::duration> times;
    const auto failing = [&] {
      times.push_back(scheduler.now() - start);
      return fail_at_once();
    };
    const Running flow{until(scheduler, plan, failing)};
    scheduler.advance(start + 1h);
    EXPECT_EQ(flow.outcome()->error(), Error{io_error});
    return times;
  }
};

const std::unexpected<Error> io_failure{Error{io_error}};

TEST_F(UntilTest, GivesTheValueOfTheFirstSuccess) {
  const Running flow{repeated({.pause = 1s})};
  step.ends_with(io_failure);
  EXPECT_FALSE(flow.outcome());
  scheduler.advance(start + 1s);
  step.ends_with(2);
  EXPECT_EQ(flow.outcome(), Result<int>{2});
  EXPECT_EQ(scheduler.wake_at(), std::nullopt);
}

TEST_F(UntilTest, TakesNoTimeWhenTheFirstAttemptSucceedsAtOnce) {
  step.ends_with(1);
  EXPECT_EQ(Running{repeated({.pause = 1s})}.outcome(), Result<int>{1});
}

TEST_F(UntilTest, LeavesNothingOfAnAttemptDuringThePause) {
  const Running flow{repeated({.pause = 1s})};
  step.ends_with(io_failure);
  EXPECT_EQ(diary, (Diary{"step starts", "step is gone"}));
  EXPECT_EQ(scheduler.wake_at(), start + 1s);
}

TEST_F(UntilTest, FailsWithTheErrorOfTheLastAttempt) {
  const Running flow{repeated({.attempts = 2})};
  step.ends_with(io_failure);
  scheduler.advance(start);
  EXPECT_FALSE(flow.outcome());
  step.ends_with(std::unexpected{Error{Errc::timed_out}});
  EXPECT_EQ(flow.outcome(), Result<int>{std::unexpected{Error{Errc::timed_out}}});
}

TEST_F(UntilTest, PausesGrowUpToTheirLongest) {
  using Times = std::vector<TestClock::duration>;
  EXPECT_EQ(beginnings({.attempts = 6, .pause = 1s, .growth = 2, .pause_max = 5s}),
            (Times{0s, 1s, 3s, 7s, 12s, 17s}));
}

TEST_F(UntilTest, PausesStayAlikeUnlessToldToGrow) {
  using Times = std::vector<TestClock::duration>;
  EXPECT_EQ(beginnings({.attempts = 3, .pause = 2s}), (Times{0s, 2s, 4s}));
}

TEST_F(UntilTest, PausesThatGrowWithoutABoundDoNotOverflow) {
  EXPECT_EQ(detail::next_pause(Plan{.growth = 10}, TestClock::duration::max() / 2),
            TestClock::duration::max());
}

TEST_F(UntilTest, BreaksOffWhenTheStepSaysSo) {
  const auto hopeless = [](Attempt& attempt) -> task<> {
    if (attempt.number() == 2) co_await attempt.break_off(Error{io_error, "no such host"});
    co_await fail(Error{Errc::timed_out});
  };
  const Running flow{until(scheduler, Plan{.pause = 1s}, hopeless)};
  EXPECT_FALSE(flow.outcome());
  scheduler.advance(start + 1s);
  const Result<> failed = std::unexpected{Error{io_error, "no such host"}};
  EXPECT_EQ(flow.outcome(), failed);
}

TEST_F(UntilTest, NothingRunsOnWhereverItIsCancelled) {
  // While the step waits, between its end and its turn, in the pause, and in the second attempt.
  for (const int at : {0, 1, 2, 3}) {
    auto flow = std::make_unique<Running<int>>(repeated({.pause = 1s}));
    if (at == 1) step.will_end_with(io_failure);
    if (at >= 2) step.ends_with(io_failure);
    if (at == 3) scheduler.advance(scheduler.now() + 1s);
    flow.reset();
    const auto before = diary;
    EXPECT_EQ(scheduler.wake_at(), std::nullopt);
    scheduler.advance(scheduler.now() + 10s);
    EXPECT_EQ(diary, before);
    if (at == 1) {
      const Running reader{step.run()};  // takes what the cancelled attempt left
      EXPECT_TRUE(reader.outcome());
    }
  }
}

TEST_F(UntilTest, WaitsForEverAtTheEndOfAPauseThatGrowsForEver) {
  const auto fails = []() -> task<> { co_await fail(Error{io_error}); };
  const Running flow{until(scheduler, Plan{.pause = 1s, .growth = 1000}, fails)};
  for (auto at = scheduler.wake_at(); at < TestScheduler::time_point::max();
       at = scheduler.wake_at()) {
    scheduler.advance(*at);
  }
  EXPECT_EQ(scheduler.wake_at(), TestScheduler::time_point::max());
  EXPECT_FALSE(flow.outcome());
}

task<std::string> second_time(Attempt& attempt, const std::string& word) {
  if (attempt.number() == 1) co_await fail(Error{io_error});
  co_return word;
}

TEST_F(UntilTest, KeepsWhatItsStepCaptures) {
  auto word = std::make_shared<std::string>("kept");
  const std::weak_ptr<std::string> watched = word;
  {
    auto step_of_word = [kept = std::move(word)](Attempt& attempt) {
      return second_time(attempt, *kept);
    };
    const Running flow{until(scheduler, Plan{.pause = 1s}, std::move(step_of_word))};
    scheduler.advance(start + 1s);
    EXPECT_EQ(flow.outcome(), Result<std::string>{"kept"});
  }
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace parley::flow
