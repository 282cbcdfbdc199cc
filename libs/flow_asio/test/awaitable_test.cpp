// Flows and Boost.Asio's awaitables inside each other: values, cancellation and ownership go
// through. Tested against the comments of async_run() and step().

#include "held_operation.hpp"

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <stdexcept>

namespace parley::flow {
namespace {

using boost::system::error_code;

struct Leaving {
  Diary& diary;
  ~Leaving() { diary.push_back("gone"); }
};

struct AsioAwaitableTest : testing::Test {
  Diary diary;  // flows that are left write into it at the end
  asio::cancellation_signal stop;
  HeldOperation held;
  asio::io_context io;
  IoScheduler scheduler{io};

  task<int> await_held() {
    diary.push_back("starts");
    const Leaving leaving{diary};
    co_return co_await step(scheduler, held.start());
  }
  auto note() {
    return [this](error_code error, int value) {
      diary.push_back(error ? error.message() : std::to_string(value));
    };
  }
};

TEST_F(AsioAwaitableTest, AFlowInsideAnAwaitableInsideAFlow) {
  const auto inner = [](AsioAwaitableTest& test) -> asio::awaitable<int> {
    const int value = co_await async_run(test.scheduler, test.await_held(), asio::use_awaitable);
    co_return value + 1;
  };
  const auto outer = [&inner](AsioAwaitableTest& test) -> task<int> {
    co_return co_await step(test.scheduler, asio::co_spawn(test.io, inner(test), asio::deferred));
  };
  async_run(scheduler, outer(*this), note());
  io.poll();
  held.succeeds_with(6);
  io.run();
  EXPECT_EQ(diary, (Diary{"starts", "gone", "7"}));
}

TEST_F(AsioAwaitableTest, CancellingTheOuterFlowReachesTheInnermost) {
  const auto inner = [](AsioAwaitableTest& test) -> asio::awaitable<int> {
    co_return co_await async_run(test.scheduler, test.await_held(), asio::use_awaitable);
  };
  const auto outer = [&inner](AsioAwaitableTest& test) -> task<int> {
    co_return co_await step(test.scheduler, asio::co_spawn(test.io, inner(test), asio::deferred));
  };
  async_run(scheduler, outer(*this), asio::bind_cancellation_slot(stop.slot(), note()));
  io.poll();
  stop.emit(asio::cancellation_type::terminal);
  io.poll();
  EXPECT_TRUE(held.was_cancelled());
  EXPECT_EQ(diary, (Diary{"starts", "gone"}));
  held.is_over();
  io.run();
  EXPECT_EQ(diary.back(), error_code{asio::error::operation_aborted}.message());
}

TEST_F(AsioAwaitableTest, TheOperatorsOfAwaitablesCancelIt) {
  using namespace asio::experimental::awaitable_operators;
  const auto limited = [](AsioAwaitableTest& test) -> asio::awaitable<void> {
    asio::steady_timer timer{test.io, 1ms};
    co_await (async_run(test.scheduler, test.await_held(), asio::use_awaitable) ||
              timer.async_wait(asio::use_awaitable));
    test.diary.push_back("limit");
  };
  asio::co_spawn(io, limited(*this), asio::detached);
  while (!held.was_cancelled()) io.run_one();
  held.is_over();
  io.run();
  EXPECT_EQ(diary, (Diary{"starts", "gone", "limit"}));
}

TEST_F(AsioAwaitableTest, ASchedulerInsideAnAwaitableEndsWithTheContext) {
  const auto spawned = [](Diary& to) -> asio::awaitable<void> {
    AsioScheduler scheduler_inside{co_await asio::this_coro::executor};
    const auto rest = [](AsioScheduler<>& on, Diary& into) -> task<> {
      const Leaving leaving{into};
      co_await sleep(on, never);
    };
    co_await async_run(scheduler_inside, rest(scheduler_inside, to), asio::use_awaitable);
  };
  {
    asio::io_context brief;
    asio::co_spawn(brief, spawned(diary), asio::detached);
    brief.poll();
    EXPECT_EQ(diary, Diary{});
  }
  EXPECT_EQ(diary, Diary{"gone"});
}

TEST_F(AsioAwaitableTest, ASchedulerInsideAnAwaitableEndsWithIt) {
  const auto spawned = [](Diary& to) -> asio::awaitable<void> {
    AsioScheduler scheduler_inside{co_await asio::this_coro::executor};
    const auto rest = [](AsioScheduler<>& on, Diary& into) -> task<> {
      const Leaving leaving{into};
      co_await sleep(on, 0ms);
    };
    co_await async_run(scheduler_inside, rest(scheduler_inside, to), asio::use_awaitable);
    to.push_back("done");
  };
  asio::co_spawn(io, spawned(diary), asio::detached);
  io.run();
  EXPECT_EQ(diary, (Diary{"gone", "done"}));
}

TEST_F(AsioAwaitableTest, AnExceptionOfAnAwaitableIsThrownInTheFlow) {
  const auto throwing = []() -> asio::awaitable<int> {
    throw std::runtime_error{"bad"};
    co_return 0;
  };
  const auto outer = [&throwing](AsioAwaitableTest& test) -> task<int> {
    co_return co_await step(test.scheduler, asio::co_spawn(test.io, throwing(), asio::deferred));
  };
  std::optional<Result<int>> found;
  async_attempt(scheduler, outer(*this), [&](Result<int> result) { found = std::move(result); });
  io.run();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->error().code, Errc::exception);
  EXPECT_EQ(found->error().context, "bad");
}

}  // namespace
}  // namespace parley::flow
