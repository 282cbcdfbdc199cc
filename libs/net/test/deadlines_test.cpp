// Who is given how long: the queues of deadlines, by hand-driven time.

#include "deadlines.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace parley::net {
namespace {

using namespace std::chrono_literals;

constexpr Time start{};

std::vector<ConnectionId> take_all_due(Deadlines& deadlines, Time now) {
  std::vector<ConnectionId> due;
  while (const auto id = deadlines.take_due(now)) due.push_back(*id);
  return due;
}

TEST(Deadlines, AreSilentBeforeTheirTime) {
  Deadlines deadlines;
  Deadline deadline{ConnectionId{1}};
  deadlines.set(deadline, Wait::header, start + 10ms);
  EXPECT_EQ(deadlines.soonest(), start + 10ms);
  EXPECT_EQ(take_all_due(deadlines, start + 9ms), std::vector<ConnectionId>{});
}

TEST(Deadlines, ComeOnce) {
  Deadlines deadlines;
  Deadline deadline{ConnectionId{1}};
  deadlines.set(deadline, Wait::header, start + 10ms);
  EXPECT_EQ(take_all_due(deadlines, start + 10ms), std::vector{ConnectionId{1}});
  EXPECT_EQ(take_all_due(deadlines, start + 10ms), std::vector<ConnectionId>{});
  EXPECT_EQ(deadlines.soonest(), std::nullopt);
}

TEST(Deadlines, AreReplacedByTheNextOfTheirConnection) {
  Deadlines deadlines;
  Deadline deadline{ConnectionId{1}};
  deadlines.set(deadline, Wait::header, start + 10ms);
  deadlines.set(deadline, Wait::close, start + 5ms);
  EXPECT_EQ(deadlines.soonest(), start + 5ms);
  EXPECT_EQ(take_all_due(deadlines, start + 10ms), std::vector{ConnectionId{1}});
}

TEST(Deadlines, KeepTheirOrderWithinEachKindAndFindTheSoonestOfAll) {
  Deadlines deadlines;
  Deadline first{ConnectionId{1}};
  Deadline second{ConnectionId{2}};
  Deadline third{ConnectionId{3}};
  deadlines.set(first, Wait::request, start + 60ms);
  deadlines.set(second, Wait::request, start + 61ms);
  deadlines.set(third, Wait::close, start + 5ms);
  EXPECT_EQ(deadlines.soonest(), start + 5ms);
  EXPECT_EQ(take_all_due(deadlines, start + 60ms), (std::vector{ConnectionId{1}, ConnectionId{3}}));
  EXPECT_EQ(deadlines.soonest(), start + 61ms);
}

TEST(Deadlines, EndWithTheirConnection) {
  Deadlines deadlines;
  {
    Deadline deadline{ConnectionId{1}};
    deadlines.set(deadline, Wait::body, start);
  }
  EXPECT_EQ(deadlines.soonest(), std::nullopt);
}

}  // namespace
}  // namespace parley::net
