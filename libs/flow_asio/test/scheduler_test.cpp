// An Asio executor as a scheduler: turns, times, and what is left when it is destroyed. Tested
// against the class comment of AsioScheduler and the Scheduler concept of libs/flow.

#include "held_operation.hpp"

#include <gtest/gtest.h>
#include <boost/asio/strand.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace parley::flow {
namespace {

static_assert(Scheduler<IoScheduler>);
static_assert(Scheduler<AsioScheduler<>>);
static_assert(Scheduler<AsioScheduler<asio::strand<asio::io_context::executor_type>>>);

struct AsioSchedulerTest : testing::Test {
  asio::io_context io;
  IoScheduler scheduler{io};
  Event<IoScheduler> event{scheduler};
  Diary diary;

  task<> wait(std::string name) {
    co_await event;
    diary.push_back(name);
  }
  task<> pass_time(IoScheduler::duration duration, std::string name) {
    co_await sleep(scheduler, duration);
    diary.push_back(name);
  }
};

TEST_F(AsioSchedulerTest, TakesItsExecutorFromAContextOrAsItIs) {
  static_assert(std::is_same_v<decltype(AsioScheduler{io}), IoScheduler>);
  static_assert(std::is_same_v<decltype(AsioScheduler{io.get_executor()}), IoScheduler>);
  auto executor = io.get_executor();
  static_assert(std::is_same_v<decltype(AsioScheduler{executor}), IoScheduler>);
  EXPECT_EQ(scheduler.executor(), executor);
}

TEST_F(AsioSchedulerTest, RunsNothingInsidePost) {
  const Running flow{wait("done")};
  event.set();
  EXPECT_EQ(diary, Diary{});
  io.run();
  EXPECT_EQ(diary, Diary{"done"});
}

TEST_F(AsioSchedulerTest, AsksAsioOnceForAllThatBecomeReadyTogether) {
  const Running a{wait("a")};
  const Running b{wait("b")};
  const Running c{wait("c")};
  event.set();
  EXPECT_EQ(io.run(), 1u);
  EXPECT_EQ(diary, (Diary{"a", "b", "c"}));
}

TEST_F(AsioSchedulerTest, LetsOthersHaveTheirTurnBetweenTwoOfItsOwn) {
  const auto go_on = [](IoScheduler& on, Diary& to) -> task<> {
    for (int turn = 0; turn < 3; ++turn) {
      Event<IoScheduler> ready{on};
      const auto set = [](Event<IoScheduler>& e) -> task<> {
        e.set();
        co_return;
      };
      const auto await = [](Event<IoScheduler>& e) -> task<> { co_await e; };
      co_await gate(await(ready), set(ready));
      to.push_back("flow");
    }
  };
  const Running flow{go_on(scheduler, diary)};
  asio::post(io, [this] { diary.push_back("other"); });
  io.run();
  EXPECT_EQ(diary, (Diary{"flow", "other", "flow", "flow"}));
}

class Entry final : public Timer<IoScheduler::time_point> {
 public:
  Entry(Diary& diary, std::string text) : diary_{diary}, text_{std::move(text)} {}

 private:
  void wake() override { diary_.push_back(text_); }

  Diary& diary_;
  std::string text_;
};

TEST_F(AsioSchedulerTest, WakesInTheOrderOfTheTimes) {
  Entry late{diary, "late"};
  Entry soon{diary, "soon"};
  Entry at_once{diary, "at once"};
  const auto now = scheduler.now();
  scheduler.wake(late, now + 2ms);
  scheduler.wake(soon, now + 1ms);
  scheduler.wake(at_once, now);
  io.run();
  EXPECT_EQ(diary, (Diary{"at once", "soon", "late"}));
}

TEST_F(AsioSchedulerTest, NeverWakesBeforeTheTime) {
  const auto start = scheduler.now();
  const Running flow{pass_time(5ms, "done")};
  io.run();
  EXPECT_EQ(diary, Diary{"done"});
  EXPECT_GE(scheduler.now() - start, 5ms);
}

TEST_F(AsioSchedulerTest, SetsTheAlarmForAnEarlierTimeThatComesLater) {
  auto late = std::make_unique<Running<>>(pass_time(never, "late"));
  const Running soon{pass_time(1ms, "soon")};
  while (diary.empty()) io.run_one();
  EXPECT_EQ(diary, Diary{"soon"});
}

TEST_F(AsioSchedulerTest, StopsTheAlarmWhenNobodyWaitsAnyMore) {
  const Running flow{within(scheduler, never, wait("done"))};
  event.set();
  io.run();
  EXPECT_EQ(diary, Diary{"done"});
}

TEST_F(AsioSchedulerTest, KeepsTimeLimits) {
  const Running flow{within(scheduler, 1ms, wait("never"))};
  io.run();
  ASSERT_TRUE(flow.outcome());
  EXPECT_EQ(flow.outcome()->error(), Error{Errc::timed_out});
}

TEST_F(AsioSchedulerTest, AFlowCanCancelAnotherThatIsReady) {
  std::unique_ptr<Running<>> other;
  const auto cancel = [](Event<IoScheduler>& on, std::unique_ptr<Running<>>& flow) -> task<> {
    co_await on;
    flow.reset();
  };
  const Running first{cancel(event, other)};
  other = std::make_unique<Running<>>(wait("other"));
  event.set();
  io.run();
  EXPECT_EQ(diary, Diary{});
}

TEST_F(AsioSchedulerTest, MayBeDestroyedWithWaitersLeft) {
  auto doomed = std::make_unique<IoScheduler>(io);
  const auto wait_in_both_ways = [](IoScheduler& on, Diary& to) -> task<> {
    Event<IoScheduler> set{on};
    const auto wait_for = [](Event<IoScheduler>& e) -> task<> { co_await e; };
    const auto rest = [](IoScheduler& s) -> task<> { co_await sleep(s, 0ms); };
    const auto ring = [](Event<IoScheduler>& e) -> task<> {
      e.set();
      co_return;
    };
    co_await gate(wait_for(set), rest(on), ring(set));
    to.push_back("never");
  };
  const Running flow{wait_in_both_ways(*doomed, diary)};
  doomed.reset();
  io.run();
  EXPECT_EQ(diary, Diary{});
}

TEST_F(AsioSchedulerTest, CleanedUpDoesNotWaitForNothing) {
  const auto clean = [](IoScheduler& on, Diary& to) -> task<> {
    co_await on.cleaned_up();
    to.push_back("clean");
  };
  const Running flow{clean(scheduler, diary)};
  EXPECT_EQ(diary, Diary{"clean"});
}

}  // namespace
}  // namespace parley::flow
