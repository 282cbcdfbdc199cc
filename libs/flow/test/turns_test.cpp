// Steps that take turns over a shared token: "runner" of asynquence with several coroutines.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace parley::flow {
namespace {

using Turns = Turn<Diary, TestScheduler>;

struct TurnsTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Step<> step{scheduler, diary, "step"};

  static task<> say(Turns& turn, std::string word, int times) {
    for (int time = 0; time < times; ++time) {
      if (time > 0) co_await turn.pass();
      turn.token().push_back(word + std::to_string(time));
    }
  }
  static auto saying(std::string word, int times) {
    return [word = std::move(word), times](Turns& turn) { return say(turn, word, times); };
  }
  static task<> pass_after(Turns& turn, task<> wait) {
    co_await std::move(wait);
    turn.token().emplace_back("waited");
    co_await turn.pass();
    turn.token().emplace_back("back");
  }
  auto waiting() {
    return [this](Turns& turn) { return pass_after(turn, step.run()); };
  }
};

TEST_F(TurnsTest, TheTurnGoesRoundUntilAllHaveEnded) {
  const Running flow{
      take_turns(scheduler, Diary{"go"}, saying("a", 2), saying("b", 3), saying("c", 1))};
  EXPECT_FALSE(flow.outcome());
  scheduler.run();
  EXPECT_EQ(flow.outcome()->value(), (Diary{"go", "a0", "b0", "c0", "a1", "b1", "b2"}));
}

TEST_F(TurnsTest, WhoIsAlonePassesToItself) {
  const Running flow{take_turns(scheduler, Diary{}, saying("a", 3))};
  scheduler.run();
  EXPECT_EQ(flow.outcome()->value(), (Diary{"a0", "a1", "a2"}));
}

TEST_F(TurnsTest, AwaitingSomethingElseKeepsTheTurn) {
  const Running flow{take_turns(scheduler, Diary{}, waiting(), saying("b", 2))};
  scheduler.run();
  EXPECT_EQ(diary, Diary{"step starts"});
  EXPECT_FALSE(flow.outcome());
  step.succeeds();
  EXPECT_EQ(flow.outcome()->value(), (Diary{"waited", "b0", "back", "b1"}));
}

TEST_F(TurnsTest, TheFirstFailureStopsAllAndNamesWhoseItWas) {
  const Running flow{take_turns(scheduler, Diary{}, saying("a", 2), waiting())};
  scheduler.run();
  step.fails();
  EXPECT_EQ(flow.outcome()->error(), in_segment(1, Error{io_error}));
  EXPECT_EQ(diary, (Diary{"step starts", "step is gone"}));
}

TEST_F(TurnsTest, ManyTurnsNeedNoMoreRoomThanOne) {
  const Running flow{take_turns(scheduler, Diary{}, saying("a", 20'000), saying("b", 20'000))};
  scheduler.run();
  EXPECT_EQ(flow.outcome()->value().size(), 40'000u);
}

TEST_F(TurnsTest, NothingRunsOnWhereverItIsCancelled) {
  for (int reached = 0; reached < 3; ++reached) {
    auto flow = std::make_unique<Running<Diary>>(
        take_turns(scheduler, Diary{}, saying("a", 2), waiting(), saying("c", 2)));
    if (reached > 0) scheduler.run();
    if (reached > 1) step.will_end_with(Result<>{});
    flow.reset();
    const auto before = diary;
    scheduler.run();
    EXPECT_EQ(diary, before);
  }
}

}  // namespace
}  // namespace parley::flow
