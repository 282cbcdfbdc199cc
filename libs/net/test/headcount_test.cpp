// How connections are dealt out, and when there is room again.

#include "headcount.hpp"

#include <gtest/gtest.h>

namespace parley::net {
namespace {

TEST(Headcount, SeatsWhoeverComesWhereTheFewestAre) {
  Headcount headcount{3, 100};
  EXPECT_EQ(headcount.seat(), 0u);
  EXPECT_EQ(headcount.seat(), 1u);
  EXPECT_EQ(headcount.seat(), 2u);
  EXPECT_EQ(headcount.seat(), 0u);
  (void)headcount.leave(2);
  EXPECT_EQ(headcount.seat(), 2u);
}

// Or else clients that upgrade would all end up on one thread: each comes twice.
TEST(Headcount, CountsWhoMovesWhereItIs) {
  Headcount headcount{2, 100};
  EXPECT_EQ(headcount.seat(), 0u);
  EXPECT_EQ(headcount.seat(), 1u);
  headcount.move(1, 0);
  EXPECT_EQ(headcount.seat(), 1u);
  EXPECT_EQ(headcount.seat(), 1u);
  EXPECT_EQ(headcount.total(), 4u);
}

TEST(Headcount, SaysOnceThatThereIsRoomAgain) {
  Headcount headcount{2, 2};
  (void)headcount.seat();
  EXPECT_FALSE(headcount.is_full());
  (void)headcount.seat();
  EXPECT_TRUE(headcount.is_full());
  EXPECT_TRUE(headcount.leave(1));
  EXPECT_FALSE(headcount.is_full());
  EXPECT_FALSE(headcount.leave(0));
}

}  // namespace
}  // namespace parley::net
