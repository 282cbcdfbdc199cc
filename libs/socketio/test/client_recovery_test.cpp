// Connection state recovery from the client's side, against the documentation of Socket.IO 4.6
// ("Connection state recovery"): the private id and the last offset are shown again.

#include "client_harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio::client {
namespace {

class ClientRecovery : public ::testing::Test {
 protected:
  ClientRecovery() {
    hand.connect();
    hand.opened();
    hand.hear(R"(0{"sid":"s1","pid":"p1"})");
  }
  Said come_back() {
    hand.lose();
    hand.pass(Duration{1'000});
    auto said = hand.opened(second);
    said.erase(said.begin());  // Reconnected
    return said;
  }
  Hand hand;
};

TEST_F(ClientRecovery, ShowsTheLastOffsetAndGetsWhatItMissed) {
  hand.hear(R"(2["a","x","Q1"])");
  hand.hear(R"(2["b","Q2" ])");
  EXPECT_EQ(come_back(), (Said{sent(R"(0{"pid":"p1","offset":"Q2"})", second)}));
  EXPECT_EQ(hand.hear(R"(2["c","Q3"])", second), Said{});
  EXPECT_EQ(hand.hear(R"(0{"sid":"s1","pid":"p1"})", second),
            (Said{Connected{root, "s1", true}, Received{root, "c", {R"(["c","Q3"])"}, {}}}));
  hand.lose(second);
  hand.pass(Duration{1'000});
  EXPECT_EQ(hand.opened(ConnectionId{3}).back(),
            Output(sent(R"(0{"pid":"p1","offset":"Q3"})", ConnectionId{3})));
}

TEST_F(ClientRecovery, KeepsTheLastOffsetOverEventsWithoutOne) {
  hand.hear(R"(2["a","Q1"])");
  hand.hear(R"(2["b",1])");
  hand.hear(R"(2["c",["Q9"]])");
  hand.hear(R"(2["d",{"e":"Q9"}])");
  hand.hear(R"(21["e","Q9"])");
  EXPECT_EQ(come_back(), (Said{sent(R"(0{"pid":"p1","offset":"Q1"})", second)}));
}

TEST_F(ClientRecovery, KeepsAnOffsetAsItIsWritten) {
  hand.hear(R"(2["a","\"\\","x\\\"y,[\\"])");
  EXPECT_EQ(come_back(), (Said{sent(R"(0{"pid":"p1","offset":"x\\\"y,[\\"})", second)}));
}

TEST_F(ClientRecovery, IsTriedWithoutAnOffsetToo) {
  EXPECT_EQ(come_back(), (Said{sent(R"(0{"pid":"p1"})", second)}));
}

TEST_F(ClientRecovery, LetsTheApplicationsKeysWin) {
  hand.manager().show(root, R"( { "token" : 1 } )");
  hand.hear(R"(2["a","Q1"])");
  EXPECT_EQ(come_back(), (Said{sent(R"(0{"pid":"p1","offset":"Q1","token" : 1})", second)}));
  hand.manager().show(root, "{}");
  hand.lose(second);
  hand.pass(Duration{1'000});
  EXPECT_EQ(hand.opened(ConnectionId{3}).back(),
            Output(sent(R"(0{"pid":"p1","offset":"Q1"})", ConnectionId{3})));
}

TEST_F(ClientRecovery, BeginsAnewIfTheServerHasForgotten) {
  hand.hear(R"(2["a","Q1"])");
  come_back();
  EXPECT_EQ(hand.hear(R"(0{"sid":"s2","pid":"p2"})", second), (Said{Connected{root, "s2", false}}));
  hand.lose(second);
  hand.pass(Duration{1'000});
  EXPECT_EQ(hand.opened(ConnectionId{3}).back(), Output(sent(R"(0{"pid":"p2"})", ConnectionId{3})))
      << "the offset was of another life";
}

TEST(ClientWithoutRecovery, ShowsNoOffset) {
  Hand hand;
  hand.begin();
  hand.hear(R"(2["a","Q1"])");
  hand.lose();
  hand.pass(Duration{1'000});
  EXPECT_EQ(hand.opened(second).back(), Output(sent("0", second)));
}

}  // namespace
}  // namespace parley::socketio::client
