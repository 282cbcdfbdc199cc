// Sequences that are driven from outside: the meanings are those of "iterable" in asynquence's
// contributed verbs, but that an error stays with the sequence instead of going to handlers.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

namespace parley::flow {
namespace {

using Numbers = Iterable<int, int>;
using Next = Result<std::optional<int>>;

const Next over{std::nullopt};
const Next io_failure = std::unexpected{Error{io_error}};

struct Leaving {
  Diary& diary;
  ~Leaving() { diary.push_back("gone"); }
};

struct IterableTest : testing::Test {
  Diary diary;
  std::vector<Error> unseen;
  OnUnseenError keep{[this](const Error& error) { unseen.push_back(error); }};

  Numbers calculate() {
    diary.push_back("starts");
    const Leaving leaving{diary};
    int number = co_await first_input;
    number = co_yield number * 2;
    number = co_yield number + 3;
    co_yield number * 4;
  }
  Numbers fail_if_negative() {
    const Leaving leaving{diary};
    int number = co_await first_input;
    for (;;) {
      if (number < 0) co_await fail(Error{io_error});
      number = co_yield number;
    }
  }
};

TEST_F(IterableTest, StartsWithTheFirstNextAndNotBefore) {
  auto steps = calculate();
  EXPECT_EQ(diary, Diary{});
  EXPECT_EQ(steps.next(8), Next{16});
  EXPECT_EQ(diary, Diary{"starts"});
}

TEST_F(IterableTest, EachNextGivesItsInputToOneStepAndReturnsWhatThatYields) {
  auto steps = calculate();
  EXPECT_EQ(steps.next(8), Next{16});
  EXPECT_EQ(steps.next(16), Next{19});
  EXPECT_EQ(steps.next(19), Next{76});
  EXPECT_EQ(steps.next(76), over);
  EXPECT_EQ(steps.next(76), over);
  EXPECT_EQ(diary, (Diary{"starts", "gone"}));
}

TEST_F(IterableTest, AFailedStepEndsItAndEveryNextSaysWhy) {
  auto steps = fail_if_negative();
  EXPECT_EQ(steps.next(1), Next{1});
  EXPECT_EQ(steps.next(-1), io_failure);
  EXPECT_EQ(diary, Diary{"gone"});
  EXPECT_EQ(steps.next(2), io_failure);
}

TEST_F(IterableTest, AnErrorThatIsRaisedEndsItWithoutAStepSeeingIt) {
  auto steps = calculate();
  EXPECT_EQ(steps.next(8), Next{16});
  steps.raise(Error{io_error});
  EXPECT_EQ(diary, (Diary{"starts", "gone"}));
  EXPECT_EQ(steps.next(16), io_failure);
  EXPECT_EQ(steps.next(16), io_failure);
}

TEST_F(IterableTest, AnErrorThatIsRaisedBeforeTheFirstNextKeepsItFromStarting) {
  auto steps = calculate();
  steps.raise(Error{io_error});
  EXPECT_EQ(steps.next(8), io_failure);
  EXPECT_EQ(diary, Diary{});
}

TEST_F(IterableTest, OnlyTheFirstErrorCountsAndNoneOnceItIsOver) {
  auto failed = calculate();
  failed.raise(Error{io_error});
  failed.raise(Error{Errc::timed_out});
  EXPECT_EQ(failed.next(8), io_failure);
  auto finished = calculate();
  finished.finish();
  finished.raise(Error{io_error});
  EXPECT_EQ(finished.next(8), over);
}

TEST_F(IterableTest, FinishEndsItWhereItStands) {
  auto steps = calculate();
  EXPECT_EQ(steps.next(8), Next{16});
  steps.finish();
  EXPECT_EQ(diary, (Diary{"starts", "gone"}));
  EXPECT_EQ(steps.next(16), over);
  steps.finish();
}

TEST_F(IterableTest, FinishAfterAFailureDoesNotHideIt) {
  auto steps = fail_if_negative();
  EXPECT_EQ(steps.next(-1), io_failure);
  steps.finish();
  EXPECT_EQ(steps.next(1), io_failure);
}

TEST_F(IterableTest, DestroyingItFinishesItWhereverItStands) {
  for (const int nexts : {0, 1, 2, 3, 4}) {
    diary.clear();
    {
      auto steps = calculate();
      for (int n = 0; n < nexts; ++n) EXPECT_TRUE(steps.next(n).has_value());
    }
    EXPECT_EQ(diary, nexts == 0 ? Diary{} : (Diary{"starts", "gone"}));
  }
}

TEST_F(IterableTest, ARaisedErrorThatNoNextGaveIsReportedAtItsEnd) {
  {
    auto steps = calculate();
    steps.raise(Error{io_error});
    EXPECT_EQ(unseen, std::vector<Error>{});
  }
  EXPECT_EQ(unseen, std::vector{Error{io_error}});
}

TEST_F(IterableTest, AnErrorThatANextGaveIsNot) {
  {
    auto steps = fail_if_negative();
    EXPECT_EQ(steps.next(-1), io_failure);
  }
  EXPECT_EQ(unseen, std::vector<Error>{});
}

TEST_F(IterableTest, MovesWithItsPlaceAndItsError) {
  auto steps = calculate();
  EXPECT_EQ(steps.next(8), Next{16});
  auto moved = std::move(steps);
  EXPECT_EQ(moved.next(16), Next{19});
  moved.raise(Error{io_error});
  {
    const auto last = std::move(moved);
  }
  EXPECT_EQ(unseen, std::vector{Error{io_error}});
}

Iterable<std::unique_ptr<int>> count_to(int last) {
  for (int number = 1; number <= last; ++number) co_yield std::make_unique<int>(number);
}

TEST(Iterable, WithoutInputYieldsOneAfterAnotherAlsoWhatCanOnlyBeMoved) {
  auto numbers = count_to(2);
  EXPECT_EQ(**numbers.next().value(), 1);
  EXPECT_EQ(**numbers.next().value(), 2);
  EXPECT_FALSE(numbers.next().value());
}

#ifdef __cpp_exceptions
Iterable<int> throwing() {
  co_yield 1;
  throw std::runtime_error{"no more"};
}

TEST(Iterable, AnExceptionThatLeavesAStepIsItsError) {
  auto numbers = throwing();
  EXPECT_EQ(numbers.next(), Next{1});
  const Next failed = numbers.next();
  EXPECT_EQ(failed.error().code, Errc::exception);
  EXPECT_EQ(failed.error().context, "no more");
}
#endif

Iterable<std::string> checked(Result<std::string> result) {
  const std::string text = co_await require(std::move(result));
  co_yield text + "!";
}

TEST(Iterable, MayRequireAResult) {
  auto good = checked("yes");
  EXPECT_EQ(good.next(), Result<std::optional<std::string>>{"yes!"});
  auto bad = checked(std::unexpected{Error{io_error}});
  EXPECT_EQ(bad.next().error(), Error{io_error});
}

#if GTEST_HAS_DEATH_TEST
Iterable<int> drive_itself(const std::unique_ptr<Iterable<int>>& self) {
  co_yield self->next().has_value();
}

TEST(IterableDeathTest, DoesNotDriveItself) {
  std::unique_ptr<Iterable<int>> self;
  self = std::make_unique<Iterable<int>>(drive_itself(self));
  EXPECT_DEATH(static_cast<void>(self->next()), "");
}
#endif

}  // namespace
}  // namespace parley::flow
