// Steps in callback style, and pipe: the meanings are those of "done", "done.fail", "done.abort",
// "done.errcb" and "pipe" in asynquence's core, but that a Done that nobody can call any more fails
// its step and that an aborted step fails.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>

namespace parley::flow {
namespace {

const std::unexpected<Error> io_failure{Error{io_error}};
const Result<int> abandoned = std::unexpected{Error{Errc::abandoned}};

struct CallbackTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  std::vector<Done<int>> given;  // what the host was given and kept

  task<int> step() {
    const auto keep = [this](Done<int> done) {
      diary.push_back("called");
      given.push_back(std::move(done));
    };
    const int value = co_await callback<int>(scheduler, keep);
    diary.push_back("goes on");
    co_return value;
  }
  task<int> step_that_is_done_at_once(Result<int> outcome) {
    const auto complete = [&](const Done<int>& done) {
      done.complete(std::move(outcome));
      diary.push_back("returns");
    };
    const int value = co_await callback<int>(scheduler, complete);
    diary.push_back("goes on");
    co_return value;
  }
};

TEST_F(CallbackTest, CallsTheFunctionWhenItIsAwaitedAndNotBefore) {
  auto unstarted = step();
  EXPECT_EQ(diary, Diary{});
  const Running flow{std::move(unstarted)};
  EXPECT_EQ(diary, Diary{"called"});
}

TEST_F(CallbackTest, GoesOnFromTheSchedulerWithTheValue) {
  const Running flow{step()};
  given.at(0)(7);
  EXPECT_EQ(diary, Diary{"called"});
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"called", "goes on"}));
  EXPECT_EQ(flow.outcome(), Result<int>{7});
}

TEST_F(CallbackTest, FailsWithTheErrorAndItsContext) {
  const Running flow{step()};
  given.at(0).fail(io_error, "the cable");
  EXPECT_FALSE(flow.outcome());
  scheduler.run();
  const Result<int> failed = std::unexpected{Error{io_error, "the cable"}};
  EXPECT_EQ(flow.outcome(), failed);
  EXPECT_EQ(diary, Diary{"called"});
}

TEST_F(CallbackTest, GoesOnAtOnceWhenItWasDoneBeforeTheFunctionReturned) {
  const Running flow{step_that_is_done_at_once(3)};
  EXPECT_EQ(diary, (Diary{"returns", "goes on"}));
  EXPECT_EQ(flow.outcome(), Result<int>{3});
}

TEST_F(CallbackTest, FailsAtOnceWhenItFailedBeforeTheFunctionReturned) {
  const Running flow{step_that_is_done_at_once(io_failure)};
  EXPECT_EQ(diary, Diary{"returns"});
  EXPECT_EQ(flow.outcome(), Result<int>{io_failure});
}

TEST_F(CallbackTest, IgnoresWhatIsDoneTwice) {
  const Running flow{step()};
  given.at(0)(1);
  given.at(0)(2);
  given.at(0).fail(io_error);
  scheduler.run();
  EXPECT_EQ(flow.outcome(), Result<int>{1});
  given.at(0)(3);
  scheduler.run();
  EXPECT_EQ(flow.outcome(), Result<int>{1});
}

TEST_F(CallbackTest, IgnoresWhatIsDoneAfterTheFlowIsGone) {
  {
    const Running flow{step()};
    given.push_back(given.at(0));
  }
  given.at(0)(1);
  given.at(1).fail(io_error);
  given.clear();
  scheduler.run();
  EXPECT_EQ(diary, Diary{"called"});
}

TEST_F(CallbackTest, NothingRunsOnWhereverItIsCancelled) {
  using End = std::function<void()>;
  const std::vector<End> ends = {
      [] {},                                    // before it is done
      [this] { given.at(0)(1); },               // between done and its turn
      [this] { given.at(0).fail(io_error); },   // between its failure and its turn
      [this] { given.clear(); },                // between being abandoned and its turn
      [this] { given.push_back(given.at(0)); }  // with several who could complete it
  };
  for (const End& end : ends) {
    auto flow = std::make_unique<Running<int>>(step());
    end();
    flow.reset();
    scheduler.run();
    EXPECT_EQ(diary, Diary{"called"});
    diary.clear();
    given.clear();
  }
}

TEST_F(CallbackTest, IsAbandonedWhenTheLastCopyOfItsDoneDies) {
  const Running flow{step()};
  given.push_back(given.at(0));
  given.erase(given.begin());
  scheduler.run();
  EXPECT_FALSE(flow.outcome());
  given.clear();
  EXPECT_FALSE(flow.outcome());
  scheduler.run();
  EXPECT_EQ(flow.outcome(), abandoned);
}

TEST_F(CallbackTest, IsAbandonedAtOnceWhenTheFunctionKeepsNoDone) {
  const auto forget = [](const Done<int>&) {};
  auto step = callback<int>(scheduler, forget);
  EXPECT_EQ(Running{std::move(step)}.outcome(), abandoned);
}

TEST_F(CallbackTest, IsAbandonedWhenItsDoneBecomesThatOfAnotherStep) {
  const Running first{step()};
  const Running second{step()};
  given.at(0) = given.at(1);
  scheduler.run();
  EXPECT_EQ(first.outcome(), abandoned);
  given.at(0)(2);
  scheduler.run();
  EXPECT_EQ(second.outcome(), Result<int>{2});
}

