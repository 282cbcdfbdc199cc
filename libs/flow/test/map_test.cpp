// A step for each item of a range, so many at a time: the contributed verb "map" of asynquence,
// with a limit that it does not have.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <ranges>

namespace parley::flow {
namespace {

using Ints = std::vector<int>;

struct MapTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  std::deque<Step<int>> steps;

  MapTest() {
    for (const char* name : {"a", "b", "c", "d"}) steps.emplace_back(scheduler, diary, name);
  }

  task<Ints> all(AtOnce at_once) {
    const auto run = [this](std::size_t index) { return steps[index].run(); };
    return map(std::vector<std::size_t>{0, 1, 2, 3}, at_once, run);
  }
};

const std::unexpected<Error> io_failure{Error{io_error}};

TEST_F(MapTest, GivesTheValuesInTheOrderOfTheItems) {
  const Running flow{all(AtOnce{4})};
  for (const std::size_t index : {2u, 0u, 3u, 1u}) {
    EXPECT_FALSE(flow.outcome());
    steps[index].ends_with(static_cast<int>(index) * 10);
  }
  EXPECT_EQ(flow.outcome(), (Result<Ints>{Ints{0, 10, 20, 30}}));
}

TEST_F(MapTest, RunsNoMoreThanItsLimitAtOnce) {
  const Running flow{all(AtOnce{2})};
  EXPECT_EQ(diary, (Diary{"a starts", "b starts"}));
  steps[1].ends_with(1);
  EXPECT_EQ(diary, (Diary{"a starts", "b starts", "b is gone", "c starts"}));
  steps[2].ends_with(2);
  steps[3].ends_with(3);
  EXPECT_FALSE(flow.outcome());
  steps[0].ends_with(0);
  EXPECT_EQ(flow.outcome(), (Result<Ints>{Ints{0, 1, 2, 3}}));
}

TEST_F(MapTest, StopsTheRestAtTheFirstFailureAndNamesTheItem) {
  const Running flow{all(AtOnce{2})};
  steps[1].ends_with(io_failure);
  EXPECT_EQ(flow.outcome()->error(), in_segment(1, Error{io_error}));
  EXPECT_EQ(diary, (Diary{"a starts", "b starts", "b is gone", "a is gone"}));
}

TEST_F(MapTest, MakesNoStepAfterOneThatFailsAtOnce) {
  steps[0].ends_with(io_failure);
  Ints made;
  const auto run = [&](int index) {
    made.push_back(index);
    return steps[static_cast<std::size_t>(index)].run();
  };
  const Running flow{map(std::views::iota(0, 4), AtOnce{4}, run)};
  EXPECT_EQ(flow.outcome()->error().segment, 0u);
  EXPECT_EQ(made, Ints{0});
}

task<int> twice(int number) { co_return 2 * number; }

TEST_F(MapTest, GoesThroughManyStepsThatNeedNotWait) {
  const Running flow{map(std::views::iota(0, 100'000), AtOnce{3}, twice)};
  EXPECT_EQ(flow.outcome()->value().back(), 199'998);
}

TEST_F(MapTest, OfNothingSucceedsAtOnce) {
  EXPECT_EQ(Running{map(Ints{}, AtOnce{1}, twice)}.outcome(), Result<Ints>{});
}

task<> add(int number, int& sum) {
  sum += number;
  co_return;
}

TEST_F(MapTest, OfStepsWithoutAValueGivesNone) {
  int sum = 0;
  const auto add_up = [&sum](int number) { return add(number, sum); };
  EXPECT_EQ(Running{map(Ints{1, 2, 3}, AtOnce{2}, add_up)}.outcome(), Result<>{});
  EXPECT_EQ(sum, 6);
}

task<std::unique_ptr<std::string>> copy_later(TestScheduler& scheduler, const std::string& item) {
  co_await sleep(scheduler, std::chrono::seconds{1});
  co_return std::make_unique<std::string>(item);
}

TEST_F(MapTest, KeepsItsItemsAndGivesValuesThatCanOnlyBeMoved) {
  const auto copy = [this](const std::string& item) { return copy_later(scheduler, item); };
  const Running flow{map(Diary{"one", "two"}, AtOnce{1}, copy)};
  scheduler.advance(scheduler.now() + std::chrono::seconds{2});
  ASSERT_TRUE(flow.outcome());
  EXPECT_EQ(*flow.outcome()->value()[1], "two");
}

TEST_F(MapTest, TakesTheItemsThatAStepGave) {
  const auto items = [] { return Ints{1, 2, 3}; };
  const auto tenfold = [](Ints given) {
    const auto times_ten = [](int item) -> task<int> { co_return 10 * item; };
    return map(std::move(given), AtOnce{2}, times_ten);
  };
  EXPECT_EQ(Running{just() | items | tenfold}.outcome(), (Result<Ints>{{10, 20, 30}}));
}

TEST_F(MapTest, NothingRunsOnWhereverItIsCancelled) {
  for (std::size_t ended = 0; ended < 4; ++ended) {
    for (const Result<int>& end : {Result<int>{1}, Result<int>{io_failure}}) {
      std::deque<Step<int>> fresh;
      for (const char* name : {"a", "b", "c", "d"}) fresh.emplace_back(scheduler, diary, name);
      const auto run = [&](std::size_t index) { return fresh[index].run(); };
      const std::vector<std::size_t> items{0, 1, 2, 3};
      auto flow = std::make_unique<Running<Ints>>(map(items, AtOnce{2}, run));
      for (std::size_t index = 0; index < ended; ++index) fresh[index].ends_with(1);
      fresh[ended].will_end_with(end);
      flow.reset();
      const auto before = diary;
      for (auto& step : fresh) step.ends_with(1);
      EXPECT_EQ(diary, before);
    }
  }
}

}  // namespace
}  // namespace parley::flow
