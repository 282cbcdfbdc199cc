// Streams made of streams: the helpers of "react" in asynquence, which filter, merge ("any"), pair
// ("all", "zip"), leave out what came before ("distinct") and sample.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace parley::flow {
namespace {

using Texts = Source<std::string, TestScheduler>;
using Text = std::optional<std::string>;

struct StreamTest : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Texts a{scheduler};
  Texts b{scheduler};

  void emit(Texts& source, const std::string& event) {
    EXPECT_EQ(source.emit(event), Result<>{});
    scheduler.run();
  }
  task<> write(std::string text) {
    diary.push_back(std::move(text));
    co_return;
  }
  template <Stream In>
  task<> write_all(In in) {
    const auto write_one = [this](std::string text) { return write(std::move(text)); };
    return for_each(std::move(in), write_one);
  }
};

using Pair = std::tuple<std::string, std::string>;
std::string joined(const Pair& pair) { return std::get<0>(pair) + std::get<1>(pair); }

bool is_long(const std::string& text) { return text.size() > 3; }
std::size_t length(const std::string& text) { return text.size(); }

TEST_F(StreamTest, FilterKeepsWhatItsPredicateSays) {
  const Running flow{write_all(filter(a.listen(), is_long))};
  for (const char* event : {"one", "three", "two", "four"}) emit(a, event);
  EXPECT_EQ(diary, (Diary{"three", "four"}));
  a.stop();
  scheduler.run();
  EXPECT_EQ(flow.outcome(), Result<>{});
}

TEST_F(StreamTest, TransformGivesWhatItsFunctionMakesOfEach) {
  auto lengths = transform(a.listen(), length);
  emit(a, "three");
  EXPECT_EQ(Running{lengths.next()}.outcome()->value(), 5u);
  a.stop();
  EXPECT_EQ(Running{lengths.next()}.outcome()->value(), std::nullopt);
}

TEST_F(StreamTest, DistinctLeavesOutWhatCameBefore) {
  const Running flow{write_all(distinct(a.listen()))};
  for (const char* event : {"one", "two", "one", "two", "three"}) emit(a, event);
  EXPECT_EQ(diary, (Diary{"one", "two", "three"}));
}

TEST_F(StreamTest, DistinctForgetsTheOldestBeyondItsLimit) {
  const Running flow{write_all(distinct(a.listen(), Remembered{1}))};
  for (const char* event : {"one", "one", "two", "one"}) emit(a, event);
  EXPECT_EQ(diary, (Diary{"one", "two", "one"}));
}

TEST_F(StreamTest, MergeGivesTheItemsOfAllAsTheyCome) {
  const Running flow{write_all(merge(a.listen(), b.listen()))};
  emit(b, "b1");
  emit(a, "a1");
  emit(a, "a2");
  EXPECT_EQ(diary, (Diary{"b1", "a1", "a2"}));
}

TEST_F(StreamTest, MergeServesThoseThatHaveItemsInTurn) {
  auto merged = merge(a.listen(), b.listen());
  for (const char* event : {"a1", "a2", "a3"}) emit(a, event);
  emit(b, "b1");
  const Running flow{write_all(std::move(merged))};
  EXPECT_EQ(diary, (Diary{"a1", "b1", "a2", "a3"}));
}

TEST_F(StreamTest, MergeStopsWhenAllHaveStopped) {
  const Running flow{write_all(merge(a.listen(), b.listen()))};
  a.stop();
  emit(b, "b1");
  EXPECT_EQ(diary, Diary{"b1"});
  EXPECT_FALSE(flow.outcome());
  b.stop();
  scheduler.run();
  EXPECT_EQ(flow.outcome(), Result<>{});
}

TEST_F(StreamTest, MergeFailsAsTheStreamThatDoesAndNamesIt) {
  auto merged = merge(a.listen(), b.listen(Backlog{1}));
  emit(b, "kept");
  emit(b, "lost");
  EXPECT_EQ(Running{merged.next()}.outcome()->value(), "kept");
  EXPECT_EQ(Running{merged.next()}.outcome()->error(), in_segment(1, Error{Errc::overflow}));
}

