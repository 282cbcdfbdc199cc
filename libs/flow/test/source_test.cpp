// Event sources and steps for each event: "react" of asynquence with its "proceed", its registered
// clean-ups and its "stop".

#include "steps.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <memory>

namespace parley::flow {
namespace {

using Clicks = Source<std::string, TestScheduler>;

const Result<> closed = std::unexpected{Error{Errc::closed}};

struct SourceTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  std::unique_ptr<Clicks> clicks = std::make_unique<Clicks>(scheduler);
  std::deque<Step<>> steps;

  SourceTest() {
    for (const char* name : {"a", "b", "c"}) steps.emplace_back(scheduler, diary, name);
  }

  void emit(const std::string& event) {
    EXPECT_EQ(clicks->emit(event), Result<>{});
    scheduler.run();
  }
  task<> write(std::string event) {
    diary.push_back(event);
    co_return;
  }
  task<> write_all(std::string prefix, Backlog backlog = {}) {
    const auto write_one = [this, prefix](std::string event) { return write(prefix + event); };
    return for_each(clicks->listen(backlog), write_one);
  }
  /// The step that the event names, so many at once.
  task<> run_all(AtOnce at_once) {
    const auto run = [this](const std::string& event) {
      return steps[static_cast<std::size_t>(event.front() - 'a')].run();
    };
    return react(clicks->listen(), at_once, run);
  }
};

TEST_F(SourceTest, EachEventRunsAFreshCopyOfTheSteps) {
  const Running flow{write_all("")};
  emit("one");
  emit("two");
  EXPECT_EQ(diary, (Diary{"one", "two"}));
  EXPECT_FALSE(flow.outcome());
}

TEST_F(SourceTest, NothingRunsInsideEmitOrStop) {
  const Running flow{write_all("")};
  EXPECT_EQ(clicks->emit("one"), Result<>{});
  clicks->stop();
  EXPECT_EQ(diary, Diary{});
  EXPECT_FALSE(flow.outcome());
  scheduler.run();
  EXPECT_EQ(diary, Diary{"one"});
  EXPECT_EQ(flow.outcome(), Result<>{});
}

TEST_F(SourceTest, EveryListenerGetsEveryEventSinceItListens) {
  const Running first{write_all("first ")};
  emit("one");
  const Running second{write_all("second ")};
  emit("two");
  EXPECT_EQ(diary, (Diary{"first one", "first two", "second two"}));
}

TEST_F(SourceTest, RefusesEventsOnceItIsStopped) {
  clicks->stop();
  EXPECT_EQ(clicks->emit("late"), closed);
  EXPECT_EQ(Running{write_all("")}.outcome(), Result<>{});
  EXPECT_EQ(diary, Diary{});
}

TEST_F(SourceTest, CleansUpOnceAndTheLatestFirst) {
  clicks->on_stop([this] { diary.emplace_back("first"); });
  clicks->on_stop([this] { diary.emplace_back("second"); });
  clicks->stop();
  clicks->stop();
  EXPECT_EQ(diary, (Diary{"second", "first"}));
}

TEST_F(SourceTest, CleansUpAtOnceWhatComesAfterTheStop) {
  clicks->stop();
  clicks->on_stop([this] { diary.emplace_back("late"); });
  EXPECT_EQ(diary, Diary{"late"});
}

TEST_F(SourceTest, StopsWhenItIsDestroyedAndItsListenersLiveOn) {
  const Running flow{write_all("")};
  clicks->on_stop([this] { diary.emplace_back("clean"); });
  EXPECT_EQ(clicks->emit("one"), Result<>{});
  clicks.reset();
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"clean", "one"}));
  EXPECT_EQ(flow.outcome(), Result<>{});
}

TEST_F(SourceTest, AListenerThatCannotKeepUpIsToldSoAndTheOthersAreNot) {
  const Running slow{
      react(clicks->listen(Backlog{2}), AtOnce{1}, [this](std::string) { return steps[0].run(); })};
  const Running fast{write_all("", Backlog{1})};
  for (const char* event : {"one", "two", "three", "four"}) emit(event);
  EXPECT_FALSE(slow.outcome());
  for (int taken = 0; taken < 3; ++taken) steps[0].succeeds();
  EXPECT_EQ(slow.outcome()->error(), Error{Errc::overflow});
  EXPECT_EQ(diary.back(), "a is gone");
  EXPECT_FALSE(fast.outcome());
}

