// What stands around the steps before it: a time limit, "or" of asynquence (told of the error, the
// failure goes on) and its "pCatch" (an error is handled and the sequence goes on).

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

namespace parley::flow {
namespace {

using namespace std::chrono_literals;

const std::unexpected<Error> io_failure{Error{io_error}};

Result<int> failing(int) { return io_failure; }
int twice(int value) { return 2 * value; }

struct AroundTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Step<int> step{scheduler, diary, "step"};
  TestClock::time_point start{};

  auto run() {
    return [this] { return step.run(); };
  }
  auto note(std::string line) {
    return [this, line](const Error& error) { diary.push_back(line + error.code.message()); };
  }
};

TEST_F(AroundTest, ALimitIsOnTheStepsBeforeItOnly) {
  const Running flow{just() | run() | within(scheduler, 10s) | run()};
  step.ends_with(1);
  EXPECT_EQ(scheduler.wake_at(), std::nullopt);
  step.ends_with(2);
  EXPECT_EQ(flow.outcome(), Result<int>{2});
}

TEST_F(AroundTest, ALimitCountsFromWhenItsFirstStepStarts) {
  const Running flow{just() | run() | (just() | run() | within(scheduler, 10s))};
  scheduler.advance(start + 1h);
  step.ends_with(1);
  EXPECT_EQ(scheduler.wake_at(), start + 1h + 10s);
  scheduler.advance(start + 2h);
  EXPECT_EQ(flow.outcome(), Result<int>{std::unexpected{Error{Errc::timed_out}}});
  EXPECT_EQ(diary.back(), "step is gone");
}

TEST_F(AroundTest, ALimitHandsItsValueOn) {
  const Running flow{just(3) | twice | within(scheduler, 10s) | twice};
  EXPECT_EQ(flow.outcome(), Result<int>{12});
}

TEST(Recover, GoesOnWithTheValueThatItsFunctionGives) {
  const auto seven = [] { return 7; };
  EXPECT_EQ(Running{just(1) | failing | recover(seven) | twice}.outcome(), Result<int>{14});
}

TEST(Recover, TakesAResultATaskAPipelineOrAFunction) {
  const auto result = [](const Error&) -> Result<int> { return 1; };
  const auto coroutine = [](Error) -> task<int> { co_return 2; };
  const auto pipeline = [] { return just(3); };
  EXPECT_EQ(Running{just(0) | failing | recover(result)}.outcome(), Result<int>{1});
  EXPECT_EQ(Running{just(0) | failing | recover(coroutine)}.outcome(), Result<int>{2});
  EXPECT_EQ(Running{just(0) | failing | recover(pipeline)}.outcome(), Result<int>{3});
  EXPECT_EQ(Running{just(0) | failing | recover(just(4))}.outcome(), Result<int>{4});
}

TEST(Recover, MayFailItself) {
  const auto other = [] { return Result<int>{std::unexpected{Error{Errc::closed}}}; };
  EXPECT_EQ(Running{just(1) | failing | recover(other)}.outcome()->error(), Error{Errc::closed});
}

TEST(Recover, IsNotCalledWhenNothingFailed) {
  int calls = 0;
  const auto counted = [&] { return ++calls; };
  EXPECT_EQ(Running{just(1) | twice | recover(counted)}.outcome(), Result<int>{2});
  EXPECT_EQ(calls, 0);
}

TEST(Recover, OfStepsWithoutAValueGivesNone) {
  const auto fails = [] { return Result<>{io_failure}; };
  EXPECT_EQ(Running{just() | fails | recover([] { return 1; })}.outcome(), Result<>{});
}

TEST(Recover, DoesNotHandleTheFailureOfALaterStep) {
  EXPECT_EQ(Running{just(1) | recover([] { return 2; }) | failing}.outcome(),
            Result<int>{io_failure});
}

TEST_F(AroundTest, NothingIsLeftOfTheFailedStepsWhenTheErrorIsHandled) {
  const Running flow{just() | run() | on_error(note("told: ")) | recover([this] {
                       diary.push_back("handled");
                       return 1;
                     })};
  step.fails();
  EXPECT_EQ(flow.outcome(), Result<int>{1});
  EXPECT_EQ(diary,
            (Diary{"step starts", "step is gone", "told: " + io_error.message(), "handled"}));
}

TEST_F(AroundTest, EveryHandlerIsToldOfAnErrorThatGoesOn) {
  const Running flow{just(1) | failing | on_error(note("a: ")) | twice | on_error(note("b: "))};
  EXPECT_EQ(flow.outcome(), Result<int>{io_failure});
  EXPECT_EQ(diary, (Diary{"a: " + io_error.message(), "b: " + io_error.message()}));
}

TEST_F(AroundTest, AHandlerMayTakeItsTimeAndTheFailureThenGoesOn) {
  const Running flow{just(1) | failing | on_error(run())};
  EXPECT_FALSE(flow.outcome());
  step.succeeds();
  EXPECT_EQ(flow.outcome(), Result<int>{io_failure});
}

TEST_F(AroundTest, AHandlerThatFailsDecidesTheError) {
  const Running flow{just(1) | failing | on_error(run())};
  step.ends_with(std::unexpected{Error{Errc::closed}});
  EXPECT_EQ(flow.outcome(), Result<int>{std::unexpected{Error{Errc::closed}}});
}

TEST_F(AroundTest, HandlersAndLaterStepsShareTheSubject) {
  struct Peer {
    std::unique_ptr<int> hung_up = std::make_unique<int>(0);
    task<int> call() { co_return co_await require(Result<int>{io_failure}); }
    task<int> hang_up() { co_return ++*hung_up; }
    int times(int) const { return *hung_up; }
  };
  const Running flow{with(Peer{}) | &Peer::call | on_error(&Peer::hang_up) |
                     recover(&Peer::hang_up) | within(scheduler, 1s) | &Peer::times};
  EXPECT_EQ(flow.outcome(), Result<int>{2});
}

TEST_F(AroundTest, CanBeCancelledWhileAHandlerIsAtWork) {
  for (const bool about_to_go_on : {false, true}) {
    {
      const Running flow{just(1) | failing | on_error(run()) | within(scheduler, 1s)};
      if (about_to_go_on) step.will_end_with(1);
    }
    EXPECT_EQ(diary, (Diary{"step starts", "step is gone"}));
    EXPECT_EQ(scheduler.wake_at(), std::nullopt);
    diary.clear();
  }
}

#ifdef __cpp_exceptions
TEST(Recover, HandlesAnExceptionAsWell) {
  const auto throwing = [](int) -> int { throw std::runtime_error{"no"}; };
  const auto code = [](Error error) { return error.code == Errc::exception ? 1 : 0; };
  EXPECT_EQ(Running{just(1) | throwing | recover(code)}.outcome(), Result<int>{1});
}
#endif

}  // namespace
}  // namespace parley::flow
