// Race and first: one segment decides and the others are stopped. The meanings are those of the
// contributed verbs "race" and "first" of asynquence, but that losers are stopped, not ignored.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace parley::flow {
namespace {

struct RaceTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Step<int> a{scheduler, diary, "a"};
  Step<int> b{scheduler, diary, "b"};
  Step<std::string> word{scheduler, diary, "word"};

  // Writes down when a word goes on, so that it can be seen that its segments were gone by then.
  template <class T>
  task<T> watched(task<T> flow) {
    Result<T> result = co_await attempt(std::move(flow));
    diary.push_back(result ? "won" : "failed");
    co_return co_await require(std::move(result));
  }
};

using Won = Result<From<int>>;
const std::unexpected<Error> io_failure{Error{io_error}};

Error all_failed(std::vector<Error> causes) {
  Error error{Errc::all_failed};
  error.causes = std::move(causes);
  return error;
}

TEST_F(RaceTest, TheFirstToSucceedWinsAndTheOthersAreGoneBeforeTheRaceGoesOn) {
  const Running flow{watched(race(a.run(), b.run()))};
  b.ends_with(7);
  EXPECT_EQ(flow.outcome(), (Won{{1, 7}}));
  EXPECT_EQ(diary, (Diary{"a starts", "b starts", "b is gone", "a is gone", "won"}));
  a.ends_with(6);
  EXPECT_EQ(diary.size(), 5u);
}

TEST_F(RaceTest, TheFirstToFailFailsTheRaceAndIsNamed) {
  const Running flow{watched(race(a.run(), b.run()))};
  b.ends_with(io_failure);
  EXPECT_EQ(flow.outcome()->error(), in_segment(1, Error{io_error}));
  EXPECT_EQ(diary, (Diary{"a starts", "b starts", "b is gone", "a is gone", "failed"}));
}

TEST_F(RaceTest, DoesNotStartWhatFollowsASegmentThatCompletesAtOnce) {
  a.ends_with(1);
  EXPECT_EQ(Running{race(a.run(), b.run())}.outcome(), (Won{{0, 1}}));
  EXPECT_EQ(diary, (Diary{"a starts", "a is gone"}));
}

TEST_F(RaceTest, IgnoresACompletionThatComesWithAnother) {
  const Running flow{race(a.run(), b.run())};
  b.will_end_with(2);
  a.will_end_with(1);
  scheduler.run();
  EXPECT_EQ(flow.outcome(), (Won{{1, 2}}));
}

TEST_F(RaceTest, OfDifferentTypesGivesAVariantWithAnAlternativeForEach) {
  const Running flow{race(a.run(), word.run())};
  word.ends_with("yes");
  using Either = std::variant<int, std::string>;
  EXPECT_EQ(flow.outcome(), Result<Either>{Either{"yes"}});
}

task<> nap(TestScheduler& scheduler) { co_await sleep(scheduler, std::chrono::seconds{1}); }

TEST_F(RaceTest, TellsSegmentsWithoutValuesApart) {
  auto awaited = race(nap(scheduler), a.run(), nap(scheduler));
  const Running flow{std::move(awaited)};
  scheduler.advance(scheduler.now() + std::chrono::seconds{1});
  EXPECT_EQ(flow.outcome()->value().index(), 0u);
  EXPECT_EQ(scheduler.wake_at(), std::nullopt);
}

task<std::unique_ptr<int>> owned(int value) { co_return std::make_unique<int>(value); }

TEST_F(RaceTest, GivesAValueThatCanOnlyBeMoved) {
  const Running flow{race(owned(3))};
  EXPECT_EQ(*flow.outcome()->value().value, 3);
}

TEST_F(RaceTest, FirstPassesOverAFailureWhichIsGoneAtOnce) {
  const Running flow{watched(first(a.run(), b.run()))};
  a.ends_with(io_failure);
  EXPECT_FALSE(flow.outcome());
  EXPECT_EQ(diary, (Diary{"a starts", "b starts", "a is gone"}));
  b.ends_with(5);
  EXPECT_EQ(flow.outcome(), (Won{{1, 5}}));
}

TEST_F(RaceTest, FirstStopsTheOthersBeforeItGoesOn) {
  const Running flow{watched(first(a.run(), b.run()))};
  a.ends_with(4);
  EXPECT_EQ(flow.outcome(), (Won{{0, 4}}));
  EXPECT_EQ(diary, (Diary{"a starts", "b starts", "a is gone", "b is gone", "won"}));
}

TEST_F(RaceTest, FirstFailsWithTheErrorsOfAllAsTheyCame) {
  const Running flow{watched(first(a.run(), b.run()))};
  b.ends_with(io_failure);
  a.ends_with(std::unexpected{Error{Errc::timed_out}});
  EXPECT_EQ(flow.outcome()->error(),
            all_failed({in_segment(1, Error{io_error}), in_segment(0, Error{Errc::timed_out})}));
  EXPECT_EQ(diary, (Diary{"a starts", "b starts", "b is gone", "a is gone", "failed"}));
}

TEST_F(RaceTest, FirstStartsTheNextWhenOneFailsAtOnceAndNoMoreWhenOneSucceedsAtOnce) {
  a.ends_with(io_failure);
  b.ends_with(2);
  Step<int> c{scheduler, diary, "c"};
  EXPECT_EQ(Running{first(a.run(), b.run(), c.run())}.outcome(), (Won{{1, 2}}));
  EXPECT_EQ(diary, (Diary{"a starts", "a is gone", "b starts", "b is gone"}));
}

TEST_F(RaceTest, NothingRunsOnWhereverItIsCancelled) {
  // Before either, between them, and between an end and its turn; for a failure and a success.
  for (const int after : {0, 1, 2, 3}) {
    for (const Result<int>& end : {Result<int>{1}, Result<int>{io_failure}}) {
      Step<int> one{scheduler, diary, "one"};
      Step<int> two{scheduler, diary, "two"};
      auto flow = std::make_unique<Running<From<int>>>(watched(first(one.run(), two.run())));
      if (after == 1) one.ends_with(end);
      if (after >= 2) two.will_end_with(end);
      if (after == 3) one.will_end_with(end);
      flow.reset();
      const auto before = diary;
      one.ends_with(1);
      two.ends_with(1);
      EXPECT_EQ(diary, before);
    }
  }
}

TEST_F(RaceTest, CanBeAwaitedAgainAndAgain) {
  const auto thrice = [](RaceTest& test) -> task<int> {
    int sum = 0;
    for (int round = 0; round < 3; ++round) {
      const From<int> won = co_await race(test.a.run(), test.b.run());
      sum += won.value;
    }
    co_return sum;
  };
  const Running flow{thrice(*this)};
  a.ends_with(1);
  b.ends_with(2);
  a.ends_with(3);
  EXPECT_EQ(flow.outcome(), Result<int>{6});
}

}  // namespace
}  // namespace parley::flow