TEST_F(StreamTest, ZipPairsTheFirstWithTheFirstAndKeepsTheRest) {
  const Running flow{write_all(transform(zip(a.listen(), b.listen()), joined))};
  emit(a, "a1");
  emit(a, "a2");
  EXPECT_EQ(diary, Diary{});
  emit(b, "b1");
  EXPECT_EQ(diary, Diary{"a1b1"});
  emit(b, "b2");
  EXPECT_EQ(diary, (Diary{"a1b1", "a2b2"}));
}

TEST_F(StreamTest, ZipStopsAsSoonAsOneIsMissing) {
  const Running flow{write_all(transform(zip(a.listen(), b.listen()), joined))};
  emit(b, "b1");
  b.stop();
  emit(a, "a1");
  EXPECT_EQ(diary, Diary{"a1b1"});
  EXPECT_EQ(flow.outcome(), Result<>{});
}

TEST_F(StreamTest, SampleGivesTheLatestItemAtEachTick) {
  const Running flow{write_all(sample(a.listen(), b.listen()))};
  emit(b, "tick");
  EXPECT_EQ(diary, Diary{});
  emit(a, "a1");
  emit(a, "a2");
  EXPECT_EQ(diary, Diary{});
  emit(b, "tick");
  emit(b, "tick");
  EXPECT_EQ(diary, Diary{"a2"});
}

TEST_F(StreamTest, SampleGivesTheLastItemAtTheTickAfterTheStop) {
  const Running flow{write_all(sample(a.listen(), b.listen()))};
  emit(a, "last");
  a.stop();
  scheduler.run();
  EXPECT_FALSE(flow.outcome());
  emit(b, "tick");
  EXPECT_EQ(diary, Diary{"last"});
  EXPECT_EQ(flow.outcome(), Result<>{});
}

TEST_F(StreamTest, SampleStopsWithItsTicks) {
  const Running flow{write_all(sample(a.listen(), b.listen()))};
  emit(a, "never");
  b.stop();
  scheduler.run();
  EXPECT_EQ(diary, Diary{});
  EXPECT_EQ(flow.outcome(), Result<>{});
}

// Cancels a question between the event and its turn, and asks again.
template <Stream In>
auto ask_twice(StreamTest& test, In in) {
  {
    const Running cancelled{in.next()};
    EXPECT_EQ(test.a.emit("late"), Result<>{});
  }
  test.scheduler.run();
  const Running flow{in.next()};
  return flow.outcome()->value();
}

TEST_F(StreamTest, CancellingAQuestionLosesNoItem) {
  EXPECT_EQ(ask_twice(*this, a.listen()), "late");
  EXPECT_EQ(ask_twice(*this, filter(a.listen(), is_long)), "late");
  EXPECT_EQ(ask_twice(*this, distinct(a.listen())), "late");
  EXPECT_EQ(ask_twice(*this, transform(a.listen(), length)), 4u);
  EXPECT_EQ(ask_twice(*this, merge(b.listen(), a.listen())), "late");
  EXPECT_EQ(ask_twice(*this, zip(a.listen(), a.listen())), (Pair{"late", "late"}));
  EXPECT_EQ(ask_twice(*this, sample(a.listen(), a.listen())), "late");
}

TEST_F(StreamTest, ZipKeepsItsHalfOfAPairWhenItIsCancelled) {
  auto pairs = zip(a.listen(), b.listen());
  {
    const Running cancelled{pairs.next()};
    emit(a, "a1");
  }
  emit(b, "b1");
  EXPECT_EQ(Running{pairs.next()}.outcome()->value(), (Pair{"a1", "b1"}));
}

TEST_F(StreamTest, NothingRunsOnWhenItIsCancelled) {
  auto flow = std::make_unique<Running<>>(
      write_all(merge(filter(a.listen(), is_long), sample(a.listen(), b.listen()))));
  emit(a, "three");
  EXPECT_EQ(a.emit("four"), Result<>{});
  EXPECT_EQ(b.emit("tick"), Result<>{});
  flow.reset();
  scheduler.run();
  emit(a, "five");
  EXPECT_EQ(diary, Diary{"three"});
}

}  // namespace
}  // namespace parley::flow
