// Acknowledgements in both directions, their time limits, and the option `retries`, against
// Socket.IO 5, "Acknowledgement", and the official client's documentation ("Client options").

#include "client_harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio::client {
namespace {

constexpr AckId zero{0}, one{1};
const auto timed_out = std::unexpected{AckFault::timed_out};
const auto disconnected = std::unexpected{AckFault::disconnected};

class ClientAcks : public ::testing::Test {
 protected:
  ClientAcks() { hand.begin(); }
  Hand hand;
};

TEST_F(ClientAcks, AreCountedAndAnsweredOnce) {
  EXPECT_EQ(hand.ask(R"(["a"])"), (Said{sent(R"(20["a"])")}));
  EXPECT_EQ(hand.ask(R"(["b"])"), (Said{sent(R"(21["b"])")}));
  EXPECT_EQ(hand.hear("31[2]"), (Said{Acknowledged{root, one, Arguments{"[2]"}}}));
  EXPECT_EQ(hand.hear("30[]"), (Said{Acknowledged{root, zero, Arguments{"[]"}}}));
  EXPECT_EQ(hand.hear("30[]"), Said{});
  EXPECT_EQ(hand.hear("3[]"), Said{});
}

TEST_F(ClientAcks, MayBeBinary) {
  hand.ask(R"(["a"])");
  hand.hear(R"(61-0[{"_placeholder":true,"num":0}])");
  EXPECT_EQ(
      hand.hear_binary("\x01"),
      (Said{Acknowledged{root, zero, Arguments{R"([{"_placeholder":true,"num":0}])", {"\x01"}}}}));
}

TEST_F(ClientAcks, FailAfterTheirTimeLimit) {
  hand.ask(R"(["a"])", Duration{100});
  EXPECT_EQ(hand.pass(Duration{99}), Said{});
  EXPECT_EQ(hand.pass(Duration{1}), (Said{Acknowledged{root, zero, timed_out}}));
  EXPECT_EQ(hand.hear("30[]"), Said{});
}

TEST(ClientAckTimeout, IsForAllWithoutALimitOfTheirOwn) {
  Hand hand{{.ack_timeout = Duration{50}}};
  hand.begin();
  hand.ask(R"(["a"])", Duration{100});
  hand.ask(R"(["b"])");
  EXPECT_EQ(hand.pass(Duration{99}), (Said{Acknowledged{root, one, timed_out}}));
}

TEST_F(ClientAcks, FailWhenTheSocketIsDisconnected) {
  hand.ask(R"(["a"])", Duration{100});
  EXPECT_EQ(hand.lose(), (Said{Disconnected{root, DisconnectReason::transport_close, "gone"},
                               Acknowledged{root, zero, disconnected}}));
  EXPECT_EQ(hand.pass(Duration{200}), Said{});
}

TEST(ClientAcksOffline, AreAskedForWhenTheSocketIsConnected) {
  Hand hand;
  EXPECT_EQ(hand.ask(R"(["a"])"), Said{});
  hand.connect();
  EXPECT_EQ(hand.lose(first), (Said{ConnectError{root, "gone", "", true}}));
  hand.pass(Duration{1'000});
  hand.opened(second);
  EXPECT_EQ(hand.hear(R"(0{"sid":"s1"})", second).back(), Output(sent(R"(20["a"])", second)));
}

TEST(ClientAcksOffline, TakeTheirEventAlongWhenTheTimeIsOver) {
  Hand hand;
  hand.ask(R"(["a"])", Duration{100});
  hand.emit(R"(["b"])");
  EXPECT_EQ(hand.pass(Duration{100}), (Said{Acknowledged{root, zero, timed_out}}));
  hand.connect();
  hand.opened();
  EXPECT_EQ(hand.hear(R"(0{"sid":"s1"})"), (Said{Connected{root, "s1", false}, sent(R"(2["b"])")}));
}

TEST_F(ClientAcks, AreGivenToTheServer) {
  EXPECT_EQ(hand.hear(R"(212["a"])"),
            (Said{Received{root, "a", {R"(["a"])"}, AckTicket{first, AckId{12}}}}));
  EXPECT_EQ(hand.acknowledge({first, AckId{12}}, {"[1]"}), (Said{sent("312[1]")}));
  EXPECT_EQ(hand.acknowledge({first, AckId{12}}, {R"([{"_placeholder":true,"num":0}])", {"\x01"}}),
            (Said{sent(R"(61-12[{"_placeholder":true,"num":0}])"), sent_binary("\x01")}));
}

TEST_F(ClientAcks, AreNotGivenToAnotherConnection) {
  hand.hear(R"(20["a"])");
  hand.lose();
  EXPECT_EQ(hand.acknowledge({first, zero}, {"[]"}), Said{});
  hand.pass(Duration{1'000});
  hand.opened(second);
  hand.hear(R"(0{"sid":"s2"})", second);
  EXPECT_EQ(hand.acknowledge({first, zero}, {"[]"}), Said{});
}

class ClientRetries : public ::testing::Test {
 protected:
  Hand hand{{.ack_timeout = Duration{100}, .retries = 1}};
};

TEST_F(ClientRetries, SendOneEventAtATime) {
  hand.begin();
  EXPECT_EQ(hand.emit(R"(["a"])"), (Said{sent(R"(20["a"])")}));
  EXPECT_EQ(hand.ask(R"(["b"])"), Said{});
  EXPECT_EQ(hand.hear("30[]"), (Said{sent(R"(22["b"])")}));
  EXPECT_EQ(hand.hear("32[5]"), (Said{Acknowledged{root, one, Arguments{"[5]"}}}));
}

TEST_F(ClientRetries, SendAgainWhatIsNotAcknowledgedAndThenTheNext) {
  hand.begin();
  hand.ask(R"(["a"])");
  hand.emit(R"(["b"])");
  EXPECT_EQ(hand.pass(Duration{100}), (Said{sent(R"(22["a"])")}));
  EXPECT_EQ(hand.pass(Duration{100}),
            (Said{Acknowledged{root, zero, timed_out}, sent(R"(23["b"])")}));
}

TEST_F(ClientRetries, SendAgainAfterALossOfTheConnection) {
  hand.begin();
  hand.emit(R"(["a"])");
  EXPECT_EQ(hand.lose(), (Said{Disconnected{root, DisconnectReason::transport_close, "gone"}}));
  hand.pass(Duration{1'000});
  hand.opened(second);
  EXPECT_EQ(hand.hear(R"(0{"sid":"s2"})", second),
            (Said{Connected{root, "s2", false}, sent(R"(21["a"])", second)}));
}

TEST_F(ClientRetries, WaitWhileThereIsNoConnection) {
  EXPECT_EQ(hand.emit(R"(["a"])"), Said{});
  EXPECT_EQ(hand.pass(Duration{1'000}), Said{});
  hand.connect();
  hand.opened();
  EXPECT_EQ(hand.hear(R"(0{"sid":"s1"})").back(), Output(sent(R"(20["a"])")));
}

TEST_F(ClientRetries, FailWithTheConnectionWhenTheyWereTheLast) {
  hand.begin();
  hand.ask(R"(["a"])");
  hand.pass(Duration{100});
  EXPECT_EQ(hand.lose(), (Said{Disconnected{root, DisconnectReason::transport_close, "gone"},
                               Acknowledged{root, zero, disconnected}}));
  EXPECT_EQ(hand.manager().state(root).wake_at(), std::nullopt);
}

}  // namespace
}  // namespace parley::socketio::client
