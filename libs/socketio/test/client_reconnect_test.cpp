// How a lost connection comes back, against the official client's documentation ("Client options",
// "The disconnect event"): pauses that double up to a maximum, more or less by chance.

#include "client_harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio::client {
namespace {

using enum DisconnectReason;

TEST(ClientReconnect, TriesAgainAfterEveryKindOfLoss) {
  for (const auto reason : {ping_timeout, transport_close, transport_error}) {
    Hand hand;
    hand.begin();
    EXPECT_EQ(hand.lose(first, reason), (Said{Disconnected{root, reason, "gone"}}));
    EXPECT_EQ(hand.pass(Duration{999}), Said{});
    EXPECT_EQ(hand.pass(Duration{1}), (Said{ReconnectAttempt{1}, OpenConnection{second}}));
    EXPECT_EQ(hand.opened(second), (Said{Reconnected{1}, sent("0", second)}));
    EXPECT_EQ(hand.hear(R"(0{"sid":"s2"})", second), (Said{Connected{root, "s2", false}}));
  }
}

TEST(ClientReconnect, DoublesItsPausesUpToAMaximum) {
  Hand hand;
  hand.connect();
  auto connection = 1U;
  for (const auto pause : {1'000, 2'000, 4'000, 5'000, 5'000}) {
    EXPECT_EQ(hand.lose(ConnectionId{connection}), (Said{ConnectError{root, "gone", "", true}}));
    EXPECT_EQ(hand.pass(Duration{pause - 1}), Said{});
    EXPECT_EQ(hand.pass(Duration{1}),
              (Said{ReconnectAttempt{connection}, OpenConnection{ConnectionId{connection + 1}}}));
    ++connection;
  }
}

TEST(ClientReconnect, BeginsWithAShortPauseAgainOnceItWasConnected) {
  Hand hand;
  hand.connect();
  hand.lose(first);
  hand.pass(Duration{1'000});
  hand.opened(second);
  hand.lose(second);
  EXPECT_EQ(hand.pass(Duration{1'000}).front(), Output(ReconnectAttempt{1}));
}

TEST(ClientReconnect, PausesMoreOrLessByChance) {
  Hand hand;
  hand.chance.byte = std::byte{0};
  hand.connect();
  hand.lose(first);
  EXPECT_EQ(hand.manager().wake_at(), hand.now() + Duration{500});
  hand.pass(Duration{500});
  hand.chance.byte = std::byte{0xff};
  hand.lose(second);
  EXPECT_EQ(hand.manager().wake_at(), hand.now() + Duration{2'992});
}

TEST(ClientReconnect, GivesUpAfterSoManyAttempts) {
  Hand hand{{.reconnection_attempts = 2}};
  hand.connect();
  EXPECT_EQ(hand.lose(ConnectionId{1}), (Said{ConnectError{root, "gone", "", true}}));
  hand.pass(Duration{1'000});
  EXPECT_EQ(hand.lose(ConnectionId{2}), (Said{ConnectError{root, "gone", "", true}}));
  hand.pass(Duration{2'000});
  EXPECT_EQ(hand.lose(ConnectionId{3}),
            (Said{ConnectError{root, "gone", "", false}, ReconnectFailed{}}));
  EXPECT_EQ(hand.pass(Duration{60'000}), Said{});
  EXPECT_EQ(hand.connect(), (Said{OpenConnection{ConnectionId{4}}}));
}

TEST(ClientReconnect, IsNotTriedIfItIsOff) {
  Hand hand{{.reconnection = false}};
  hand.begin();
  EXPECT_EQ(hand.lose(), (Said{Disconnected{root, transport_close, "gone"}}));
  EXPECT_EQ(hand.pass(Duration{60'000}), Said{});
  EXPECT_EQ(hand.connect(), (Said{OpenConnection{second}}));
}

TEST(ClientReconnect, GivesAConnectionSoMuchTimeToOpen) {
  Hand hand;
  hand.connect();
  EXPECT_EQ(hand.pass(Duration{19'999}), Said{});
  EXPECT_EQ(hand.pass(Duration{1}),
            (Said{CloseConnection{first}, ConnectError{root, "timeout", "", true}}));
  EXPECT_EQ(hand.opened(first), Said{});
  EXPECT_EQ(hand.pass(Duration{1'000}), (Said{ReconnectAttempt{1}, OpenConnection{second}}));
}

TEST(ClientReconnect, EndsWhenNoSocketIsLeftThatWantsIt) {
  Hand hand;
  hand.begin();
  hand.lose();
  EXPECT_EQ(hand.disconnect(), Said{});
  EXPECT_EQ(hand.pass(Duration{60'000}), Said{});
}

TEST(ClientReconnect, SaysItOfASocketThatWasStillConnectingAsAnError) {
  Hand hand;
  hand.connect();
  hand.opened();
  EXPECT_EQ(hand.lose(first, transport_error, ""),
            (Said{ConnectError{root, "transport error", "", true}}));
}

TEST(ClientReconnect, ForgetsHalfAPacket) {
  Hand hand;
  hand.begin();
  hand.hear(R"(51-["a"])");
  hand.lose();
  hand.pass(Duration{1'000});
  hand.opened(second);
  EXPECT_EQ(hand.hear(R"(0{"sid":"s2"})", second), (Said{Connected{root, "s2", false}}));
}

}  // namespace
}  // namespace parley::socketio::client
