// Exceptions beside the value channel: one that leaves a step is a failure of that step, and is
// thrown again where the step is awaited. As asynquence: "an exception in a step is a failure".

#include "steps.hpp"

#include <gtest/gtest.h>

#ifdef __cpp_exceptions

#include <stdexcept>

namespace parley::flow {
namespace {

struct ExceptionTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Step<> pause{scheduler, diary, "pause"};
  Step<> other{scheduler, diary, "other"};

  task<int> throws_after_a_pause() {
    co_await pause.run();
    throw std::out_of_range{"too far"};
  }
};

task<int> throws(std::string what) {
  throw std::runtime_error{what};
  co_return 0;
}

task<int> twice_of(task<int> step) { co_return 2 * co_await std::move(step); }

template <class T>
std::string thrown_by(const Result<T>& result) {
  try {
    std::rethrow_exception(result.error().exception);
  } catch (const std::runtime_error& error) {
    return std::string{"runtime_error: "} + error.what();
  } catch (const std::out_of_range& error) {
    return std::string{"out_of_range: "} + error.what();
  }
}

TEST_F(ExceptionTest, IsAFailureThatSaysWhatWasThrown) {
  const Running flow{throws("no camera")};
  EXPECT_EQ(flow.outcome()->error().code, Errc::exception);
  EXPECT_EQ(flow.outcome()->error().context, "no camera");
  EXPECT_EQ(thrown_by(*flow.outcome()), "runtime_error: no camera");
}

TEST_F(ExceptionTest, GoesThroughTheTasksThatAwaitIt) {
  const Running flow{twice_of(twice_of(throws_after_a_pause()))};
  pause.succeeds();
  EXPECT_EQ(thrown_by(*flow.outcome()), "out_of_range: too far");
}

TEST_F(ExceptionTest, CanBeCaughtWhereTheStepIsAwaited) {
  const auto catches = [](ExceptionTest& test) -> task<int> {
    try {
      co_return co_await test.throws_after_a_pause();
    } catch (const std::out_of_range&) {
      co_return 7;
    }
  };
  const Running flow{catches(*this)};
  pause.succeeds();
  EXPECT_EQ(flow.outcome(), Result<int>{7});
}

TEST_F(ExceptionTest, DestroysTheLocalsOfWhatItPassesThrough) {
  const auto outer = [](ExceptionTest& test) -> task<> {
    auto inner = twice_of(test.throws_after_a_pause());
    co_await std::move(inner);
    test.diary.push_back("not reached");
  };
  const Running flow{outer(*this)};
  pause.succeeds();
  EXPECT_EQ(diary, (Diary{"pause starts", "pause is gone"}));
  EXPECT_FALSE(*flow.outcome());
}

TEST_F(ExceptionTest, IsAnOrdinaryErrorForAttempt) {
  const auto tries = []() -> task<std::string> {
    const Result<int> result = co_await attempt(throws("no line"));
    co_return result.error().context;
  };
  EXPECT_EQ(Running{tries()}.outcome(), Result<std::string>{"no line"});
}

TEST_F(ExceptionTest, OfASegmentStopsTheOthersOfAGateAndNamesIt) {
  const Running flow{gate(other.run(), throws_after_a_pause())};
  pause.succeeds();
  EXPECT_EQ(flow.outcome()->error().segment, 1u);
  EXPECT_EQ(thrown_by(*flow.outcome()), "out_of_range: too far");
  EXPECT_EQ(diary.back(), "other is gone");
}

TEST_F(ExceptionTest, OfASegmentIsThrownWhereTheGateIsAwaited) {
  const auto catches = [](ExceptionTest& test) -> task<bool> {
    try {
      co_await gate(test.throws_after_a_pause(), test.other.run());
    } catch (const std::out_of_range&) {
      co_return true;
    }
    co_return false;
  };
  const Running flow{catches(*this)};
  pause.succeeds();
  EXPECT_EQ(flow.outcome(), Result<bool>{true});
}

TEST_F(ExceptionTest, OfAStepUnderATimeLimitArrivesAsItWasThrown) {
  const Running flow{twice_of(within(scheduler, std::chrono::seconds{1}, throws_after_a_pause()))};
  pause.succeeds();
  EXPECT_EQ(thrown_by(*flow.outcome()), "out_of_range: too far");
  EXPECT_EQ(scheduler.wake_at(), std::nullopt);
}

TEST_F(ExceptionTest, ThatIsNoStdExceptionIsAFailureToo) {
  const auto odd = []() -> task<> {
    throw 3;
    co_return;
  };
  const Running flow{odd()};
  EXPECT_EQ(flow.outcome()->error().code, Errc::exception);
  EXPECT_EQ(flow.outcome()->error().context, "");
}

TEST_F(ExceptionTest, ThatNobodyLookedAtIsReported) {
  std::vector<std::string> told;
  const OnUnseenError listen{[&](const Error& error) { told.push_back(error.context); }};
  {
    const Running flow{throws("unseen")};
  }
  EXPECT_EQ(told, (std::vector<std::string>{"unseen"}));
}

}  // namespace
}  // namespace parley::flow

#endif
