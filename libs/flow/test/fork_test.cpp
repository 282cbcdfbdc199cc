// A flow whose outcome several await: the meaning is that of "fork" in asynquence's core, and that
// a sequence is tapped, not consumed, but that the outcome dies with its owner.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace parley::flow {
namespace {

using Text = std::string;
using TextFork = Fork<Text, TestScheduler>;
const std::unexpected<Error> io_failure{Error{io_error}};
const Result<Text> cancelled = std::unexpected{Error{Errc::cancelled}};

struct ForkTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  std::vector<Error> unseen;
  OnUnseenError keep{[this](const Error& error) { unseen.push_back(error); }};
  Step<Text> source{scheduler, diary, "source"};

  std::unique_ptr<TextFork> forked() { return std::make_unique<TextFork>(scheduler, source.run()); }

  task<Text> tap(TextFork& fork, Text name) {
    const Text text = co_await fork;
    diary.push_back(name + " has it");
    co_return name + text;
  }
};

TEST_F(ForkTest, StartsAtOnceAndByItself) {
  const auto fork = forked();
  EXPECT_EQ(diary, Diary{"source starts"});
}

TEST_F(ForkTest, GivesItsValueToAllInTheOrderOfTheirArrivalFromTheScheduler) {
  const auto fork = forked();
  const Running a{tap(*fork, "a")};
  const Running b{tap(*fork, "b")};
  source.ends_with("!");
  EXPECT_EQ(a.outcome(), Result<Text>{"a!"});
  EXPECT_EQ(b.outcome(), Result<Text>{"b!"});
  EXPECT_EQ(diary, (Diary{"source starts", "source is gone", "a has it", "b has it"}));
}

TEST_F(ForkTest, GivesItsValueAtOnceToWhoComesLate) {
  const auto fork = forked();
  source.ends_with("!");
  EXPECT_EQ(Running{tap(*fork, "late")}.outcome(), Result<Text>{"late!"});
  EXPECT_EQ(Running{tap(*fork, "later")}.outcome(), Result<Text>{"later!"});
}

TEST_F(ForkTest, FailsAllWithTheSameErrorAlsoWhoComesLate) {
  auto fork = forked();
  const Running a{tap(*fork, "a")};
  const Running b{tap(*fork, "b")};
  source.ends_with(io_failure);
  EXPECT_EQ(a.outcome(), Result<Text>{io_failure});
  EXPECT_EQ(b.outcome(), Result<Text>{io_failure});
  EXPECT_EQ(Running{tap(*fork, "late")}.outcome(), Result<Text>{io_failure});
  EXPECT_EQ(diary, (Diary{"source starts", "source is gone"}));
  fork.reset();
  EXPECT_EQ(unseen, std::vector<Error>{});
}

TEST_F(ForkTest, AnAwaiterThatIsCancelledAffectsNeitherTheFlowNorTheOthers) {
  const auto fork = forked();
  auto early = std::make_unique<Running<Text>>(tap(*fork, "early"));
  auto ready = std::make_unique<Running<Text>>(tap(*fork, "ready"));
  const Running last{tap(*fork, "last")};
  early.reset();
  source.will_end_with("!");
  ready.reset();
  scheduler.run();
  EXPECT_EQ(last.outcome(), Result<Text>{"last!"});
}

TEST_F(ForkTest, WhatOneAwaiterDoesMayCancelAnother) {
  const auto fork = forked();
  std::unique_ptr<Running<Text>> other;
  const auto cancel_other = [](TextFork& of, std::unique_ptr<Running<Text>>& flow) -> task<> {
    co_await of;
    flow.reset();
  };
  const Running first{cancel_other(*fork, other)};
  other = std::make_unique<Running<Text>>(tap(*fork, "other"));
  source.ends_with("!");
  EXPECT_EQ(diary, (Diary{"source starts", "source is gone"}));
}

TEST_F(ForkTest, DestroyingItCancelsItsFlowAndFailsWhoAwaitsFromTheScheduler) {
  auto fork = forked();
  const Running flow{tap(*fork, "a")};
  fork.reset();
  EXPECT_EQ(diary, (Diary{"source starts", "source is gone"}));
  EXPECT_FALSE(flow.outcome());
  scheduler.run();
  EXPECT_EQ(flow.outcome(), cancelled);
  source.ends_with("!");
  EXPECT_EQ(diary.size(), 2u);
}

TEST_F(ForkTest, DestroyingItBetweenItsEndAndATurnFailsWhoAwaits) {
  for (const Result<Text>& end : {Result<Text>{"!"}, Result<Text>{io_failure}}) {
    auto fork = forked();
    const auto destroy_fork = [](std::unique_ptr<TextFork>& of) -> task<> {
      co_await attempt([](TextFork& tapped) -> task<> { co_await tapped; }(*of));
      of.reset();
    };
    const Running first{destroy_fork(fork)};
    const Running second{tap(*fork, "second")};
    source.ends_with(end);
    EXPECT_EQ(second.outcome(), cancelled);
    EXPECT_EQ(unseen, std::vector<Error>{});
  }
}

TEST_F(ForkTest, AFailureThatNobodyAwaitedIsReportedAtItsEnd) {
  auto fork = forked();
  source.ends_with(io_failure);
  EXPECT_EQ(unseen, std::vector<Error>{});
  fork.reset();
  EXPECT_EQ(unseen, std::vector{Error{io_error}});
}

TEST_F(ForkTest, AFlowThatIsCancelledUnseenIsNotReported) {
  forked().reset();
  EXPECT_EQ(unseen, std::vector<Error>{});
}

task<std::unique_ptr<int>> owned(int value) { co_return std::make_unique<int>(value); }

TEST_F(ForkTest, LendsAValueThatCanOnlyBeMoved) {
  Fork fork{scheduler, owned(5)};
  const auto look = [](Fork<std::unique_ptr<int>, TestScheduler>& of) -> task<int> {
    const auto& lent = co_await of;
    co_return *lent;
  };
  EXPECT_EQ(Running{look(fork)}.outcome(), Result<int>{5});
  EXPECT_EQ(Running{look(fork)}.outcome(), Result<int>{5});
}

TEST_F(ForkTest, OfAFlowWithoutAValueSaysThatItHasEnded) {
  Step<> plain{scheduler, diary, "plain"};
  Fork fork{scheduler, plain.run()};
  const auto wait = [](Fork<void, TestScheduler>& of) -> task<> { co_await of; };
  const Running flow{wait(fork)};
  plain.succeeds();
  EXPECT_EQ(flow.outcome(), Result<>{});
}

}  // namespace
}  // namespace parley::flow
