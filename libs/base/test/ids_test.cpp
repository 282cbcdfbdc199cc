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

}  // namespace
}  // namespace parley
