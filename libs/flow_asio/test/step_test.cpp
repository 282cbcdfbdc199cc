// An Asio operation as a step of a flow: what it gives, how it fails, and what cancelling it does
// at each point of its life. Tested against the comment of step() and of
// AsioScheduler::cleaned_up().

#include "held_operation.hpp"

#include <gtest/gtest.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <system_error>
#include <tuple>

namespace parley::flow {
namespace {

struct AsioStepTest : testing::Test {
  Diary diary;
  HeldOperation held;
  HeldOperation later;
  asio::io_context io;
  IoScheduler scheduler{io};

  task<int> await(HeldOperation& operation) {
    co_return co_await step(scheduler, operation.start());
  }
  task<> clean() {
    co_await scheduler.cleaned_up();
    diary.push_back("clean");
  }
  void abandon(HeldOperation& operation) { const Running flow{await(operation)}; }
};

TEST_F(AsioStepTest, GivesTheValueOfTheOperation) {
  const Running flow{await(held)};
  held.succeeds_with(7);
  io.run();
  EXPECT_EQ(flow.outcome(), Result<int>{7});
}

TEST_F(AsioStepTest, GivesNothingOneOrATuple) {
  asio::steady_timer timer{io, 0ms};
  const auto steps = [](AsioStepTest& test, asio::steady_timer& by) -> task<> {
    auto nothing = step(test.scheduler, by.async_wait(asio::deferred));
    static_assert(std::same_as<decltype(nothing.await_resume()), void>);
    co_await nothing;
    auto turn = step(test.scheduler, asio::post(test.io, asio::deferred));
    static_assert(std::same_as<decltype(turn.await_resume()), void>);
    co_await turn;
    auto one = step(test.scheduler, test.held.start());
    static_assert(std::same_as<decltype(one.await_resume()), int>);
    auto both = step(test.scheduler, test.held.start(asio::as_tuple(asio::deferred)));
    static_assert(
        std::same_as<decltype(both.await_resume()), std::tuple<boost::system::error_code, int>>);
    test.diary.push_back("done");
  };
  const Running flow{steps(*this, timer)};
  io.run();
  EXPECT_EQ(diary, Diary{"done"});
}

TEST_F(AsioStepTest, FailsWithTheErrorCodeOfTheOperation) {
  const Running flow{await(held)};
  held.fails_with(asio::error::connection_reset);
  io.run();
  ASSERT_TRUE(flow.outcome());
  EXPECT_EQ(flow.outcome()->error().code, std::errc::connection_reset);
}

TEST_F(AsioStepTest, GivesTheErrorAsAValueWhereItIsAskedFor) {
  const auto look = [](AsioStepTest& test) -> task<std::tuple<boost::system::error_code, int>> {
    co_return co_await step(test.scheduler, test.held.start(asio::as_tuple(asio::deferred)));
  };
  const Running flow{look(*this)};
  held.fails_with(asio::error::connection_reset);
  io.run();
  ASSERT_TRUE(flow.outcome());
  EXPECT_EQ(**flow.outcome(),
            std::tuple(boost::system::error_code{asio::error::connection_reset}, 0));
}

TEST_F(AsioStepTest, GoesOnFromTheSchedulerNotInTheCompletion) {
  const Running flow{await(held)};
  held.succeeds_with(7);
  EXPECT_FALSE(flow.outcome());
  io.run();
  EXPECT_TRUE(flow.outcome());
}

TEST_F(AsioStepTest, AnOperationMayCompleteInsideItsStart) {
  const auto dispatch = [](AsioStepTest& test) -> task<> {
    co_await step(test.scheduler, asio::dispatch(test.io, asio::deferred));
    test.diary.push_back("done");
  };
  std::optional<Running<>> flow;
  asio::post(io, [&] {
    flow.emplace(dispatch(*this));
    EXPECT_EQ(diary, Diary{});
  });
  io.run();
  EXPECT_EQ(diary, Diary{"done"});
}

TEST_F(AsioStepTest, IsNotStartedBeforeItIsAwaited) {
  {
    const auto waiting = await(held);
  }
  EXPECT_EQ(scheduler.abandoned(), 0u);
}

TEST_F(AsioStepTest, CancellingTheFlowCancelsTheOperation) {
  {
    const Running flow{await(held)};
    EXPECT_FALSE(held.was_cancelled());
  }
  EXPECT_TRUE(held.was_cancelled());
  EXPECT_EQ(scheduler.abandoned(), 1u);
  held.is_over();
  EXPECT_EQ(scheduler.abandoned(), 0u);
}

TEST_F(AsioStepTest, ALateSuccessFindsNobody) {
  abandon(held);
  held.succeeds_with(7);
  EXPECT_EQ(scheduler.abandoned(), 0u);
  EXPECT_EQ(io.run(), 0u);
}

TEST_F(AsioStepTest, CancellingBetweenTheCompletionAndTheTurnAbandonsNothing) {
  {
    const Running flow{await(held)};
    held.succeeds_with(7);
  }
  EXPECT_FALSE(held.was_cancelled());
  EXPECT_EQ(scheduler.abandoned(), 0u);
  io.run();
}

TEST_F(AsioStepTest, AnOperationOfAsioIsReallyCancelled) {
  asio::steady_timer timer{io, never};
  const auto wait = [](AsioStepTest& test, asio::steady_timer& by) -> task<> {
    co_await step(test.scheduler, by.async_wait(asio::deferred));
  };
  {
    const Running flow{wait(*this, timer)};
    EXPECT_EQ(io.poll(), 0u);
  }
  EXPECT_EQ(scheduler.abandoned(), 1u);
  io.run();
  EXPECT_EQ(scheduler.abandoned(), 0u);
}

TEST_F(AsioStepTest, WhatTheOperationOwnsIsThereUntilItIsOver) {
  auto buffer = std::make_shared<int>();
  const auto await_with = [](AsioStepTest& test, std::shared_ptr<int> owned) -> task<> {
    co_await step(test.scheduler, test.held.start(asio::consign(asio::deferred, std::move(owned))));
  };
  const std::weak_ptr<int> owned = buffer;
  {
    const Running flow{await_with(*this, std::move(buffer))};
  }
  EXPECT_TRUE(held.was_cancelled());
  EXPECT_FALSE(owned.expired());
  held.is_over();
  EXPECT_TRUE(owned.expired());
}

TEST_F(AsioStepTest, CleanedUpWaitsForTheOperationsThatWereAbandoned) {
  abandon(held);
  abandon(later);
  const Running flow{clean()};
  held.is_over();
  io.run();
  EXPECT_EQ(diary, Diary{});
  later.is_over();
  EXPECT_EQ(diary, Diary{}) << "it goes on from the scheduler";
  io.restart();
  io.run();
  EXPECT_EQ(diary, Diary{"clean"});
}

TEST_F(AsioStepTest, CleanedUpWaitsInWhateverOrderTheyEnd) {
  abandon(held);
  abandon(later);
  const Running flow{clean()};
  later.is_over();
  io.run();
  EXPECT_EQ(diary, Diary{});
  held.is_over();
  io.restart();
  io.run();
  EXPECT_EQ(diary, Diary{"clean"});
}

TEST_F(AsioStepTest, CleanedUpDoesNotWaitForWhatIsAbandonedLater) {
  abandon(held);
  const Running flow{clean()};
  abandon(later);
  held.is_over();
  io.run();
  EXPECT_EQ(diary, Diary{"clean"});
  later.is_over();
}

TEST_F(AsioStepTest, CleanedUpCanBeCancelled) {
  abandon(held);
  {
    const Running flow{clean()};
  }
  held.is_over();
  EXPECT_EQ(io.run(), 0u);
  EXPECT_EQ(diary, Diary{});
}

TEST_F(AsioStepTest, AnOperationWithoutACompletionLeavesTheFlowWaiting) {
  {
    const Running flow{await(held)};
    held.is_dropped();
    io.run();
    EXPECT_FALSE(flow.outcome());
  }
  EXPECT_EQ(scheduler.abandoned(), 0u);
}

TEST_F(AsioStepTest, AnAbandonedOperationWithoutACompletionIsOverAsWell) {
  abandon(held);
  const Running flow{clean()};
  held.is_dropped();
  io.run();
  EXPECT_EQ(diary, Diary{"clean"});
}

TEST_F(AsioStepTest, AnOperationMayOutliveTheScheduler) {
  auto brief = std::make_unique<IoScheduler>(io);
  const auto await_on = [](IoScheduler& on, HeldOperation& operation) -> task<> {
    co_await step(on, operation.start());
  };
  {
    const Running abandoned{await_on(*brief, held)};
  }
  const Running left{await_on(*brief, later)};
  brief.reset();
  held.is_over();
  later.succeeds_with(7);
  EXPECT_EQ(io.run(), 0u);
  EXPECT_FALSE(left.outcome());
}

}  // namespace
}  // namespace parley::flow
