// Any, last and none: all segments run to their end. The meanings are those of the contributed
// verbs of asynquence; that none stops at the first success is its, too.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace parley::flow {
namespace {

struct AllRunTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Step<int> a{scheduler, diary, "a"};
  Step<int> b{scheduler, diary, "b"};
  Step<> c{scheduler, diary, "c"};
};

const std::unexpected<Error> io_failure{Error{io_error}};

Error all_failed(std::vector<Error> causes) {
  Error error{Errc::all_failed};
  error.causes = std::move(causes);
  return error;
}

using Some = std::tuple<std::optional<int>, std::optional<int>, std::optional<std::monostate>>;

TEST_F(AllRunTest, AnyGivesThoseThatSucceededWhenAllHaveCompleted) {
  const Running flow{any(a.run(), b.run(), c.run())};
  a.ends_with(io_failure);
  c.succeeds();
  EXPECT_FALSE(flow.outcome());
  b.ends_with(2);
  EXPECT_EQ(flow.outcome(), (Result<Some>{Some{std::nullopt, 2, std::monostate{}}}));
}

TEST_F(AllRunTest, AnyFailsWithTheErrorsOfAllAsTheyCame) {
  const Running flow{any(a.run(), b.run())};
  b.ends_with(io_failure);
  EXPECT_EQ(diary, (Diary{"a starts", "b starts", "b is gone"}));
  a.ends_with(io_failure);
  EXPECT_EQ(flow.outcome()->error(),
            all_failed({in_segment(1, Error{io_error}), in_segment(0, Error{io_error})}));
}

TEST_F(AllRunTest, AnyGoesOnAtOnceWhenItsSegmentsNeedNotWait) {
  a.fails();
  c.succeeds();
  using Values = std::tuple<std::optional<int>, std::optional<std::monostate>>;
  EXPECT_EQ(Running{any(a.run(), c.run())}.outcome(),
            (Result<Values>{Values{std::nullopt, std::monostate{}}}));
}

TEST_F(AllRunTest, LastGivesTheLatestSuccess) {
  const Running flow{last(a.run(), b.run())};
  b.ends_with(2);
  EXPECT_FALSE(flow.outcome());
  a.ends_with(1);
  EXPECT_EQ(flow.outcome(), (Result<From<int>>{{0, 1}}));
}

TEST_F(AllRunTest, LastPassesOverALaterFailure) {
  const Running flow{last(a.run(), c.run())};
  a.ends_with(1);
  c.fails();
  using Either = std::variant<int, std::monostate>;
  EXPECT_EQ(flow.outcome(), Result<Either>{Either{1}});
}

TEST_F(AllRunTest, LastFailsWhenAllHaveFailed) {
  const Running flow{last(a.run(), b.run())};
  a.fails();
  b.fails();
  EXPECT_EQ(flow.outcome()->error(),
            all_failed({in_segment(0, Error{io_error}), in_segment(1, Error{io_error})}));
}

TEST_F(AllRunTest, NoneGivesTheErrorsWhenAllHaveFailed) {
  const Running flow{none(a.run(), c.run())};
  c.fails();
  EXPECT_FALSE(flow.outcome());
  a.ends_with(std::unexpected{Error{Errc::timed_out}});
  using Errors = std::vector<Error>;
  EXPECT_EQ(flow.outcome(), (Result<Errors>{Errors{in_segment(1, Error{io_error}),
                                                   in_segment(0, Error{Errc::timed_out})}}));
}

TEST_F(AllRunTest, NoneFailsAtTheFirstSuccessAndLeavesNoSegment) {
  const Running flow{none(a.run(), b.run(), c.run())};
  a.fails();
  c.succeeds();
  EXPECT_EQ(flow.outcome()->error(), in_segment(2, Error{Errc::unwanted_success}));
  EXPECT_EQ(diary,
            (Diary{"a starts", "b starts", "c starts", "a is gone", "c is gone", "b is gone"}));
}

TEST_F(AllRunTest, NothingRunsOnWhereverItIsCancelled) {
  const auto cancel = [this](auto word, int ended) {
    Step<int> one{scheduler, diary, "one"};
    Step<int> two{scheduler, diary, "two"};
    auto flow = std::make_unique<decltype(Running{word(one, two)})>(word(one, two));
    if (ended == 1) one.ends_with(io_failure);
    if (ended == 2) two.will_end_with(io_failure);
    flow.reset();
    const auto before = diary;
    one.ends_with(1);
    two.ends_with(1);
    EXPECT_EQ(diary, before);
  };
  for (const int ended : {0, 1, 2}) {
    cancel([](auto& one, auto& two) { return any(one.run(), two.run()); }, ended);
    cancel([](auto& one, auto& two) { return last(one.run(), two.run()); }, ended);
    cancel([](auto& one, auto& two) { return none(one.run(), two.run()); }, ended);
  }
}

}  // namespace
}  // namespace parley::flow
