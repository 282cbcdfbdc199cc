// Random numbers of the kernel, fetched ahead: whatever size is asked for, and none twice.

#include <parley/net/system_entropy.hpp>

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

namespace parley::net {
namespace {

TEST(SystemEntropy, GivesNoneTwice) {
  SystemEntropy entropy;
  std::set<std::array<std::byte, 12>> seen;
  for (int count = 0; count < 1'000; ++count) {
    std::array<std::byte, 12> bytes{};
    entropy.fill(bytes);
    EXPECT_TRUE(seen.insert(bytes).second);
  }
}

TEST(SystemEntropy, FillsMoreThanItFetchesAtATime) {
  SystemEntropy entropy;
  std::vector<std::byte> bytes(10'000);
  entropy.fill(bytes);
  // Each value is missing with a chance of 10^-17.
  EXPECT_EQ(std::set<std::byte>(bytes.begin(), bytes.end()).size(), 256U);
}

}  // namespace
}  // namespace parley::net
