// The words over several tasks, over steps: gate, race, first, any, last and none as steps of a
// pipeline. The original's text is its section on gates: each segment gets a copy of the messages,
// and their messages go on in the order of the segments.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

namespace parley::flow {
namespace {

const std::unexpected<Error> io_failure{Error{io_error}};

int plus_one(int value) { return value + 1; }
task<int> plus_two(int value) { co_return value + 2; }
Result<int> failing(int) { return io_failure; }

template <class T>
T value_of(task<T> flow) {
  const Running running{std::move(flow)};
  return running.outcome().value().value();
}

TEST(StepsTogether, EachSegmentOfAGateGetsTheValueAndTheirsGoOnInOrder) {
  const auto joined = [](int a, int b) { return std::to_string(a) + "," + std::to_string(b); };
  EXPECT_EQ(value_of<std::string>(just(1) | gate(plus_one, plus_two) | joined), "2,3");
  EXPECT_EQ(value_of<std::string>(just(1, 2) | gate(plus_one, joined) |
                                  [](int a, std::string b) { return std::to_string(a) + ";" + b; }),
            "2;1,2");
}

TEST(StepsTogether, ASegmentThatChangesItsValueChangesACopy) {
  const auto spoil = [](std::string value) { return std::move(value) + "!"; };
  const auto read = [](const std::string& value) { return value; };
  using Both = std::tuple<std::string, std::string>;
  EXPECT_EQ(value_of<Both>(just(std::string(50, 'a')) | gate(spoil, read)),
            (Both{std::string(50, 'a') + "!", std::string(50, 'a')}));
}

TEST(StepsTogether, SegmentsShareAValueThatCannotBeCopied) {
  const auto read = [](const std::unique_ptr<int>& value) { return *value; };
  EXPECT_EQ(value_of<int>(just(std::make_unique<int>(4)) | gate(read, read) | std::plus<int>{}), 8);
}

TEST(StepsTogether, SeveralValuesOfOneSegmentStayTogether) {
  const auto two = [](int value) { return std::tuple{value, 10 * value}; };
  const auto sum = [](std::tuple<int, int> both, int alone) {
    return get<0>(both) + get<1>(both) + alone;
  };
  EXPECT_EQ(value_of<int>(just(1) | gate(two, plus_one) | sum), 13);
}

TEST(StepsTogether, ASegmentWithoutAValueGivesTheNextStepNothing) {
  const auto nothing = [](int) {};
  EXPECT_EQ(value_of<int>(just(1) | gate(nothing, plus_two) | plus_one), 4);
}

TEST(StepsTogether, AFailedGateSaysWhichSegment) {
  EXPECT_EQ(Running{just(1) | gate(plus_two, failing)}.outcome()->error(),
            in_segment(1, Error{io_error}));
}

TEST(StepsTogether, AreTheSegmentsOfEveryWord) {
  EXPECT_EQ(value_of<From<int>>(just(1) | race(plus_one, plus_two)), (From<int>{0, 2}));
  EXPECT_EQ(value_of<From<int>>(just(1) | first(failing, plus_two)), (From<int>{1, 3}));
  EXPECT_EQ(value_of<From<int>>(just(1) | last(plus_one, plus_two)), (From<int>{1, 3}));
  using Successes = std::tuple<std::optional<int>, std::optional<int>>;
  EXPECT_EQ(value_of<Successes>(just(1) | any(plus_one, failing)), (Successes{2, std::nullopt}));
  EXPECT_EQ(value_of<std::vector<Error>>(just(1) | none(failing, failing)).size(), 2u);
  EXPECT_EQ(Running{just(1) | none(failing, plus_one)}.outcome()->error(),
            in_segment(1, Error{Errc::unwanted_success}));
}

TEST(StepsTogether, MayBeWordsTasksAndPipelinesThemselves) {
  const auto sum = [](std::tuple<int, int> pair, int a, int b) {
    return get<0>(pair) + get<1>(pair) + a + b;
  };
  EXPECT_EQ(value_of<int>(just(1) | gate(gate(plus_one, plus_two), plus_two(10), just(100)) | sum),
            117);
}

struct StepsTogetherTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Step<> a{scheduler, diary, "a"};
  Step<> b{scheduler, diary, "b"};

  auto both() {
    return just() | gate([this] { return a.run(); }, [this] { return b.run(); }) |
           [this] { diary.push_back("end"); };
  }
};

TEST_F(StepsTogetherTest, RunAtTheSameTimeWhenTheirTurnComes) {
  const Running flow{just() | [this] { diary.push_back("before"); } | both()};
  EXPECT_EQ(diary, (Diary{"before", "a starts", "b starts"}));
  b.succeeds();
  a.succeeds();
  EXPECT_EQ(diary.back(), "end");
}

TEST_F(StepsTogetherTest, AreStoppedByAFailureOfOne) {
  const Running flow{both()};
  b.fails();
  EXPECT_EQ(flow.outcome(), Result<>{std::unexpected{in_segment(1, Error{io_error})}});
  EXPECT_EQ(diary, (Diary{"a starts", "b starts", "b is gone", "a is gone"}));
}

TEST_F(StepsTogetherTest, AreStoppedWhenThePipelineIsCancelled) {
  for (const bool one_has_completed : {false, true}) {
    {
      const Running flow{both()};
      if (one_has_completed) a.succeeds();
      b.will_end_with({});
    }
    EXPECT_EQ(diary.size(), 4u);
    Running{b.run()};  // takes what was left
    diary.clear();
  }
}

TEST_F(StepsTogetherTest, AreAwaitedOutsideOfAPipelineWithNothing) {
  const auto flow = []() -> task<int> {
    const std::tuple<int, int> both = co_await gate([] { return 1; }, just(2));
    co_return get<0>(both) + get<1>(both);
  };
  EXPECT_EQ(value_of(flow()), 3);
}

}  // namespace
}  // namespace parley::flow
