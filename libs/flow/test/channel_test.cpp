// Channels between flows: "chan", "put", "take" and "close" of the go-style part of asynquence, and
// its "alts" and "timeout" by race and within.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>

namespace parley::flow {
namespace {

using namespace std::chrono_literals;

// Does something between two turns of the scheduler.
class AfterTurns final : Waiter {
 public:
  AfterTurns(TestScheduler& scheduler, int turns, std::function<void()> action)
      : scheduler_{scheduler}, turns_{turns}, action_{std::move(action)} {
    scheduler_.post(*this);
  }

 private:
  void wake() override {
    if (turns_-- == 0) return action_();
    scheduler_.post(*this);
  }

  TestScheduler& scheduler_;
  int turns_;
  std::function<void()> action_;
};

using Texts = Channel<std::string, TestScheduler>;
using Flow = Running<>;

struct ChannelTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Texts channel{scheduler, 0};
  Texts other{scheduler, 0};
  Texts roomy{scheduler, 2};

  task<> put(Texts& into, std::string item) {
    const std::string name = item;
    const Result<> result = co_await attempt(into.put(std::move(item)));
    diary.push_back(name + (result ? " is put" : ": " + result.error().code.message()));
  }
  task<> take(Texts& from, std::string name) {
    const auto item = co_await from.take();
    diary.push_back(name + " takes " + item.value_or("nothing"));
  }
  // The items that were taken, and those that were put, each in their order.
  std::string taken() const {
    std::string items;
    for (const auto& line : diary) {
      if (line.contains(" takes ") && !line.ends_with("nothing")) items += line.back();
    }
    return items;
  }
  std::string put_in() const {
    std::string items;
    for (const auto& line : diary) {
      if (line.ends_with(" is put")) items += line.front();
    }
    return items;
  }
  void cancel_one_of_four(std::size_t capacity, std::size_t cancelled, int turns) {
    diary.clear();
    Texts texts{scheduler, capacity};
    std::array<std::unique_ptr<Flow>, 4> flows{
        std::make_unique<Flow>(take(texts, "a")), std::make_unique<Flow>(put(texts, "1")),
        std::make_unique<Flow>(put(texts, "2")), std::make_unique<Flow>(take(texts, "b"))};
    const AfterTurns cancel{scheduler, turns, [&] { flows[cancelled].reset(); }};
    scheduler.run();
    texts.close();
    const Flow left{take(texts, "left")};
    const Flow left_too{take(texts, "left too")};
    scheduler.run();
    EXPECT_EQ(taken(), put_in());
  }
  task<> put_into_either(std::string item) {
    const auto one = co_await race(channel.put(item), other.put(item));
    diary.push_back(item + " is put into " + std::to_string(one.segment));
  }
  task<> take_from_either() {
    const auto one = co_await race(channel.take(), other.take());
    diary.push_back(one.value.value_or("nothing") + " from " + std::to_string(one.segment));
  }
};

TEST_F(ChannelTest, APutWithoutRoomWaitsForATaker) {
  const Flow putter{put(channel, "one")};
  scheduler.run();
  EXPECT_EQ(diary, Diary{});
  const Flow taker{take(channel, "a")};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"a takes one", "one is put"}));
}

TEST_F(ChannelTest, ATakerWaitsForAPut) {
  const Flow taker{take(channel, "a")};
  scheduler.run();
  EXPECT_EQ(diary, Diary{});
  const Flow putter{put(channel, "one")};
  EXPECT_EQ(diary, Diary{});
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"a takes one", "one is put"}));
}

TEST_F(ChannelTest, OneTakerLetsOnePutThrough) {
  const Flow taker{take(channel, "a")};
  const Flow first{put(channel, "one")};
  const Flow second{put(channel, "two")};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"a takes one", "one is put"}));
}

TEST_F(ChannelTest, PutsUpToItsRoomDoNotWait) {
  const Flow one{put(roomy, "one")};
  const Flow two{put(roomy, "two")};
  const Flow three{put(roomy, "three")};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"one is put", "two is put"}));
  const Flow taker{take(roomy, "a")};
  EXPECT_EQ(diary.back(), "a takes one");
  scheduler.run();
  EXPECT_EQ(diary.back(), "three is put");
}

TEST_F(ChannelTest, ServesPuttersAndTakersInTheOrderOfArrival) {
  const Flow one{put(channel, "one")};
  const Flow two{put(channel, "two")};
  const Flow a{take(channel, "a")};
  const Flow b{take(channel, "b")};
  const Flow c{take(channel, "c")};
  const Flow three{put(channel, "three")};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"a takes one", "one is put", "b takes two", "two is put", "c takes three",
                          "three is put"}));
}

TEST_F(ChannelTest, NobodyOvertakesATakerThatWaitsForItsTurn) {
  const Flow a{take(roomy, "a")};
  const Flow one{put(roomy, "one")};
  const Flow two{put(roomy, "two")};
  const Flow late{take(roomy, "late")};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"one is put", "two is put", "a takes one", "late takes two"}));
}

