// Gates: all segments at once, all must succeed, values in segment order, the first failure decides
// and says which segment it was.

#include "steps.hpp"

#include <gtest/gtest.h>

namespace parley::flow {
namespace {

struct GateTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Step<> a{scheduler, diary, "a"};
  Step<> b{scheduler, diary, "b"};

  task<> both() {
    co_await gate(a.run(), b.run());
    diary.push_back("end");
  }
};

TEST_F(GateTest, StartsAllItsSegments) {
  const Running flow{both()};
  EXPECT_EQ(diary, (Diary{"a starts", "b starts"}));
}

TEST_F(GateTest, OpensWhenAllHaveSucceededInEitherOrder) {
  {
    const Running flow{both()};
    a.succeeds();
    EXPECT_FALSE(flow.outcome());
    b.succeeds();
    EXPECT_EQ(flow.outcome(), Result<>{});
  }
  const Running again{both()};
  b.succeeds();
  EXPECT_FALSE(again.outcome());
  a.succeeds();
  EXPECT_EQ(again.outcome(), Result<>{});
}

TEST_F(GateTest, OpensAtOnceWhenItsSegmentsNeedNotWait) {
  a.succeeds();
  b.succeeds();
  EXPECT_EQ(Running{both()}.outcome(), Result<>{});
}

TEST_F(GateTest, FailsWithTheFirstFailureAndNamesTheSegment) {
  const Running flow{both()};
  b.fails();
  const Result<> failed = std::unexpected{in_segment(1, Error{io_error})};
  EXPECT_EQ(flow.outcome(), failed);
}

TEST_F(GateTest, LeavesNoSegmentWhenItFails) {
  const auto watch = [](task<> flow, Diary& seen) -> task<> {
    const Result<> result = co_await attempt(std::move(flow));
    seen.push_back(result ? "opened" : "failed");
  };
  const Running flow{watch(both(), diary)};
  b.fails();
  EXPECT_EQ(diary, (Diary{"a starts", "b starts", "b is gone", "a is gone", "failed"}));
  a.succeeds();
  EXPECT_EQ(diary.size(), 5u);
}

TEST_F(GateTest, DoesNotStartWhatFollowsASegmentThatFailsAtOnce) {
  a.fails();
  const Running flow{both()};
  ASSERT_TRUE(flow.outcome());
  EXPECT_EQ(flow.outcome()->error().segment, 0u);
  EXPECT_EQ(diary, (Diary{"a starts", "a is gone"}));
}

TEST_F(GateTest, StopsASegmentThatStartedBeforeOneThatFailsAtOnce) {
  b.fails();
  const Running flow{both()};
  EXPECT_EQ(diary, (Diary{"a starts", "b starts", "b is gone", "a is gone"}));
  a.succeeds();
  EXPECT_EQ(flow.outcome()->error().segment, 1u);
}

TEST_F(GateTest, StopsItsSegmentsWhenItIsDestroyed) {
  {
    const Running flow{both()};
  }
  EXPECT_EQ(diary.size(), 4u);
  a.succeeds();
  b.succeeds();
  EXPECT_EQ(diary.size(), 4u);
}

TEST_F(GateTest, IgnoresAFailureThatComesWithAnother) {
  const Running flow{both()};
  const auto failed = [] { return Result<>{std::unexpected{Error{io_error}}}; };
  a.ends_with(failed());
  b.ends_with(failed());
  EXPECT_EQ(flow.outcome()->error().segment, 0u);
}

task<int> number(int value) { co_return value; }
task<std::string> word(std::string text) { co_return text; }
task<> nothing() { co_return; }

TEST(Gate, GivesTheValuesInSegmentOrder) {
  const auto values = std::tuple{1, std::monostate{}, std::string{"three"}};
  EXPECT_EQ(Running{gate(number(1), nothing(), word("three"))}.outcome(),
            Result<decltype(values)>{values});
}

TEST_F(GateTest, InAGateNamesTheSegmentOfTheOuterOne) {
  Step<> c{scheduler, diary, "c"};
  auto inner = gate(b.run(), c.run());
  const Running flow{gate(a.run(), number(1), std::move(inner))};
  b.fails();
  EXPECT_EQ(flow.outcome()->error().segment, 2u);
  EXPECT_EQ(diary,
            (Diary{"a starts", "b starts", "c starts", "b is gone", "c is gone", "a is gone"}));
}

// Cancelling across segments while one runs is where frames are destroyed under their own feet.
task<> set_then_fail(Event<TestScheduler>& event) {
  event.set();
  co_await fail(Error{io_error});
}
task<> wait_for(Event<TestScheduler>& event) { co_await event; }

TEST_F(GateTest, CanFailWhileAnotherSegmentIsAboutToGoOn) {
  Event<TestScheduler> event{scheduler};
  const Running flow{gate(wait_for(event), set_then_fail(event))};
  scheduler.run();
  EXPECT_EQ(flow.outcome()->error().segment, 1u);
}

}  // namespace
}  // namespace parley::flow
