// Waterfalls, as in the original's contributed plugins: each step gets the messages of all before
// it, and all of them go on.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace parley::flow {
namespace {

const std::unexpected<Error> io_failure{Error{io_error}};

int one() { return 1; }
task<int> plus_one(int value) { co_return value + 1; }
std::string joined(int a, int b) { return std::to_string(a) + "," + std::to_string(b); }

using Fallen = std::tuple<int, int, std::string>;

TEST(Waterfall, GivesEachStepTheValuesOfAllBeforeItAndThenAll) {
  EXPECT_EQ(Running{just() | waterfall(one, plus_one, joined)}.outcome(),
            (Result<Fallen>{Fallen{1, 2, "1,2"}}));
}

TEST(Waterfall, IsAwaitedByItself) {
  const auto flow = []() -> task<Fallen> {
    Fallen values = co_await waterfall(one, plus_one, joined);
    co_return values;
  };
  EXPECT_EQ(Running{flow()}.outcome(), (Result<Fallen>{Fallen{1, 2, "1,2"}}));
}

TEST(Waterfall, GivesItsFirstStepTheValueBeforeItAndTheNextStepAllOfItsOwn) {
  const auto sum = [](int a, int b) { return 10 * a + b; };
  EXPECT_EQ(Running{just(4) | waterfall(plus_one, plus_one) | sum}.outcome(), Result<int>{56});
}

TEST(Waterfall, HandsTheSubjectToItsSteps) {
  struct Peer {
    int value = 3;
    int own() const { return value; }
    task<int> plus(int other) { co_return value + other; }
  };
  const auto second = [](int, int b) { return b; };
  EXPECT_EQ(Running{with(Peer{}) | waterfall(&Peer::own, &Peer::plus) | second}.outcome(),
            Result<int>{6});
}

TEST(Waterfall, AStepWithoutAValueGivesTheOthersNothing) {
  const auto nothing = [] {};
  const auto no_value = []() -> task<> { co_return; };
  using Values = std::tuple<std::monostate, std::monostate, int, int>;
  EXPECT_EQ(Running{just() | waterfall(nothing, no_value, one, plus_one)}.outcome(),
            (Result<Values>{Values{{}, {}, 1, 2}}));
}

TEST(Waterfall, LendsValuesThatCannotBeCopied) {
  const auto make = [] { return std::make_unique<int>(4); };
  const auto read = [](const std::unique_ptr<int>& value) -> task<int> { co_return *value; };
  const auto read_again = [](const std::unique_ptr<int>& value, int a) { return *value + a; };
  const auto last_of = [](std::unique_ptr<int>, int, int last) { return last; };
  EXPECT_EQ(Running{just() | waterfall(make, read, read_again) | last_of}.outcome(),
            Result<int>{8});
}

TEST(Waterfall, InAWaterfallIsOneOfItsValues) {
  using Values = std::tuple<std::tuple<int, int>>;
  EXPECT_EQ(Running{just() | waterfall(waterfall(one, plus_one))}.outcome(),
            (Result<Values>{Values{{1, 2}}}));
}

TEST(Waterfall, MayBeASegment) {
  using Both = std::tuple<std::tuple<int, int>, int>;
  EXPECT_EQ(Running{just(1) | gate(waterfall(plus_one, plus_one), plus_one)}.outcome(),
            (Result<Both>{Both{{2, 3}, 2}}));
}

TEST(Waterfall, EndsWithTheFirstFailure) {
  Diary diary;
  const auto failing = [](int) -> Result<int> { return io_failure; };
  const auto note = [&] { diary.push_back("after"); };
  EXPECT_EQ(Running{task<>{just() | waterfall(one, failing, note)}}.outcome(),
            Result<>{io_failure});
  EXPECT_EQ(diary, Diary{});
}

TEST(Waterfall, CanBeCancelledAtEachOfItsSteps) {
  TestScheduler scheduler;
  Diary diary;
  Step<int> step{scheduler, diary, "step"};
  const auto run = [&] { return step.run(); };
  for (int completed = 0; completed < 3; ++completed) {
    for (const bool about_to_go_on : {false, true}) {
      diary.clear();
      {
        const Running flow{just() | waterfall(run, run, run)};
        for (int i = 0; i < completed; ++i) step.ends_with(i);
        if (about_to_go_on) step.will_end_with(0);
      }
      EXPECT_EQ(diary.size(), 2u * (static_cast<unsigned>(completed) + 1));
      if (about_to_go_on) Running{step.run()};  // takes what was left
    }
  }
}

}  // namespace
}  // namespace parley::flow
