// What other threads want done: all of it, once, in the order of each of them.

#include "inbox.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <thread>
#include <vector>

namespace parley::net {
namespace {

bool has_rung(const Inbox& inbox) {
  pollfd bell{.fd = inbox.descriptor().number(), .events = POLLIN, .revents = 0};
  return ::poll(&bell, 1, 0) == 1;
}

TEST(Inbox, RingsUntilItIsEmptied) {
  Inbox inbox;
  EXPECT_FALSE(has_rung(inbox));
  inbox.put([] {});
  inbox.put([] {});
  EXPECT_TRUE(has_rung(inbox));
  EXPECT_EQ(inbox.take().size(), 2U);
  EXPECT_FALSE(has_rung(inbox));
  inbox.put([] {});
  EXPECT_TRUE(has_rung(inbox));
}

TEST(Inbox, KeepsTheOrderOfEachThread) {
  constexpr int each = 10'000;
  Inbox inbox;
  std::array<std::vector<int>, 3> seen;
  std::vector<std::jthread> threads;
  for (auto& own : seen) {
    threads.emplace_back([&] {
      for (int number = 0; number < each; ++number)
        inbox.put([&own, number] { own.push_back(number); });
    });
  }
  for (std::size_t done = 0; done < seen.size() * each;) {
    pollfd bell{.fd = inbox.descriptor().number(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&bell, 1, 10'000), 1);
    for (auto& action : inbox.take()) {
      action();
      ++done;
    }
  }
  std::vector<int> expected;
  for (int number = 0; number < each; ++number) expected.push_back(number);
  for (const auto& own : seen) EXPECT_EQ(own, expected);
}

}  // namespace
}  // namespace parley::net
