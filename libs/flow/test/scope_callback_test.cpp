// Flows for plain callbacks: the meanings are those of "errfcb" and "toPromise" in asynquence, by
// which an outcome leaves the library, but that the flow stays in a scope that can cancel it.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

namespace parley::flow {
namespace {

using TestScope = Scope<TestScheduler>;
using Outcomes = std::vector<Result<int>>;
const std::unexpected<Error> io_failure{Error{io_error}};

task<> at_once(Result<> outcome) { co_return co_await require(std::move(outcome)); }

struct ScopeCallbackTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  OnUnseenError ignore{[](const Error&) {}};
  Step<> a{scheduler, diary, "a"};
  Step<int> number{scheduler, diary, "number"};
  Outcomes outcomes;
  std::unique_ptr<TestScope> scope = std::make_unique<TestScope>(scheduler);

  task<> join() {
    co_await scope->join();
    diary.push_back("joined");
  }
  // Everything that was written since the last time.
  Diary news() { return std::exchange(diary, {}); }

  void spawn_number() {
    scope->spawn(number.run(), [this](Result<int> outcome) {
      diary.push_back("told");
      outcomes.push_back(std::move(outcome));
    });
  }
};

TEST_F(ScopeCallbackTest, IsToldTheOutcomeOnceTheFlowIsGone) {
  spawn_number();
  const Running joined{join()};
  number.ends_with(4);
  EXPECT_EQ(outcomes, Outcomes{4});
  EXPECT_EQ(news(), (Diary{"number starts", "number is gone", "told", "joined"}));
}

TEST_F(ScopeCallbackTest, IsToldAFailureThatThenDoesNotFailTheScope) {
  spawn_number();
  scope->spawn(a.run());
  number.ends_with(io_failure);
  EXPECT_EQ(outcomes, Outcomes{io_failure});
  a.succeeds();
  EXPECT_EQ(Running{join()}.outcome(), Result<>{});
}

TEST_F(ScopeCallbackTest, IsToldFromTheSchedulerAndNotInsideSpawn) {
  number.ends_with(4);
  spawn_number();
  EXPECT_EQ(outcomes, Outcomes{});
  scheduler.run();
  EXPECT_EQ(outcomes, Outcomes{4});
}

TEST_F(ScopeCallbackTest, IsNotCalledWhereverTheFlowWasCancelled) {
  using End = std::function<void()>;
  const std::vector<End> ends = {
      [] {},                                          // while it runs
      [this] { number.will_end_with(4); },            // between its end and its turn
      [this] { scope->spawn(at_once(io_failure)); },  // when another has failed
  };
  for (const End& end : ends) {
    const auto token = std::make_shared<int>();
    scope->spawn(number.run(), [this, token](Result<int> outcome) { outcomes.push_back(outcome); });
    end();
    scope = std::make_unique<TestScope>(scheduler);
    EXPECT_EQ(token.use_count(), 1);
    scheduler.run();
  }
  EXPECT_EQ(outcomes, Outcomes{});
}

TEST_F(ScopeCallbackTest, IsNotCalledWhenTheFlowIsCancelledBetweenItsEndAndItsTurn) {
  Step<int> early{scheduler, diary, "early"};
  early.will_end_with(4);
  scope->spawn(early.run(), [this](Result<int> outcome) { outcomes.push_back(outcome); });
  EXPECT_EQ(news(), (Diary{"early starts", "early is gone"}));
  scope.reset();
  scheduler.run();
  EXPECT_EQ(outcomes, Outcomes{});
}

TEST_F(ScopeCallbackTest, MayCancelTheScopeSpawnIntoItOrDestroyIt) {
  scope->spawn(a.run());
  scope->spawn(at_once({}), [this](const Result<>&) { scope->cancel(); });
  scheduler.run();
  EXPECT_EQ(news(), (Diary{"a starts", "a is gone"}));
  scope->spawn(at_once({}), [this](const Result<>&) { scope->spawn(a.run()); });
  scheduler.run();
  EXPECT_EQ(news(), Diary{"a starts"});
  scope->spawn(at_once({}), [this](const Result<>&) { scope.reset(); });
  scheduler.run();
  EXPECT_EQ(news(), Diary{"a is gone"});
}

TEST_F(ScopeCallbackTest, MayBeErrorFirst) {
  std::vector<std::pair<std::error_code, int>> calls;
  for (const Result<int>& end : {Result<int>{4}, Result<int>{io_failure}}) {
    scope->spawn(number.run(),
                 [&](std::error_code error, int value) { calls.emplace_back(error, value); });
    number.ends_with(end);
  }
  EXPECT_EQ(calls, (std::vector<std::pair<std::error_code, int>>{{{}, 4}, {io_error, 0}}));
}

TEST_F(ScopeCallbackTest, MayTakeAnErrorCodeAloneForAFlowWithoutAValue) {
  std::vector<std::error_code> calls;
  for (const Result<>& end : {Result<>{}, Result<>{io_failure}}) {
    scope->spawn(at_once(end), [&](std::error_code error) { calls.push_back(error); });
  }
  scheduler.run();
  EXPECT_EQ(calls, (std::vector<std::error_code>{{}, io_error}));
}

}  // namespace
}  // namespace parley::flow
