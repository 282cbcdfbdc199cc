// A flow as an Asio operation: with every kind of token, how errors and cancellation reach it, and
// who owns what at the end. Tested against the comments of async_run() and async_attempt().

#include "held_operation.hpp"

#include <gtest/gtest.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <memory>
#include <optional>
#include <system_error>
#include <tuple>

namespace parley::flow {
namespace {

using boost::system::error_code;

struct AsyncRunTest : testing::Test {
  Diary diary;  // flows that are left write into it at the end
  asio::cancellation_signal stop;
  HeldOperation held;
  asio::io_context io;
  IoScheduler scheduler{io};

  struct Leaving {
    Diary& diary;
    ~Leaving() { diary.push_back("gone"); }
  };

  task<int> give(int value) { co_return value; }
  task<> pass() { co_return; }
  task<int> fail_with(Error error) {
    co_await fail(std::move(error));
    co_return 0;
  }
  task<int> await_held() {
    diary.push_back("starts");
    const Leaving leaving{diary};
    co_return co_await step(scheduler, held.start());
  }
  task<int> lose_held() {
    const auto winner = co_await race(await_held(), give(1));
    co_await scheduler.cleaned_up();
    co_return winner.value;
  }
  // Writes down what it is called with.
  auto note() {
    return [this](error_code error, int value) {
      diary.push_back(error ? error.message() : std::to_string(value));
    };
  }
};

const std::string aborted = error_code{asio::error::operation_aborted}.message();

TEST_F(AsyncRunTest, CompletesWithTheValue) {
  async_run(scheduler, give(7), note());
  io.run();
  EXPECT_EQ(diary, Diary{"7"});
}

TEST_F(AsyncRunTest, AFlowWithoutAValueCompletesWithTheErrorCodeAlone) {
  async_run(scheduler, pass(), [this](error_code error) { diary.push_back(error.message()); });
  io.run();
  EXPECT_EQ(diary, Diary{error_code{}.message()});
}

TEST_F(AsyncRunTest, CompletesWithTheCodeOfAFailure) {
  const auto compare = [this](error_code error, int) {
    diary.push_back(error == Errc::timed_out ? "timed out" : error.message());
  };
  async_run(scheduler, fail_with(Error{Errc::timed_out}), compare);
  io.run();
  EXPECT_EQ(diary, Diary{"timed out"});
}

TEST_F(AsyncRunTest, AnErrorCodeOfAsioComesOutAsItWentIn) {
  for (const error_code error :
       {error_code{asio::error::eof}, error_code{asio::error::operation_aborted},
        make_error_code(boost::system::errc::io_error)}) {
    std::optional<error_code> found;
    async_run(scheduler, fail_with(Error{error}), [&](error_code code, int) { found = code; });
    io.run();
    io.restart();
    EXPECT_EQ(found, error);
  }
}

TEST_F(AsyncRunTest, AttemptGivesAllOfTheError) {
  std::optional<Result<int>> found;
  async_attempt(scheduler, fail_with(Error{Errc::closed, "the door"}),
                [&](Result<int> result) { found = std::move(result); });
  io.run();
  EXPECT_EQ(found, Result<int>{std::unexpected(Error{Errc::closed, "the door"})});
}

TEST_F(AsyncRunTest, AttemptNeedsNoDefaultOfTheValue) {
  struct NoDefault {
    explicit NoDefault(int from) : value{from} {}
    int value;
  };
  const auto make = []() -> task<NoDefault> { co_return NoDefault{7}; };
  async_attempt(scheduler, make(), [this](Result<NoDefault> result) {
    diary.push_back(std::to_string(result->value));
  });
  io.run();
  EXPECT_EQ(diary, Diary{"7"});
}

TEST_F(AsyncRunTest, NeitherStartsNorCompletesInsideTheCall) {
  asio::post(io, [this] {
    async_run(scheduler, await_held(), note());
    EXPECT_EQ(diary, Diary{});
    async_run(scheduler, give(7), note());
    EXPECT_EQ(diary, Diary{});
  });
  io.poll();
  EXPECT_EQ(diary, (Diary{"starts", "7"}));
}

TEST_F(AsyncRunTest, TheLocalsOfTheFlowAreGoneBeforeTheHandlerIsCalled) {
  async_run(scheduler, await_held(), note());
  io.poll();
  held.succeeds_with(7);
  io.run();
  EXPECT_EQ(diary, (Diary{"starts", "gone", "7"}));
}

TEST_F(AsyncRunTest, KeepsTheExecutorAtWorkUntilTheFlowHasEnded) {
  Event<IoScheduler> event{scheduler};
  const auto wait = [](Event<IoScheduler>& on) -> task<int> {
    co_await on;
    co_return 7;
  };
  async_run(scheduler, wait(event), note());
  io.poll();
  EXPECT_FALSE(io.stopped());
  event.set();
  io.run();
  EXPECT_EQ(diary, Diary{"7"});
}

TEST_F(AsyncRunTest, CompletesOnTheExecutorOfTheHandler) {
  asio::io_context other;
  async_run(scheduler, give(7), asio::bind_executor(other, note()));
  io.run();
  EXPECT_EQ(diary, Diary{});
  other.run();
  EXPECT_EQ(diary, Diary{"7"});
}

TEST_F(AsyncRunTest, KeepsTheExecutorOfTheHandlerAtWork) {
  asio::io_context other;
  async_run(scheduler, await_held(), asio::bind_executor(other, note()));
  other.poll();
  EXPECT_FALSE(other.stopped());
  io.poll();
  held.succeeds_with(7);
  io.run();
  other.run();
  EXPECT_EQ(diary.back(), "7");
}

TEST_F(AsyncRunTest, ATerminalCancellationCancelsTheFlow) {
  async_run(scheduler, await_held(), asio::bind_cancellation_slot(stop.slot(), note()));
  io.poll();
  stop.emit(asio::cancellation_type::terminal);
  EXPECT_EQ(diary, Diary{"starts"});
  io.poll();
  EXPECT_TRUE(held.was_cancelled());
  EXPECT_EQ(diary, (Diary{"starts", "gone"})) << "it waits for the operation";
  held.is_over();
  io.run();
  EXPECT_EQ(diary, (Diary{"starts", "gone", aborted}));
}

TEST_F(AsyncRunTest, OtherCancellationsAreNotObeyed) {
  async_run(scheduler, await_held(), asio::bind_cancellation_slot(stop.slot(), note()));
  io.poll();
  stop.emit(asio::cancellation_type::partial);
  io.poll();
  EXPECT_FALSE(held.was_cancelled());
  held.succeeds_with(7);
  io.run();
  EXPECT_EQ(diary, (Diary{"starts", "gone", "7"}));
}

TEST_F(AsyncRunTest, ACancellationRightAfterTheCallIsNotLost) {
  async_run(scheduler, await_held(), asio::bind_cancellation_slot(stop.slot(), note()));
  stop.emit(asio::cancellation_type::terminal);
  io.poll();
  EXPECT_TRUE(held.was_cancelled());
  held.is_over();
  io.run();
  EXPECT_EQ(diary, (Diary{"starts", "gone", aborted}));
}

TEST_F(AsyncRunTest, ACancellationBetweenTheEndAndTheTurnComesTooLate) {
  async_run(scheduler, await_held(), asio::bind_cancellation_slot(stop.slot(), note()));
  io.poll();
  held.succeeds_with(7);
  stop.emit(asio::cancellation_type::terminal);
  io.run();
  EXPECT_EQ(diary, (Diary{"starts", "gone", "7"}));
}

TEST_F(AsyncRunTest, ACancellationAfterTheEndFindsNobody) {
  async_run(scheduler, give(7), asio::bind_cancellation_slot(stop.slot(), note()));
  io.run();
  stop.emit(asio::cancellation_type::terminal);
  io.restart();
  io.run();
  EXPECT_EQ(diary, Diary{"7"});
}

TEST_F(AsyncRunTest, ASecondCancellationChangesNothing) {
  async_run(scheduler, await_held(), asio::bind_cancellation_slot(stop.slot(), note()));
  io.poll();
  stop.emit(asio::cancellation_type::terminal);
  stop.emit(asio::cancellation_type::terminal);
  io.poll();
  held.is_over();
  io.run();
  EXPECT_EQ(diary, (Diary{"starts", "gone", aborted}));
}

TEST_F(AsyncRunTest, ASleepThatIsCancelledKeepsNobodyWaiting) {
  const auto rest = [](IoScheduler& on) -> task<int> {
    co_await sleep(on, never);
    co_return 7;
  };
  async_run(scheduler, rest(scheduler), asio::bind_cancellation_slot(stop.slot(), note()));
  io.poll();
  stop.emit(asio::cancellation_type::terminal);
  io.run();
  EXPECT_EQ(diary, Diary{aborted});
}

TEST_F(AsyncRunTest, AFlowMayWaitForWhatItHasAbandoned) {
  async_run(scheduler, lose_held(), note());
  io.poll();
  EXPECT_EQ(diary, (Diary{"starts", "gone"}));
  held.is_over();
  io.run();
  EXPECT_EQ(diary, (Diary{"starts", "gone", "1"}));
}

TEST_F(AsyncRunTest, TheEndOfTheSchedulerCancelsItsFlows) {
  auto brief = std::make_unique<IoScheduler>(io);
  const auto rest = [](IoScheduler& on) -> task<int> {
    co_await sleep(on, never);
    co_return 7;
  };
  async_run(*brief, rest(*brief), note());
  io.poll();
  brief.reset();
  EXPECT_EQ(diary, Diary{});
  io.run();
  EXPECT_EQ(diary, Diary{aborted});
}

TEST_F(AsyncRunTest, AFlowThatHasNotStartedEndsWithTheScheduler) {
  auto brief = std::make_unique<IoScheduler>(io);
  async_run(*brief, give(7), note());
  brief.reset();
  io.run();
  EXPECT_EQ(diary, Diary{aborted});
}

TEST_F(AsyncRunTest, TheHandlerMayDestroyTheScheduler) {
  auto brief = std::make_unique<IoScheduler>(io);
  async_run(*brief, give(7), [&](error_code, int) { brief.reset(); });
  io.run();
  EXPECT_FALSE(brief);
}

TEST_F(AsyncRunTest, TheEndOfTheContextDestroysTheFlowAndThenTheHandler) {
  struct Owned {
    Diary& diary;
    ~Owned() { diary.push_back("handler gone"); }
  };
  {
    asio::io_context brief;
    IoScheduler on{brief};
    const auto rest = [](IoScheduler& s, Diary& to) -> task<> {
      const Leaving leaving{to};
      co_await sleep(s, never);
    };
    async_run(on, rest(on, diary), [owned = std::make_unique<Owned>(diary)](error_code) {});
    brief.poll();
    EXPECT_EQ(diary, Diary{});
  }
  EXPECT_EQ(diary, (Diary{"gone", "handler gone"}));
}

TEST_F(AsyncRunTest, WorksWithAFuture) {
  auto value = async_run(scheduler, give(7), asio::use_future);
  auto failure = async_run(scheduler, fail_with(Error{Errc::closed}), asio::use_future);
  io.run();
  EXPECT_EQ(value.get(), 7);
  EXPECT_THROW(failure.get(), boost::system::system_error);
}

TEST_F(AsyncRunTest, WorksDeferredAndAsATuple) {
  auto operation = async_run(scheduler, give(7), asio::as_tuple(asio::deferred));
  io.poll();
  std::move(operation)([this](std::tuple<error_code, int> all) {
    diary.push_back(std::to_string(std::get<int>(all)));
  });
  io.restart();
  io.run();
  EXPECT_EQ(diary, Diary{"7"});
}

}  // namespace
}  // namespace parley::flow
