// Tasks in sequence: values, failures that end a flow, attempt, cancelling. The behaviours are
// those of a sequence in the library of the lesson: no step after a failure, nothing after an
// abort.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace parley::flow {
namespace {

struct TaskTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Step<> first{scheduler, diary, "first"};
  Step<> second{scheduler, diary, "second"};

  task<> both() {
    co_await first.run();
    co_await second.run();
    diary.push_back("end");
  }
};

task<int> number(int value) { co_return value; }
task<std::unique_ptr<int>> owned(int value) { co_return std::make_unique<int>(value); }
task<int> sum() { co_return co_await number(1) + co_await number(2); }
task<int> of_owned() {
  const auto value = co_await owned(7);
  co_return *value;
}

TEST(Task, GivesItsValue) { EXPECT_EQ(Running{sum()}.outcome(), Result<int>{3}); }

TEST(Task, GivesAValueThatCanOnlyBeMoved) {
  EXPECT_EQ(Running{of_owned()}.outcome(), Result<int>{7});
}

TEST_F(TaskTest, StartsWhenItIsAwaitedAndNotBefore) {
  auto flow = both();
  EXPECT_EQ(diary, Diary{});
  const Running running{std::move(flow)};
  EXPECT_EQ(diary, Diary{"first starts"});
}

TEST_F(TaskTest, RunsTheSecondStepAfterTheFirst) {
  const Running flow{both()};
  first.succeeds();
  EXPECT_EQ(diary, (Diary{"first starts", "first is gone", "second starts"}));
  EXPECT_FALSE(flow.outcome());
  second.succeeds();
  EXPECT_EQ(diary.back(), "end");
  EXPECT_EQ(flow.outcome(), Result<>{});
}

TEST_F(TaskTest, RunsNothingAfterAFailedStep) {
  const Running flow{both()};
  first.fails();
  EXPECT_EQ(diary, (Diary{"first starts"}));
  const Result<> failed = std::unexpected{Error{io_error}};
  EXPECT_EQ(flow.outcome(), failed);
}

TEST_F(TaskTest, DestroysTheLocalsOfAFailedFlowWithIt) {
  {
    const Running flow{both()};
    first.fails();
    EXPECT_TRUE(flow.outcome());
  }
  EXPECT_EQ(diary, (Diary{"first starts", "first is gone"}));
}

task<> fail_with(Error error) {
  co_await fail(std::move(error));
  ADD_FAILURE() << "ran on after a failure";
}
task<int> through(task<> step) {
  co_await std::move(step);
  ADD_FAILURE() << "ran on after a failed step";
  co_return 1;
}

TEST(Task, CarriesAFailureThroughEveryCallerWithItsContext) {
  const Error error{io_error, "the cable"};
  auto flow = through(fail_with(error));
  const Result<int> failed = std::unexpected{error};
  EXPECT_EQ(Running{std::move(flow)}.outcome(), failed);
}

task<std::string> tried(task<int> step) {
  const Result<int> result = co_await attempt(std::move(step));
  co_return result ? std::to_string(*result) : result.error().code.message();
}

TEST(Task, GivesAFailureAsAValueWhenItIsOnlyAttempted) {
  auto failing = through(fail_with(Error{Errc::timed_out}));
  EXPECT_EQ(Running{tried(std::move(failing))}.outcome(),
            Result<std::string>{"the time limit was reached"});
  EXPECT_EQ(Running{tried(number(5))}.outcome(), Result<std::string>{"5"});
}

TEST_F(TaskTest, RunsNothingMoreOnceItIsDestroyed) {
  auto flow = std::make_unique<Running<>>(both());
  flow.reset();
  EXPECT_EQ(diary, (Diary{"first starts", "first is gone"}));
  first.succeeds();
  EXPECT_EQ(diary.size(), 2u);
}

TEST_F(TaskTest, CanBeCancelledBetweenItsStepsEndAndItsTurn) {
  auto flow = std::make_unique<Running<>>(both());
  first.will_end_with({});
  flow.reset();
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"first starts", "first is gone"}));
}

TEST_F(TaskTest, IsAbandonedUnstartedWithoutRunning) {
  {
    auto flow = both();
  }
  EXPECT_EQ(diary, Diary{});
}

task<int> depth(int levels) {
  if (levels == 0) co_return 0;
  const int below = co_await depth(levels - 1);
  co_return below + 1;
}

TEST(Task, NestsDeeply) { EXPECT_EQ(Running{depth(1000)}.outcome(), Result<int>{1000}); }

}  // namespace
}  // namespace parley::flow
