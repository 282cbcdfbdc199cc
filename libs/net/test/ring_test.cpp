// Receives and sends of many sockets at once, over pairs of sockets: with io_uring and without, the
// same comes of it as of recv(2) and send(2).

#include "ring.hpp"
#include "descriptor.hpp"

#include <gtest/gtest.h>
#include <liburing.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <thread>
#include <vector>

namespace parley::net {
namespace {

struct Pair {
  Descriptor ours;
  Descriptor peer;
};

Pair pair_of_sockets() {
  std::array<int, 2> ends{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
  return {Descriptor{ends[0]}, Descriptor{ends[1]}};
}

// With a ring, with one that takes fewer than there are, and without.
class RingTest : public testing::TestWithParam<std::size_t> {
 protected:
  static constexpr std::size_t count = 20;

  RingTest() {
    std::ranges::generate(pairs, pair_of_sockets);
    for (std::size_t at = 0; at < count; ++at) {
      texts[at] = "to number " + std::to_string(at);
      transfers.push_back({.socket = pairs[at].ours.number(), .bytes = texts[at]});
    }
  }

  /// With a ring, on a thread of its own: the kernel interrupts whoever had one while it tidies up.
  template <class Action>
  void use(Action action) {
    std::thread{[&] {
      Ring ring{GetParam()};
      action(ring);
    }}.join();
  }
  void send() {
    use([&](Ring& ring) { ring.send(transfers); });
  }

  std::array<Pair, count> pairs;
  std::array<std::string, count> texts;
  std::vector<Transfer> transfers;
};

TEST_P(RingTest, SendsToEach) {
  send();
  for (std::size_t at = 0; at < count; ++at) {
    std::string seen(100, '\0');
    EXPECT_EQ(transfers[at].result, static_cast<ssize_t>(texts[at].size()));
    const auto size = ::recv(pairs[at].peer.number(), seen.data(), seen.size(), 0);
    EXPECT_EQ(seen.substr(0, static_cast<std::size_t>(std::max<ssize_t>(size, 0))), texts[at]);
  }
}

TEST_P(RingTest, ReceivesFromEachAndNeverWaits) {
  for (std::size_t at = 0; at < count; ++at) {
    if (at % 3 == 1) continue;  // says nothing
    if (at % 3 == 2) {
      pairs[at].peer.close();
      continue;
    }
    EXPECT_EQ(::send(pairs[at].peer.number(), "hello", 5, 0), 5);
  }
  use([&](Ring& ring) { ring.receive(transfers); });
  for (std::size_t at = 0; at < count; ++at) {
    const std::array<ssize_t, 3> expected{5, -EAGAIN, 0};
    EXPECT_EQ(transfers[at].result, expected[at % 3]);
    if (at % 3 == 0) {
      EXPECT_EQ(texts[at].substr(0, 6), "hellom") << "more than came was touched";
    }
  }
}

TEST_P(RingTest, SaysWhatTheKernelDidNotTake) {
  const std::string large(1'000'000, 'x');
  std::string bytes = large;
  for (auto& transfer : transfers) transfer.bytes = bytes;
  send();
  for (const auto& transfer : transfers) {
    EXPECT_GT(transfer.result, 0);
    EXPECT_LT(transfer.result, 1'000'000);
  }
  send();
  for (const auto& transfer : transfers) EXPECT_EQ(transfer.result, -EAGAIN);
}

TEST_P(RingTest, OneThatFailsDisturbsNoOther) {
  pairs[3].peer.close();
  transfers[7].socket = -1;
  send();
  for (std::size_t at = 0; at < count; ++at) {
    if (at != 3 && at != 7) {
      EXPECT_EQ(transfers[at].result, static_cast<ssize_t>(texts[at].size()));
    }
  }
  EXPECT_EQ(transfers[3].result, -EPIPE);  // and no SIGPIPE
  EXPECT_EQ(transfers[7].result, -EBADF);
}

TEST_P(RingTest, IsUsedAgainAndAgain) {
  use([&](Ring& ring) {
    for (int round = 0; round < 200; ++round) {
      ring.send(transfers);
      for (std::size_t at = 0; at < count; ++at) {
        std::string seen(100, '\0');
        ASSERT_EQ(::recv(pairs[at].peer.number(), seen.data(), seen.size(), 0),
                  static_cast<ssize_t>(texts[at].size()));
      }
    }
  });
}

TEST_P(RingTest, TakesNothingAndFew) {
  use([&](Ring& ring) {
    ring.send({});
    ring.send(std::span{transfers}.first(1));
  });
  EXPECT_EQ(transfers[0].result, static_cast<ssize_t>(texts[0].size()));
}

INSTANTIATE_TEST_SUITE_P(Sizes, RingTest, testing::Values(0U, 8U, 64U));

TEST(Ring, IsOpenWhereTheSystemAllowsItAndItIsWanted) {
  std::thread{[] {
    io_uring probe;
    const bool allowed = io_uring_queue_init(4, &probe, IORING_SETUP_SINGLE_ISSUER) == 0;
    if (allowed) io_uring_queue_exit(&probe);
    EXPECT_EQ(Ring{64}.is_open(), allowed);
    EXPECT_FALSE(Ring{0}.is_open());
  }}.join();
}

}  // namespace
}  // namespace parley::net
