// The heap of deadlines behind a server of many sessions: the soonest first, equal ones in the
// order of their sessions so that runs replay, and what is stale can be taken out.

#include <parley/engineio/wakes.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace parley::engineio {
namespace {

Wake wake(int at, std::uint64_t session) { return {Time{Duration{at}}, SessionId{session}}; }

std::vector<Wake> drained(Wakes& wakes) {
  std::vector<Wake> all;
  while (const auto soonest = wakes.soonest()) {
    all.push_back(*soonest);
    wakes.pop();
  }
  return all;
}

TEST(EngineioWakes, ComeTheSoonestFirstAndEqualOnesBySession) {
  Wakes wakes;
  for (const auto& each : {wake(5, 1), wake(3, 2), wake(5, 0), wake(4, 3)}) wakes.push(each);
  EXPECT_EQ(drained(wakes), (std::vector{wake(3, 2), wake(4, 3), wake(5, 0), wake(5, 1)}));
}

TEST(EngineioWakes, StayInOrderWhenSomeAreClearedOut) {
  Wakes wakes;
  for (int at = 0; at < 10; ++at) wakes.push(wake(at * 7 % 10, 0));
  wakes.clear_out([](const Wake& each) { return each.at.time_since_epoch().count() % 3 != 0; });
  EXPECT_EQ(wakes.size(), 4U);
  EXPECT_EQ(drained(wakes), (std::vector{wake(0, 0), wake(3, 0), wake(6, 0), wake(9, 0)}));
}

}  // namespace
}  // namespace parley::engineio