TEST_F(ChannelTest, GivesWhatIsLeftAfterItIsClosedAndThenNothing) {
  const Flow one{put(roomy, "one")};
  const Flow two{put(roomy, "two")};
  roomy.close();
  for (const char* name : {"a", "b", "c"}) Flow{take(roomy, name)};
  EXPECT_EQ(diary, (Diary{"one is put", "two is put",  //
                          "a takes one", "b takes two", "c takes nothing"}));
}

TEST_F(ChannelTest, CloseSendsTheWaitingTakersAway) {
  const Flow a{take(channel, "a")};
  const Flow b{take(channel, "b")};
  channel.close();
  EXPECT_EQ(diary, Diary{});
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"a takes nothing", "b takes nothing"}));
}

TEST_F(ChannelTest, CloseFailsTheWaitingPutsAndThoseThatCome) {
  const Flow one{put(channel, "one")};
  const Flow two{put(channel, "two")};
  channel.close();
  const Flow three{put(channel, "three")};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"three: it is closed", "one: it is closed", "two: it is closed"}));
}

TEST_F(ChannelTest, AFailedPutThatIsStillThereHoldsNobodyUp) {
  const Flow one{channel.put("one")};
  const Flow two{channel.put("two")};
  channel.close();
  scheduler.run();
  EXPECT_EQ(one.outcome()->error(), Error{Errc::closed});
  EXPECT_EQ(two.outcome()->error(), Error{Errc::closed});
}

TEST_F(ChannelTest, AnOfferIsAcceptedOrRefusedAtOnce) {
  EXPECT_EQ(roomy.offer("one"), Result<>{});
  EXPECT_EQ(roomy.offer("two"), Result<>{});
  EXPECT_EQ(roomy.offer("three"), Result<>{std::unexpected{Error{Errc::overflow}}});
  const Flow a{take(roomy, "a")};
  roomy.close();
  EXPECT_EQ(roomy.offer("late"), Result<>{std::unexpected{Error{Errc::closed}}});
}

TEST_F(ChannelTest, AnOfferWakesATaker) {
  const Flow a{take(roomy, "a")};
  EXPECT_EQ(roomy.offer("one"), Result<>{});
  EXPECT_EQ(diary, Diary{});
  scheduler.run();
  EXPECT_EQ(diary, Diary{"a takes one"});
}

TEST_F(ChannelTest, AnOfferDoesNotOvertakeAPutThatWaits) {
  Texts narrow{scheduler, 1};
  const Flow one{put(narrow, "one")};
  const Flow two{put(narrow, "two")};
  const Flow a{take(narrow, "a")};
  EXPECT_EQ(narrow.offer("three"), Result<>{std::unexpected{Error{Errc::overflow}}});
}

TEST_F(ChannelTest, ACancelledPutWithdrawsItsItem) {
  auto one = std::make_unique<Flow>(put(channel, "one"));
  const Flow two{put(channel, "two")};
  const Flow a{take(channel, "a")};
  one.reset();
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"a takes two", "two is put"}));
}

TEST_F(ChannelTest, TheItemOfACancelledTakerGoesToTheNext) {
  auto a = std::make_unique<Flow>(take(roomy, "a"));
  const Flow b{take(roomy, "b")};
  const Flow c{take(roomy, "c")};
  const Flow one{put(roomy, "one")};
  const Flow two{put(roomy, "two")};
  a.reset();
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"one is put", "two is put", "b takes one", "c takes two"}));
}

TEST_F(ChannelTest, TheItemOfACancelledTakerStaysWhereNobodyElseWaits) {
  auto a = std::make_unique<Flow>(take(roomy, "a"));
  const Flow one{put(roomy, "one")};
  a.reset();
  scheduler.run();
  const Flow two{put(roomy, "two")};
  const Flow b{take(roomy, "b")};
  EXPECT_EQ(diary, (Diary{"one is put", "two is put", "b takes one"}));
}

TEST_F(ChannelTest, APutWhoseTakerHasLeftBeforeItsTurnWaitsOn) {
  const Flow one{put(channel, "one")};
  auto a = std::make_unique<Flow>(take(channel, "a"));
  a.reset();
  scheduler.run();
  EXPECT_EQ(diary, Diary{});
  const Flow b{take(channel, "b")};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"b takes one", "one is put"}));
}

TEST_F(ChannelTest, ARaceOfTakesThatCanTakesExactlyOneItem) {
  Texts another{scheduler, 1};
  const Flow one{put(roomy, "one")};
  const Flow two{put(another, "two")};
  EXPECT_EQ(Running{race(roomy.take(), another.take())}.outcome()->value(),
            (From<std::optional<std::string>>{0, "one"}));
  EXPECT_EQ(another.size(), 1u);
}