TEST_F(SourceTest, RunsSoManyAtOnceAndTheRestWaits) {
  const Running flow{run_all(AtOnce{2})};
  for (const char* event : {"a", "b", "c"}) emit(event);
  EXPECT_EQ(diary, (Diary{"a starts", "b starts"}));
  steps[1].succeeds();
  EXPECT_EQ(diary, (Diary{"a starts", "b starts", "b is gone", "c starts"}));
}

TEST_F(SourceTest, EndsWhenItWasStoppedAndAllStepsHaveEnded) {
  const Running flow{run_all(AtOnce{3})};
  emit("a");
  emit("b");
  clicks->stop();
  scheduler.run();
  steps[0].succeeds();
  EXPECT_FALSE(flow.outcome());
  steps[1].succeeds();
  EXPECT_EQ(flow.outcome(), Result<>{});
}

TEST_F(SourceTest, TheFirstFailureStopsAllAndNamesTheEvent) {
  const Running flow{run_all(AtOnce{3})};
  for (const char* event : {"a", "b", "c"}) emit(event);
  steps[1].fails();
  EXPECT_EQ(flow.outcome()->error(), in_segment(1, Error{io_error}));
  EXPECT_EQ(diary,
            (Diary{"a starts", "b starts", "c starts", "b is gone", "a is gone", "c is gone"}));
}

TEST_F(SourceTest, AFailureThatIsAttemptedEndsOnlyItsOwnSteps) {
  const auto look_away = [](task<> steps_of_event) -> task<> {
    co_await attempt(std::move(steps_of_event));
  };
  const auto run = [&](std::string) { return look_away(steps[0].run()); };
  const Running flow{react(clicks->listen(), AtOnce{1}, run)};
  emit("one");
  steps[0].fails();
  emit("two");
  EXPECT_EQ(diary, (Diary{"a starts", "a is gone", "a starts"}));
}

TEST_F(SourceTest, GoesThroughManyEventsWhoseStepsNeedNotWait) {
  std::size_t count = 0;
  const auto add_one = [](std::size_t& sum) -> task<> {
    ++sum;
    co_return;
  };
  const auto count_up = [&](const std::string&) { return add_one(count); };
  auto listener = clicks->listen(Backlog{30'000});
  for (int event = 0; event < 30'000; ++event) EXPECT_EQ(clicks->emit(""), Result<>{});
  clicks->stop();
  EXPECT_EQ(Running{react(std::move(listener), AtOnce{2}, count_up)}.outcome(), Result<>{});
  EXPECT_EQ(count, 30'000u);
}

TEST_F(SourceTest, AChannelIsAStreamAsWell) {
  Channel<std::string, TestScheduler> channel{scheduler, 2};
  const auto write_one = [this](std::string event) { return write(std::move(event)); };
  const Running flow{for_each(channel.stream(), write_one)};
  EXPECT_EQ(channel.offer("one"), Result<>{});
  channel.close();
  scheduler.run();
  EXPECT_EQ(diary, Diary{"one"});
  EXPECT_EQ(flow.outcome(), Result<>{});
}

TEST_F(SourceTest, AStepMayStopItsSourceAndCancelAnotherListener) {
  std::unique_ptr<Running<>> other;
  const auto end = [&](std::string event) {
    other.reset();
    clicks->stop();
    return write(event);
  };
  const Running flow{for_each(clicks->listen(), end)};
  other = std::make_unique<Running<>>(write_all("other "));
  emit("one");
  EXPECT_EQ(diary, Diary{"one"});
  EXPECT_EQ(flow.outcome(), Result<>{});
}

TEST_F(SourceTest, NothingRunsOnWhereverItIsCancelled) {
  for (std::size_t ended = 0; ended < 4; ++ended) {
    diary.clear();
    auto flow = std::make_unique<Running<>>(run_all(AtOnce{2}));
    for (const char* event : {"a", "b", "c"}) emit(event);
    for (std::size_t index = 0; index < ended; ++index) steps[index].succeeds();
    EXPECT_EQ(clicks->emit("a"), Result<>{});
    for (auto& step : steps) step.will_end_with(Result<>{});
    flow.reset();
    const auto before = diary;
    scheduler.run();
    EXPECT_EQ(diary, before);
    steps.clear();
    for (const char* name : {"a", "b", "c"}) steps.emplace_back(scheduler, diary, name);
  }
}

}  // namespace
}  // namespace parley::flow
