// Which coding a client wants, by its Accept-Encoding: RFC 9110, sections 12.4.2 and 12.5.3.

#include <parley/base/accept_encoding.hpp>

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(CodingWeight, IsFullForACodingThatIsNamedWithoutAWeight) {
  EXPECT_EQ(coding_weight("gzip, deflate, br", "br"), 1000);
  EXPECT_EQ(coding_weight("gzip, deflate, br", "GZIP"), 1000);
}

TEST(CodingWeight, IsZeroForACodingThatIsNotNamed) {
  EXPECT_EQ(coding_weight("", "br"), 0);
  EXPECT_EQ(coding_weight("gzip, deflate", "br"), 0);
  EXPECT_EQ(coding_weight("brotli, xbr, brx", "br"), 0);
}

TEST(CodingWeight, IsTheWeightThatIsGiven) {
  EXPECT_EQ(coding_weight("br;q=0.8, gzip;q=0.251", "br"), 800);
  EXPECT_EQ(coding_weight("br;q=0.8, gzip ; q=0.251", "gzip"), 251);
  EXPECT_EQ(coding_weight("br;q=0, gzip;Q=1.000", "br"), 0);
  EXPECT_EQ(coding_weight("br;q=0, gzip;Q=1.000", "gzip"), 1000);
}

TEST(CodingWeight, OfAStarCountsForWhatIsNotNamed) {
  EXPECT_EQ(coding_weight("*", "br"), 1000);
  EXPECT_EQ(coding_weight("br;q=0, *;q=0.5", "gzip"), 500);
  EXPECT_EQ(coding_weight("*;q=0.5, br;q=0", "br"), 0);
}

TEST(CodingWeight, OfNonsenseIsZero) {
  EXPECT_EQ(coding_weight("br;q=", "br"), 0);
  EXPECT_EQ(coding_weight("br;q=2", "br"), 0);
  EXPECT_EQ(coding_weight("br;q=-1", "br"), 0);
  EXPECT_EQ(coding_weight("br;q=0x1", "br"), 0);
  EXPECT_EQ(coding_weight(",,;;,=,", "br"), 0);
}

}  // namespace
}  // namespace parley
