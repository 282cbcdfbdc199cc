// The session ids that the official adapters and load balancers expect: 20 of [A-Za-z0-9_-].

#include <parley/base/ids.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace parley {
namespace {

class Repeating : public Entropy {
 public:
  explicit Repeating(std::byte value) : value_{value} {}
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, value_); }

 private:
  std::byte value_;
};

TEST(SidGenerator, IsTwelveRandomBytesAndACounter) {
  Repeating zeros{std::byte{0}};
  SidGenerator sids{zeros};
  EXPECT_EQ(sids.next(), "AAAAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(sids.next(), "AAAAAAAAAAAAAAAAAAAB");
}

TEST(SidGenerator, UsesTheUrlSafeAlphabet) {
  Repeating ones{std::byte{0xff}};
  Repeating mixed{std::byte{0xfb}};
  EXPECT_EQ(SidGenerator{ones}.next(), "________________AAAA");
  EXPECT_EQ(SidGenerator{mixed}.next(), "-_v7-_v7-_v7-_v7AAAA");
}

TEST(SidGenerator, SaysWhichShardItIsIfThereAreSeveral) {
  Repeating zeros{std::byte{0}};
  SidGenerator first{zeros, 0};
  SidGenerator last{zeros, SidGenerator::shards_max - 1};
  EXPECT_EQ(first.next(), "AAAAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(last.next(), "AAAAAAAAAAAAAAAA_AAA");
  EXPECT_EQ(last.next(), "AAAAAAAAAAAAAAAA_AAB");
  EXPECT_EQ(shard_of(first.next()), 0u);
  EXPECT_EQ(shard_of(last.next()), 63u);
}

TEST(SidGenerator, KeepsItsShardWhenTheCounterComesRound) {
  Repeating zeros{std::byte{0}};
  SidGenerator sids{zeros, 5};
  const auto first = sids.next();
  for (unsigned count = 1; count < 1u << 18; ++count) (void)sids.next();
  EXPECT_EQ(sids.next(), first);
}

TEST(SidGenerator, AnswersWhateverAPeerShowsAsASid) {
  for (const char* text : {"", "A", "AAAAAAAAAAAAAAAA/AAA", "AAAAAAAAAAAAAAAAAAAAA"})
    EXPECT_EQ(shard_of(text), std::nullopt) << text;
}

}  // namespace
}  // namespace parley
