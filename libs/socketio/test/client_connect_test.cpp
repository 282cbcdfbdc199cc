// A client connects to namespaces and leaves them, against Socket.IO 5, "Connection to a namespace"
// and "Disconnection from a namespace", and the reasons of the official client's documentation.

#include "client_harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio::client {
namespace {

using enum DisconnectReason;

TEST(ClientConnect, AsksForItsNamespaceOnceTheConnectionIsThere) {
  Hand hand;
  EXPECT_EQ(hand.connect(), (Said{OpenConnection{first}}));
  EXPECT_EQ(hand.connect(), Said{});
  EXPECT_EQ(hand.opened(), (Said{sent("0")}));
  EXPECT_EQ(hand.connect(), Said{});
  EXPECT_EQ(hand.hear(R"(0{"sid":"s1"})"), (Said{Connected{root, "s1", false}}));
  EXPECT_EQ(hand.manager().state(root).sid(), "s1");
}

TEST(ClientConnect, ShowsWhatItWasGiven) {
  Hand hand;
  const auto chat = hand.socket("/chat");
  hand.manager().show(chat, R"({"token":"a"})");
  hand.connect(chat);
  EXPECT_EQ(hand.opened(), (Said{sent(R"(0/chat,{"token":"a"})")}));
}

TEST(ClientConnect, SharesOneConnectionBetweenNamespaces) {
  Hand hand;
  const auto chat = hand.socket("/chat");
  hand.connect();
  EXPECT_EQ(hand.connect(chat), Said{});
  EXPECT_EQ(hand.opened(), (Said{sent("0"), sent("0/chat,")}));
  EXPECT_EQ(hand.hear(R"(0/chat,{"sid":"c"})"), (Said{Connected{chat, "c", false}}));
  EXPECT_EQ(hand.hear(R"(0{"sid":"s"})"), (Said{Connected{root, "s", false}}));
  const auto news = hand.socket("/news");
  EXPECT_EQ(hand.connect(news), (Said{sent("0/news,")}));
  EXPECT_EQ(hand.socket("/chat"), chat);
}

TEST(ClientConnect, IsRefusedWithTheServersReasonsAndDoesNotInsist) {
  Hand hand;
  hand.connect();
  hand.opened();
  EXPECT_EQ(hand.hear(R"(4{"message":"not authorized","data":{"code":42}})"),
            (Said{ConnectError{root, "not authorized", R"({"code":42})", false},
                  CloseConnection{first}}));
  EXPECT_EQ(hand.pass(Duration{60'000}), Said{});
  EXPECT_EQ(hand.connect(), (Said{OpenConnection{second}}));
}

TEST(ClientConnect, TakesARefusalThatIsAString) {
  Hand hand;
  hand.connect();
  hand.opened();
  EXPECT_EQ(hand.hear(R"(4"query \"denied\"")").front(),
            Output(ConnectError{root, R"(query "denied")", "", false}));
}

TEST(ClientConnect, KeepsARefusalThatIsBeyondItsNumbers) {
  Hand hand;
  hand.connect();
  hand.opened();
  EXPECT_EQ(
      hand.hear(R"(4{"message":"a","data":100000000000000000000000})").front(),
      Output(ConnectError{root, "", R"({"message":"a","data":100000000000000000000000})", false}));
}

TEST(ClientConnect, LeavesTheOthersConnectedWhenOneIsRefused) {
  Hand hand;
  hand.begin();
  const auto chat = hand.socket("/chat");
  hand.connect(chat);
  EXPECT_EQ(hand.hear(R"(4/chat,{"message":"Invalid namespace"})"),
            (Said{ConnectError{chat, "Invalid namespace", "", false}}));
  EXPECT_TRUE(hand.manager().state(root).is_connected());
}

TEST(ClientConnect, SaysSoWhenTheServerSpeaksAnOlderProtocol) {
  for (const auto* reply : {"0", "0{}", R"(0{"sid":1})", R"(0{"sid":""})"}) {
    Hand hand;
    hand.connect();
    hand.opened();
    EXPECT_EQ(
        hand.hear(reply),
        (Said{ConnectError{root, "the server speaks another protocol than Socket.IO 5", "", false},
              CloseConnection{first}}))
        << reply;
  }
}

TEST(ClientDisconnect, SaysGoodbyeAndClosesTheConnectionAfterTheLastNamespace) {
  Hand hand;
  hand.begin();
  const auto chat = hand.socket("/chat");
  hand.connect(chat);
  hand.hear(R"(0/chat,{"sid":"c"})");
  EXPECT_EQ(hand.disconnect(), (Said{sent("1"), Disconnected{root, io_client_disconnect, ""}}));
  EXPECT_EQ(hand.disconnect(chat),
            (Said{sent("1/chat,"), Disconnected{chat, io_client_disconnect, ""},
                  CloseConnection{first}}));
  EXPECT_EQ(hand.pass(Duration{60'000}), Said{});
  EXPECT_EQ(hand.disconnect(), Said{});
}

TEST(ClientDisconnect, IsSilentBeforeItIsConnected) {
  Hand hand;
  hand.connect();
  EXPECT_EQ(hand.disconnect(), (Said{CloseConnection{first}}));
  EXPECT_EQ(hand.opened(), Said{});
}

TEST(ClientDisconnect, LeavesANamespaceThatAnswersTooLate) {
  Hand hand;
  hand.begin();
  const auto chat = hand.socket("/chat");
  hand.connect(chat);
  EXPECT_EQ(hand.disconnect(chat), Said{});
  EXPECT_EQ(hand.hear(R"(2/chat,["early"])"), Said{});
  EXPECT_EQ(hand.hear(R"(0/chat,{"sid":"c"})"), (Said{sent("1/chat,")}));
}

TEST(ClientDisconnect, DoesNotAskTwiceForANamespaceThatItWantsAgain) {
  Hand hand;
  hand.begin();
  const auto chat = hand.socket("/chat");
  hand.connect(chat);
  hand.disconnect(chat);
  EXPECT_EQ(hand.connect(chat), Said{});
  EXPECT_EQ(hand.hear(R"(0/chat,{"sid":"c"})"), (Said{Connected{chat, "c", false}}));
}

TEST(ClientDisconnect, IsFinalWhenTheServerDoesIt) {
  Hand hand;
  hand.begin();
  EXPECT_EQ(hand.hear("1"),
            (Said{Disconnected{root, io_server_disconnect, ""}, CloseConnection{first}}));
  EXPECT_EQ(hand.pass(Duration{60'000}), Said{});
  EXPECT_EQ(hand.connect(), (Said{OpenConnection{second}}));
}

TEST(ClientDisconnect, ComesBackToANamespaceThatTheServerLeft) {
  Hand hand;
  hand.begin();
  const auto chat = hand.socket("/chat");
  hand.connect(chat);
  hand.hear(R"(0/chat,{"sid":"c"})");
  EXPECT_EQ(hand.hear("1/chat"), (Said{Disconnected{chat, io_server_disconnect, ""}}));
  EXPECT_EQ(hand.hear(R"(2/chat,["late"])"), Said{});
  EXPECT_EQ(hand.connect(chat), (Said{sent("0/chat,")}));
}

TEST(ClientDisconnect, IgnoresWhatAConnectionSaysThatItHasClosed) {
  Hand hand;
  hand.begin();
  hand.disconnect();
  hand.connect();
  EXPECT_EQ(hand.hear(R"(2["a"])"), Said{});
  EXPECT_EQ(hand.lose(first), Said{});
  EXPECT_EQ(hand.opened(first), Said{});
  EXPECT_EQ(hand.opened(second), (Said{sent("0", second)}));
}

}  // namespace
}  // namespace parley::socketio::client
