#include "register.hpp"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>

namespace parley::sim {

void Register::read(const node::Log& log) {
  Number one = 0, other = 0;
  char end = 0;
  const char* text = log.text.c_str();
  if (std::sscanf(text, "/rtc: %" SCNu64 " wait%c", &one, &end) == 2) return waits(one);
  if (std::sscanf(text, "/rtc: %" SCNu64 " calls %" SCNu64, &one, &other) == 2)
    return calls(one, other);
  if (std::sscanf(text, "/rtc: %" SCNu64 " left%c", &one, &end) == 2) return left(one);
  EXPECT_EQ(log.text.find("/rtc:"), std::string::npos) << log.text;
}

void Register::waits(Number peer) {
  admit(peer);
  EXPECT_EQ(waiting_, std::nullopt) << peer << " waits too";
  waiting_ = peer;
}

void Register::calls(Number caller, Number receiver) {
  admit(receiver);
  EXPECT_EQ(waiting_, caller) << "the one who waited calls";
  EXPECT_TRUE(partners_.emplace(caller, receiver).second) << caller << " is in two pairs";
  EXPECT_TRUE(partners_.emplace(receiver, caller).second) << receiver << " is in two pairs";
  waiting_.reset();
}

void Register::left(Number peer) {
  EXPECT_TRUE(free_.empty()) << *free_.begin() << " was left alone";
  if (waiting_ == peer) {
    waiting_.reset();
    return;
  }
  const auto found = partners_.find(peer);
  ASSERT_NE(found, partners_.end()) << peer << " left and was not here";
  const auto partner = found->second;
  partners_.erase(peer);
  partners_.erase(partner);
  free_.insert(partner);
}

// A newcomer, or the one who stayed behind.
void Register::admit(Number peer) {
  if (free_.erase(peer) > 0) return;
  EXPECT_TRUE(free_.empty()) << *free_.begin() << " was left alone";
  EXPECT_GT(peer, newest_) << peer << " arrived twice";
  newest_ = peer;
}

}  // namespace parley::sim