TEST_F(CallbackTest, ADoneThatWasMovedFromIsThatOfNobody) {
  const Running flow{step()};
  const Done<int> moved = std::move(given.at(0));
  given.at(0)(1);  // NOLINT(bugprone-use-after-move): that is what is tested
  scheduler.run();
  EXPECT_FALSE(flow.outcome());
  moved(2);
  scheduler.run();
  EXPECT_EQ(flow.outcome(), Result<int>{2});
}

TEST_F(CallbackTest, AnAbortedStepFailsInsteadOfWaitingForEver) {
  const Running flow{step()};
  given.at(0).abort();
  scheduler.run();
  const Result<int> cancelled = std::unexpected{Error{Errc::cancelled}};
  EXPECT_EQ(flow.outcome(), cancelled);
}

TEST_F(CallbackTest, TakesTheCallsOfAnErrorFirstCallback) {
  const Running good{step()};
  const Running bad{step()};
  const std::function<void(std::error_code, int)> of_good = given.at(0).errcb();
  const std::function<void(std::error_code, int)> of_bad = given.at(1).errcb();
  of_good({}, 5);
  of_bad(io_error, 0);
  scheduler.run();
  EXPECT_EQ(good.outcome(), Result<int>{5});
  EXPECT_EQ(bad.outcome(), Result<int>{io_failure});
}

TEST_F(CallbackTest, WithoutAValueTakesAnErrorCodeAlone) {
  const auto run = [this](std::error_code error) {
    auto step = callback(scheduler, [error](const Done<>& done) { done.errcb()(error); });
    return *Running{std::move(step)}.outcome();
  };
  EXPECT_EQ(run({}), Result<>{});
  EXPECT_EQ(run(io_error), Result<>{io_failure});
  auto step = callback(scheduler, [](const Done<>& done) { done(); });
  EXPECT_EQ(Running{std::move(step)}.outcome(), Result<>{});
}

#ifdef __cpp_exceptions
TEST_F(CallbackTest, AnExceptionOfTheFunctionIsAFailureAlsoWhenItWasDone) {
  const auto complete_and_throw = [this](Done<int> done) {
    done(1);
    given.push_back(std::move(done));
    throw std::runtime_error{"no cable"};
  };
  auto step = callback<int>(scheduler, complete_and_throw);
  const Running flow{std::move(step)};
  EXPECT_EQ(flow.outcome()->error().context, "no cable");
  given.at(0)(2);
  scheduler.run();
}
#endif

TEST_F(CallbackTest, GivesAValueThatCanOnlyBeMoved) {
  using Owned = std::unique_ptr<int>;
  auto step = callback<Owned>(
      scheduler, [](const Done<Owned>& done) { done.errcb()({}, std::make_unique<int>(4)); });
  EXPECT_EQ(*Running{std::move(step)}.outcome()->value(), 4);
}

TEST_F(CallbackTest, MayBeASegment) {
  auto both = gate(step(), step_that_is_done_at_once(2));
  const Running flow{std::move(both)};
  given.at(0)(1);
  scheduler.run();
  EXPECT_EQ(flow.outcome()->value(), (std::tuple{1, 2}));
}

TEST_F(CallbackTest, KeepsItsFunctionForAsLongAsTheStepLasts) {
  auto token = std::make_shared<int>();
  auto keep = [this, token](Done<int> done) { given.push_back(std::move(done)); };
  auto step = callback<int>(scheduler, std::move(keep));
  auto flow = std::make_unique<Running<int>>(std::move(step));
  EXPECT_EQ(token.use_count(), 2);
  flow.reset();
  EXPECT_EQ(token.use_count(), 1);
}

TEST(Callback, ADoneMayOutliveTheScheduler) {
  std::vector<Done<>> given;
  {
    TestScheduler scheduler;
    auto step = callback(scheduler, [&](Done<> done) { given.push_back(std::move(done)); });
    const Running flow{std::move(step)};
  }
  given.at(0)();
  given.clear();
}

struct PipeTest : CallbackTest {
  Step<int> source{scheduler, diary, "source"};

  // Pipes the source into step(), which has been started.
  task<> into_step() { return pipe(source.run(), std::move(given.at(0))); }
};

TEST_F(PipeTest, RoutesASuccessIntoAnotherFlowAndSucceeds) {
  const Running flow{step()};
  const Running piped{into_step()};
  given.clear();
  source.ends_with(9);
  EXPECT_EQ(flow.outcome(), Result<int>{9});
  EXPECT_EQ(piped.outcome(), Result<>{});
}

TEST_F(PipeTest, RoutesAFailureIntoAnotherFlowAndSucceeds) {
  const Running flow{step()};
  const Running piped{into_step()};
  source.ends_with(io_failure);
  EXPECT_EQ(flow.outcome(), Result<int>{io_failure});
  EXPECT_EQ(piped.outcome(), Result<>{});
}

TEST_F(PipeTest, AbandonsTheOtherFlowWhenItIsCancelled) {
  const Running flow{step()};
  auto piped = std::make_unique<Running<>>(into_step());
  given.clear();
  piped.reset();
  scheduler.run();
  EXPECT_EQ(flow.outcome(), abandoned);
}

TEST_F(PipeTest, GoesOnWhenTheOtherFlowIsGone) {
  auto flow = std::make_unique<Running<int>>(step());
  const Running piped{into_step()};
  flow.reset();
  source.ends_with(9);
  EXPECT_EQ(piped.outcome(), Result<>{});
}

}  // namespace
}  // namespace parley::flow
