// Errors that nobody looks at are reported: as those of a sequence of asynquence without an "or"
// handler are, but at the flow's end, when it is certain that nobody will look.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace parley::flow {
namespace {

using Errors = std::vector<Error>;

task<> fail_at_once(Error error) { co_await fail(std::move(error)); }

struct UnseenTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Step<> step{scheduler, diary, "step"};
  Errors unseen;
  OnUnseenError keep{[this](const Error& error) { unseen.push_back(error); }};
};

TEST_F(UnseenTest, AFailureThatNobodyLookedAtIsReportedAtTheFlowsEnd) {
  auto flow = std::make_unique<Running<>>(step.run());
  step.fails();
  EXPECT_EQ(unseen, Errors{});
  flow.reset();
  EXPECT_EQ(unseen, Errors{Error{io_error}});
}

TEST_F(UnseenTest, AFailureThatSomebodyLookedAtIsNot) {
  {
    const Running flow{step.run()};
    step.fails();
    EXPECT_FALSE(flow.outcome()->has_value());
  }
  EXPECT_EQ(unseen, Errors{});
}

TEST_F(UnseenTest, ToLookWhileItRunsIsNotToHaveLookedAtItsFailure) {
  {
    const Running flow{step.run()};
    EXPECT_FALSE(flow.outcome());
    step.fails();
  }
  EXPECT_EQ(unseen, Errors{Error{io_error}});
}

TEST_F(UnseenTest, NeitherASuccessNorACancelledFlowIsReported) {
  {
    const Running flow{step.run()};
    step.succeeds();
  }
  {
    const Running flow{step.run()};
  }
  EXPECT_EQ(unseen, Errors{});
}

TEST_F(UnseenTest, AFailureThatWasAttemptedIsNot) {
  const auto careful = [](Step<>& awaited) -> task<> { co_await attempt(awaited.run()); };
  {
    const Running flow{careful(step)};
    step.fails();
  }
  EXPECT_EQ(unseen, Errors{});
}

TEST_F(UnseenTest, TheHandlerMadeLastIsToldAndThenTheOneBefore) {
  Errors inner;
  {
    const OnUnseenError keep_inner{[&](const Error& error) { inner.push_back(error); }};
    const Running flow{fail_at_once(Error{Errc::timed_out})};
  }
  {
    const Running flow{fail_at_once(Error{io_error})};
  }
  EXPECT_EQ(inner, Errors{Error{Errc::timed_out}});
  EXPECT_EQ(unseen, Errors{Error{io_error}});
}

#if GTEST_HAS_STREAM_REDIRECTION  // not in WebAssembly, where nothing is written
TEST(Unseen, IsWrittenToStandardErrorWhereNobodyIsTold) {
  testing::internal::CaptureStderr();
  {
    const Running flow{fail_at_once(Error{Errc::timed_out, "the cable"})};
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "flow: an error that nobody looked at: the time limit was reached (the cable)\n");
}
#endif

}  // namespace
}  // namespace parley::flow