TEST_F(ChannelTest, ARaceOfTakesMeetsExactlyOnePut) {
  const Flow one{put(channel, "one")};
  const Flow two{put(other, "two")};
  const Flow flow{take_from_either()};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"one from 0", "one is put"}));
  const Flow rest{take(other, "rest")};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"one from 0", "one is put", "rest takes two", "two is put"}));
}

TEST_F(ChannelTest, ARaceOfTakesThatWaitsTakesExactlyOneItem) {
  Texts another{scheduler, 1};
  const Running flow{race(roomy.take(), another.take())};
  const Flow two{put(another, "two")};
  const Flow one{put(roomy, "one")};
  scheduler.run();
  EXPECT_EQ(flow.outcome()->value(), (From<std::optional<std::string>>{1, "two"}));
  EXPECT_EQ(roomy.size(), 1u);
}

TEST_F(ChannelTest, ARaceOfPutsThatCanPutsExactlyOnce) {
  Texts another{scheduler, 1};
  EXPECT_EQ(Running{race(roomy.put("one"), another.put("two"))}.outcome()->value().segment, 0u);
  EXPECT_EQ(roomy.size() + another.size(), 1u);
}

TEST_F(ChannelTest, ARaceOfPutsMeetsExactlyOneTaker) {
  const Flow b{take(other, "b")};
  const Flow a{take(channel, "a")};
  const Flow flow{put_into_either("one")};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"a takes one", "one is put into 0"}));
}

TEST_F(ChannelTest, ARaceOfPutsThatWaitsMeetsExactlyOneTaker) {
  const Flow flow{put_into_either("one")};
  const Flow b{take(other, "b")};
  const Flow a{take(channel, "a")};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"b takes one", "one is put into 1"}));
}

TEST_F(ChannelTest, ARaceOfPutsThatWaitsForRoomPutsExactlyOnce) {
  Texts a{scheduler, 1};
  Texts b{scheduler, 1};
  Flow{a.put("first")};
  Flow{b.put("first")};
  const Running flow{race(a.put("one"), b.put("one"))};
  const Flow from_b{take(b, "b")};
  const Flow from_a{take(a, "a")};
  scheduler.run();
  EXPECT_EQ(flow.outcome()->value().segment, 1u);
  EXPECT_EQ(a.size() + b.size(), 1u);
}

TEST_F(ChannelTest, RacesMeetEachOtherOnOneChannelOnly) {
  const Flow putter{put_into_either("one")};
  const Flow taker{take_from_either()};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"one from 0", "one is put into 0"}));
}

// What a taker does with its item may be the end of the put and of the channel as well.
TEST_F(ChannelTest, ATakerMayEndThePutItMeetsAndTheChannel) {
  auto doomed = std::make_unique<Texts>(scheduler, 0);
  auto putter = std::make_unique<Flow>(put(*doomed, "one"));
  const auto take_and_end = [](ChannelTest& test, std::unique_ptr<Texts>& texts,
                               std::unique_ptr<Flow>& flow) -> task<> {
    co_await test.take(*texts, "a");
    flow.reset();
    texts.reset();
  };
  const Flow taker{take_and_end(*this, doomed, putter)};
  scheduler.run();
  EXPECT_EQ(diary, Diary{"a takes one"});
}

TEST_F(ChannelTest, AFlowMayRaceAPutAgainstATakeOfOneChannel) {
  const Running flow{race(channel.put("own"), channel.take())};
  scheduler.run();
  EXPECT_EQ(flow.outcome()->value().index(), 1u);
}

TEST_F(ChannelTest, ATakeCanHaveATimeLimit) {
  const Flow flow{within(scheduler, 1s, take(channel, "late"))};
  scheduler.advance(scheduler.now() + 1s);
  EXPECT_EQ(flow.outcome()->error(), Error{Errc::timed_out});
  const Flow one{put(channel, "one")};
  scheduler.run();
  EXPECT_EQ(diary, Diary{});
  const Flow a{take(channel, "a")};
  scheduler.run();
  EXPECT_EQ(diary, (Diary{"a takes one", "one is put"}));
}

TEST_F(ChannelTest, TakesThingsThatCanOnlyBeMoved) {
  Channel<std::unique_ptr<int>, TestScheduler> boxes{scheduler, 1};
  const Running putter{boxes.put(std::make_unique<int>(7))};
  const Running taker{boxes.take()};
  EXPECT_EQ(**taker.outcome()->value(), 7);
}

// Two putters and two takers, of whom one is cancelled before one of the scheduler's turns.
TEST_F(ChannelTest, NothingIsLostOrOvertakenWhoeverIsCancelledWhenever) {
  for (std::size_t capacity = 0; capacity < 3; ++capacity) {
    for (std::size_t cancelled = 0; cancelled < 4; ++cancelled) {
      for (int turns = 0; turns < 5; ++turns) {
        SCOPED_TRACE(std::to_string(capacity) + ": " + std::to_string(cancelled) + " after " +
                     std::to_string(turns));
        cancel_one_of_four(capacity, cancelled, turns);
      }
    }
  }
}

}  // namespace
}  // namespace parley::flow
