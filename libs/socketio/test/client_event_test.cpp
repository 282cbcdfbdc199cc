// Events of a client, against Socket.IO 5, "Sending and receiving data", and the official client's
// documentation: what is sent while offline, volatile events, bad packets.

#include "client_harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio::client {
namespace {

class ClientEvents : public ::testing::Test {
 protected:
  ClientEvents() { hand.begin(); }
  Hand hand;
};

const std::string one_placeholder = R"(["a",{"_placeholder":true,"num":0}])";

TEST_F(ClientEvents, GoOut) { EXPECT_EQ(hand.emit(R"(["a",1])"), (Said{sent(R"(2["a",1])")})); }

TEST_F(ClientEvents, GoOutWithTheirAttachmentsBehindThem) {
  EXPECT_EQ(hand.emit(one_placeholder, {"\x01"}),
            (Said{sent("51-" + one_placeholder), sent_binary("\x01")}));
}

TEST_F(ClientEvents, ComeIn) {
  EXPECT_EQ(hand.hear(R"(2["a",1])"), (Said{Received{root, "a", {R"(["a",1])"}, {}}}));
  EXPECT_EQ(hand.hear("51-" + one_placeholder), Said{});
  EXPECT_EQ(hand.hear_binary("\x01"), (Said{Received{root, "a", {one_placeholder, {"\x01"}}, {}}}));
  EXPECT_EQ(hand.hear(R"(2["disconnect"])"),
            (Said{Received{root, "disconnect", {R"(["disconnect"])"}, {}}}));
}

TEST_F(ClientEvents, OfUnknownNamespacesAreIgnored) {
  EXPECT_EQ(hand.hear(R"(2/other,["a"])"), Said{});
  EXPECT_EQ(hand.hear(R"(0/other,{"sid":"a"})"), Said{});
}

TEST_F(ClientEvents, CostTheConnectionIfTheyAreBad) {
  EXPECT_EQ(hand.hear("x"),
            (Said{CloseConnection{first},
                  Disconnected{root, DisconnectReason::parse_error, "unknown packet type"}}));
  EXPECT_EQ(hand.pass(Duration{1'000}), (Said{ReconnectAttempt{1}, OpenConnection{second}}));
}

TEST_F(ClientEvents, HaveTenAttachmentsAtMost) {
  hand.emit(R"(["a"])", std::vector<std::string>(10));
  EXPECT_EQ(hand.fault, std::nullopt);
  EXPECT_EQ(hand.emit(R"(["a"])", std::vector<std::string>(11)), Said{});
  EXPECT_EQ(hand.fault, EmitFault::too_many_attachments);
}

TEST_F(ClientEvents, OfReservedNamesAreNotSent) {
  for (const std::string name : {"connect", "connect_error", "disconnect", "disconnecting",
                                 "newListener", "removeListener"}) {
    const auto event = "[\"" + name + "\"]";
    EXPECT_EQ(hand.emit(event), Said{}) << name;
    EXPECT_EQ(hand.fault, EmitFault::reserved_event) << name;
    EXPECT_EQ(hand.manager().emit_volatile(root, {event}, Line::free).error(),
              EmitFault::reserved_event);
  }
  EXPECT_EQ(hand.emit(R"(["\u0063onnect"])"), Said{}) << "however it is spelt";
  EXPECT_EQ(hand.emit(R"(["connection"])"), (Said{sent(R"(2["connection"])")}));
}

TEST(ClientAttachments, AreLimitedInTheirBytes) {
  Hand hand{{.max_attachment_bytes = 3}};
  hand.begin();
  hand.hear(R"(51-["a"])");
  EXPECT_EQ(hand.hear_binary("1234").front(), Output(CloseConnection{first}));
}

TEST(ClientOffline, SendsInOrderOnceItIsConnected) {
  Hand hand;
  EXPECT_EQ(hand.emit(R"(["a"])"), Said{});
  hand.connect();
  EXPECT_EQ(hand.emit(one_placeholder, {"\x01"}), Said{});
  EXPECT_EQ(hand.opened(), (Said{sent("0")}));
  EXPECT_EQ(hand.hear(R"(0{"sid":"s1"})"),
            (Said{Connected{root, "s1", false}, sent(R"(2["a"])"), sent("51-" + one_placeholder),
                  sent_binary("\x01")}));
  EXPECT_EQ(hand.emit(R"(["b"])"), (Said{sent(R"(2["b"])")}));
}

TEST(ClientOffline, KeepsSoMuchAtMost) {
  Hand hand{{.send_buffer_max = 200}};
  hand.emit(R"(["a"])");
  EXPECT_EQ(hand.fault, std::nullopt);
  hand.emit('[' + std::string(200, ' ') + R"("a"])");
  EXPECT_EQ(hand.fault, EmitFault::buffer_full);
  hand.begin();
  hand.lose();
  hand.emit('[' + std::string(100, ' ') + R"("a"])");
  EXPECT_EQ(hand.fault, std::nullopt) << "what was sent counts no more";
}

TEST(ClientEarly, EventsAreKeptUntilTheConnect) {
  Hand hand;
  hand.connect();
  hand.opened();
  EXPECT_EQ(hand.hear(R"(2["a"])"), Said{});
  EXPECT_EQ(hand.hear(R"(27["b"])"), Said{});
  EXPECT_EQ(hand.hear(R"(0{"sid":"s1"})"),
            (Said{Connected{root, "s1", false}, Received{root, "a", {R"(["a"])"}, {}},
                  Received{root, "b", {R"(["b"])"}, AckTicket{first, AckId{7}}}}));
}

TEST(ClientEarly, EventsMayBeSoManyAtMost) {
  Hand hand{{.early_events_max = 500}};
  hand.connect();
  hand.opened();
  Said said;
  for (int n = 0; n < 20 && said.empty(); ++n) said = hand.hear(R"(2["a"])");
  EXPECT_EQ(said, (Said{CloseConnection{first},
                        ConnectError{root, "too many events before the connect", "", true}}));
}

TEST_F(ClientEvents, GetLostIfTheyAreVolatileAndTheLineIsBusy) {
  EXPECT_TRUE(hand.manager().emit_volatile(root, {R"(["a"])"}, Line::busy));
  EXPECT_EQ(hand.drain(), Said{});
  EXPECT_TRUE(hand.manager().emit_volatile(root, {R"(["a"])"}, Line::free));
  EXPECT_EQ(hand.drain(), (Said{sent(R"(2["a"])")}));
}

TEST(ClientOffline, LosesVolatileEvents) {
  Hand hand;
  EXPECT_TRUE(hand.manager().emit_volatile(root, {R"(["a"])"}, Line::free));
  hand.begin();
  EXPECT_EQ(hand.drain(), Said{});
}

}  // namespace
}  // namespace parley::socketio::client
