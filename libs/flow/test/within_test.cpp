// Time limits and sleeping on a hand-cranked clock.

#include "steps.hpp"

#include <gtest/gtest.h>

namespace parley::flow {
namespace {

using namespace std::chrono_literals;

struct WithinTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Step<> step{scheduler, diary, "step"};
  TestClock::time_point start{};

  task<> limited() {
    co_await within(scheduler, 10s, step.run());
    diary.push_back("end");
  }
  task<> nap(std::chrono::milliseconds duration, std::string name) {
    co_await sleep(scheduler, duration);
    diary.push_back(name);
  }
};

const Result<> timed_out = std::unexpected{Error{Errc::timed_out}};

TEST_F(WithinTest, LetsAStepThroughThatIsInTime) {
  const Running flow{limited()};
  scheduler.advance(start + 9'999ms);
  step.succeeds();
  EXPECT_EQ(flow.outcome(), Result<>{});
  EXPECT_EQ(scheduler.wake_at(), std::nullopt);
}

TEST_F(WithinTest, FailsAtTheLimitAndTheStepIsGone) {
  const Running flow{limited()};
  EXPECT_EQ(scheduler.wake_at(), start + 10s);
  scheduler.advance(start + 10s);
  EXPECT_EQ(flow.outcome(), timed_out);
  EXPECT_EQ(diary, (Diary{"step starts", "step is gone"}));
  step.succeeds();
  EXPECT_EQ(diary.size(), 2u);
}

TEST_F(WithinTest, CarriesTheStepsOwnFailure) {
  const Running flow{limited()};
  step.fails();
  EXPECT_EQ(flow.outcome()->error().code, io_error);
  EXPECT_EQ(scheduler.wake_at(), std::nullopt);
}

TEST_F(WithinTest, NeedsNoTimeForAStepThatDoesNotWait) {
  step.succeeds();
  EXPECT_EQ(Running{limited()}.outcome(), Result<>{});
  EXPECT_EQ(scheduler.wake_at(), std::nullopt);
}

TEST_F(WithinTest, GivesTheStepsValue) {
  const auto forty_two = []() -> task<int> { co_return 42; };
  EXPECT_EQ(Running{within(scheduler, 1s, forty_two())}.outcome(), Result<int>{42});
}

TEST_F(WithinTest, SetsNoTimerBeforeItIsAwaited) {
  const auto flow = limited();
  EXPECT_EQ(scheduler.wake_at(), std::nullopt);
}

TEST_F(WithinTest, TakesItsTimerAlongWhenItIsDestroyed) {
  {
    const Running flow{limited()};
  }
  EXPECT_EQ(scheduler.wake_at(), std::nullopt);
}

TEST_F(WithinTest, InAGateStopsTheOtherSegment) {
  Step<> other{scheduler, diary, "other"};
  const Running flow{gate(other.run(), limited())};
  scheduler.advance(start + 10s);
  EXPECT_EQ(flow.outcome()->error(), in_segment(1, Error{Errc::timed_out}));
  EXPECT_EQ(diary, (Diary{"other starts", "step starts", "step is gone", "other is gone"}));
}

TEST_F(WithinTest, TheInnerLimitCanBeAttempted) {
  const auto twice = [](WithinTest& test) -> task<> {
    const Result<> first = co_await attempt(test.limited());
    EXPECT_EQ(first, timed_out);
    co_await test.limited();
  };
  const Running flow{twice(*this)};
  scheduler.advance(start + 10s);
  EXPECT_EQ(scheduler.wake_at(), start + 20s);
  step.succeeds();
  EXPECT_EQ(flow.outcome(), Result<>{});
}

TEST_F(WithinTest, SleepersWakeInTheOrderOfTheirTimesAndThenOfTheirArrival) {
  const Running c{nap(2s, "c")};
  const Running a{nap(1s, "a")};
  const Running d{nap(2s, "d")};
  scheduler.advance(start + 1s);
  EXPECT_EQ(diary, Diary{"a"});
  const Running e{nap(1s, "e")};
  scheduler.advance(start + 5s);
  EXPECT_EQ(diary, (Diary{"a", "c", "d", "e"}));
}

TEST_F(WithinTest, ALateAdvanceStopsAtEachTimerOnTheWay) {
  const auto two_naps = [](WithinTest& test) -> task<> {
    co_await test.nap(1s, "first");
    EXPECT_EQ(test.scheduler.now(), test.start + 1s);
    co_await test.nap(1s, "second");
  };
  const Running flow{two_naps(*this)};
  scheduler.advance(start + 1h);
  EXPECT_EQ(diary, (Diary{"first", "second"}));
  EXPECT_EQ(scheduler.now(), start + 1h);
}

TEST_F(WithinTest, TimeNeverRunsBackwards) {
  scheduler.advance(start + 5s);
  scheduler.advance(start + 1s);
  EXPECT_EQ(scheduler.now(), start + 5s);
}

}  // namespace
}  // namespace parley::flow
