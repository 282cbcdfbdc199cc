// Pipelines, the second spelling: what is a step, and what a step is given. The original's text is
// its sections on sequences and messages: every step gets the messages of the step before it and of
// no other, a function's value is its message ("val"), a sequence or a promise may stand where a
// step may ("seq", "promise"), and after a failure no further step runs.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

namespace parley::flow {
namespace {

using namespace std::chrono_literals;

const std::unexpected<Error> io_failure{Error{io_error}};

task<int> number(int value) { co_return value; }
int twice(int value) { return 2 * value; }
Result<int> even(int value) {
  if (value % 2 != 0) return io_failure;
  return value;
}
std::string text(int value) { return std::to_string(value); }

template <class T>
T value_of(task<T> flow) {
  const Running running{std::move(flow)};
  return running.outcome().value().value();
}

TEST(Pipeline, HandsTheValueOfAStepToTheNextAndToNoOther) {
  const auto forgets = [](int) {};
  const auto counts = [](auto... values) { return sizeof...(values); };
  EXPECT_EQ(value_of<std::string>(just(1) | number | twice | text), "2");
  EXPECT_EQ(value_of<std::size_t>(just(1) | forgets | counts), 0u);
}

TEST(Pipeline, LosesAValueThatTheNextStepDoesNotTake) {
  EXPECT_EQ(value_of<int>(just(1) | [] { return 2; }), 2);
}

TEST(Pipeline, HandsOnSeveralFirstMessages) {
  EXPECT_EQ(value_of<int>(just(1, 2) | [](int a, int b) { return 10 * a + b; }), 12);
  EXPECT_EQ(value_of<int>(just(1, 2) | [](int a) { return a; }), 1);
  EXPECT_EQ(value_of<int>(just(1, 2) | [](std::tuple<int, int> all) { return get<1>(all); }), 2);
}

TEST(Pipeline, GivesItsLastValueOrLosesIt) {
  EXPECT_EQ(value_of<int>(just(3)), 3);
  const Running nothing{task<>{just(3) | twice}};
  EXPECT_EQ(nothing.outcome(), Result<>{});
  EXPECT_EQ(Running{just()}.outcome(), Result<>{});
}

TEST(Pipeline, BeginsWithATaskAsWell) {
  EXPECT_EQ(value_of<std::string>(number(4) | twice | text), "8");
}

TEST(Pipeline, FailsWithTheErrorOfAResultAndRunsNoFurtherStep) {
  Diary diary;
  const auto note = [&](int) { diary.push_back("after"); };
  EXPECT_EQ(value_of<int>(just(2) | even | twice), 4);
  EXPECT_EQ(Running{just(3) | even | note}.outcome(), Result<>{io_failure});
  EXPECT_EQ(diary, Diary{});
}

TEST(Pipeline, FailsWithTheErrorOfATask) {
  const auto failing = [](int) -> task<int> {
    co_return co_await require(Result<int>{io_failure});
  };
  EXPECT_EQ(Running{just(3) | failing | twice}.outcome(), Result<int>{io_failure});
}

TEST(Pipeline, TakesASequenceWhereAStepMayStand) {
  EXPECT_EQ(value_of<std::string>(just(1) | number(5) | text), "5");
  EXPECT_EQ(value_of<std::string>(just(1) | (just(6) | twice) | text), "12");
  EXPECT_EQ(value_of<int>(just(7) | [](int value) { return just(value) | twice; }), 14);
}

TEST(Pipeline, AwaitsWhateverAStepReturns) {
  TestScheduler scheduler;
  Mailbox<int, TestScheduler> mailbox{scheduler};
  const Running flow{just() | [&] { return sleep(scheduler, 1s); } |
                     [&] { return mailbox.next(); } | twice};
  scheduler.advance(TestClock::time_point{1s});
  EXPECT_FALSE(flow.outcome());
  mailbox.put(4);
  scheduler.run();
  EXPECT_EQ(flow.outcome(), Result<int>{8});
}

TEST(Pipeline, HandsItsSubjectToEveryStepThatTakesIt) {
  struct Counter {
    int count = 1;
    int plus(int value) { return count += value; }
    task<int> next() { co_return ++count; }
  };
  Counter counter;
  EXPECT_EQ(value_of<int>(with(counter) | &Counter::next | twice | &Counter::plus), 6);
  EXPECT_EQ(counter.count, 6);
  EXPECT_EQ(value_of<int>(with(Counter{}) | &Counter::next | &Counter::plus), 4);
  EXPECT_EQ(value_of<int>(with(std::make_unique<Counter>()) | &Counter::next | twice), 4);
  EXPECT_EQ(value_of<int>(with(counter) | just(5) | &Counter::plus), 11);
}

TEST(Pipeline, KeepsItsSubjectItsStepsAndTheValueOfAStepAtWork) {
  TestScheduler scheduler;
  const auto held = std::make_shared<int>(7);
  const auto slow = [&scheduler, held](const std::string& value) -> task<std::string> {
    co_await sleep(scheduler, 1s);
    co_return value + std::to_string(*held);
  };
  const Running flow{just(std::string(100, 'x')) | slow};
  scheduler.advance(TestClock::time_point{1s});
  EXPECT_EQ(flow.outcome(), Result<std::string>{std::string(100, 'x') + "7"});
}

TEST(Pipeline, MovesAValueOn) {
  const auto pass = [](std::unique_ptr<int> value) { return value; };
  const auto later = [](std::unique_ptr<int> value) -> task<int> { co_return *value; };
  EXPECT_EQ(value_of<int>(just(std::make_unique<int>(5)) | pass | pass | later), 5);
}

TEST(Pipeline, ACopyIsAFlowOfItsOwn) {
  int runs = 0;
  const auto counted = just(1) | [&](int value) { return value + ++runs; };
  EXPECT_EQ(value_of<int>(counted), 2);
  EXPECT_EQ(value_of<int>(counted | twice), 6);
}

TEST(Pipeline, IsAwaitedOrAttemptedLikeATask) {
  const auto flow = []() -> task<std::string> {
    const int value = co_await (just(1) | twice);
    const Result<int> failed = co_await attempt(just(value + 1) | even);
    co_return failed ? "succeeded" : "failed";
  };
  EXPECT_EQ(value_of(flow()), "failed");
}

#ifdef __cpp_exceptions
TEST(Pipeline, TakesAnExceptionOfAFunctionForItsFailure) {
  const auto throwing = [](int) -> int { throw std::runtime_error{"no"}; };
  const Running flow{just(1) | number | throwing | twice};
  ASSERT_TRUE(flow.outcome() && !*flow.outcome());
  EXPECT_EQ(flow.outcome()->error().code, Errc::exception);
}
#endif

}  // namespace
}  // namespace parley::flow
