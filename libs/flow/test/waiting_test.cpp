// What the host delivers: mailboxes keep it until it is asked for, events stay true.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace parley::flow {
namespace {

struct WaitingTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Mailbox<std::string, TestScheduler> mailbox{scheduler};
  Event<TestScheduler> event{scheduler};

  task<> read() { diary.push_back(co_await mailbox.next()); }
  task<> read_two() {
    co_await read();
    co_await read();
  }
  task<> wait(std::string name) {
    co_await event;
    diary.push_back(name);
  }
};

TEST_F(WaitingTest, AMailboxKeepsWhatComesBeforeTheReader) {
  mailbox.put("early");
  const Running flow{read()};
  EXPECT_EQ(diary, Diary{"early"});
}

TEST_F(WaitingTest, AMailboxGivesInTheOrderOfArrival) {
  const Running flow{read_two()};
  mailbox.put("one");
  mailbox.put("two");
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"one", "two"}));
}

TEST_F(WaitingTest, AMailboxDoesNotResumeItsReaderInsidePut) {
  const Running flow{read()};
  mailbox.put("one");
  EXPECT_EQ(diary, Diary{});
  scheduler.run();
  EXPECT_EQ(diary, Diary{"one"});
}

TEST_F(WaitingTest, AnItemWhoseReaderWasCancelledStaysForTheNext) {
  auto first = std::make_unique<Running<>>(read());
  mailbox.put("one");
  first.reset();
  scheduler.run();
  EXPECT_EQ(diary, Diary{});
  const Running second{read()};
  EXPECT_EQ(diary, Diary{"one"});
}

TEST_F(WaitingTest, ASleepBeyondTheEndOfTimeWaitsUntilThere) {
  const auto sleeps = [](TestScheduler& on) -> task<> {
    co_await sleep(on, TestScheduler::duration::max());
  };
  scheduler.advance(TestScheduler::time_point{} + std::chrono::seconds{1});
  const Running flow{sleeps(scheduler)};
  EXPECT_EQ(scheduler.wake_at(), TestScheduler::time_point::max());
}

TEST_F(WaitingTest, AnEventReleasesAllInTheOrderOfTheirArrival) {
  const Running a{wait("a")};
  const Running b{wait("b")};
  event.set();
  EXPECT_EQ(diary, Diary{});
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"a", "b"}));
}

TEST_F(WaitingTest, AnEventThatIsSetLetsEverybodyThrough) {
  event.set();
  const Running late{wait("late")};
  EXPECT_EQ(diary, Diary{"late"});
}

TEST_F(WaitingTest, AnEventForgetsAWaiterThatWasCancelled) {
  {
    const Running gone{wait("gone")};
  }
  event.set();
  scheduler.run();
  EXPECT_EQ(diary, Diary{});
}

TEST_F(WaitingTest, AWaiterCanCancelAnotherThatIsAlreadyReady) {
  std::unique_ptr<Running<>> other;
  const auto cancel_other = [](WaitingTest& test, std::unique_ptr<Running<>>& flow) -> task<> {
    co_await test.event;
    flow.reset();
  };
  const Running first{cancel_other(*this, other)};
  other = std::make_unique<Running<>>(wait("other"));
  event.set();
  scheduler.run();
  EXPECT_EQ(diary, Diary{});
}

TEST_F(WaitingTest, ReadersOfAnEventThatDiesWaitForNothing) {
  auto doomed = std::make_unique<Event<TestScheduler>>(scheduler);
  const auto wait_for = [](Event<TestScheduler>& awaited) -> task<> { co_await awaited; };
  const Running flow{wait_for(*doomed)};
  doomed.reset();
  scheduler.run();
  EXPECT_FALSE(flow.outcome());
}

}  // namespace
}  // namespace parley::flow
