// One connection that never blocks, over a pair of sockets: what the kernel does not take is kept,
// in order, and no read is spent on finding out that there is nothing.

#include "transport.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <string>
#include <vector>

namespace parley::net {
namespace {

class TransportTest : public testing::Test {
 protected:
  TransportTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
    ours.emplace(Descriptor{ends[0]});
    peer = Descriptor{ends[1]};
  }

  void peer_sends(std::string_view bytes) {
    EXPECT_EQ(::send(peer.number(), bytes.data(), bytes.size(), 0),
              static_cast<ssize_t>(bytes.size()));
  }
  // What is there now.
  std::string peer_reads() {
    std::string seen(1'000'000, '\0');
    const auto size = ::recv(peer.number(), seen.data(), seen.size(), 0);
    return seen.substr(0, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  }

  std::optional<Transport> ours;
  Descriptor peer;
  std::array<char, 16> buffer;
};

TEST_F(TransportTest, SendsItsPartsInOrder) {
  EXPECT_EQ(ours->send(std::vector<std::string_view>{"one ", "", "two ", "three"}), Sent::all);
  EXPECT_EQ(peer_reads(), "one two three");
  EXPECT_EQ(ours->backlog(), 0U);
}

TEST_F(TransportTest, KeepsWhatTheKernelDoesNotTakeAndSendsItLater) {
  const std::string large(1'000'000, 'x');
  std::string seen;
  EXPECT_EQ(ours->send(std::vector<std::string_view>{"begin", large, "end"}), Sent::in_part);
  EXPECT_EQ(ours->send(std::vector<std::string_view>{"behind"}), Sent::in_part);
  while (ours->backlog() > 0) {
    seen += peer_reads();
    EXPECT_NE(ours->flush(), Sent::failed);
  }
  seen += peer_reads();
  EXPECT_EQ(seen.size(), large.size() + 14);
  EXPECT_TRUE(seen == "begin" + large + "endbehind");
}

TEST_F(TransportTest, FailsOnceNobodyReads) {
  peer.close();
  EXPECT_EQ(ours->send(std::vector<std::string_view>{"x"}), Sent::failed);
}

TEST_F(TransportTest, ReadsNothingBeforeItIsToldThatSomethingArrived) {
  EXPECT_FALSE(ours->unread());
  peer_sends("hello");
  ours->arrived(Arrival::more_may_come);
  EXPECT_TRUE(ours->unread());
  EXPECT_EQ(ours->read(buffer).size, 5U);
  EXPECT_FALSE(ours->unread());
}

TEST_F(TransportTest, KnowsThatAFullBufferMayNotHaveBeenAll) {
  peer_sends(std::string(20, 'x'));
  ours->arrived(Arrival::more_may_come);
  EXPECT_EQ(ours->read(buffer).size, 16U);
  EXPECT_TRUE(ours->unread());
  EXPECT_EQ(ours->read(buffer).size, 4U);
  EXPECT_FALSE(ours->unread());
}

TEST_F(TransportTest, ReadsTheEndThatCameTogetherWithBytes) {
  peer_sends("bye");
  peer.close();
  ours->arrived(Arrival::last);
  EXPECT_EQ(ours->read(buffer).size, 3U);
  EXPECT_TRUE(ours->unread());
  EXPECT_EQ(ours->read(buffer).outcome, Outcome::ended);
}

}  // namespace
}  // namespace parley::net
