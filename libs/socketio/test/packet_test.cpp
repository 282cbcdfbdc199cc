// The header of a Socket.IO 5 packet and its encoding, against the protocol's "Packet encoding" and
// what the Node parser tolerates. All texts are as on the wire, after Engine.IO's leading 4.

#include <parley/socketio/packet.hpp>

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

using enum PacketType;

void expect_violation(std::string_view wire, Violation violation) {
  const auto header = parse(wire);
  ASSERT_FALSE(header) << wire;
  EXPECT_EQ(header.error(), violation) << wire;
}

TEST(Packet, ReadsAConnectWithAndWithoutAuth) {
  EXPECT_EQ(parse("0"), (Header{.type = connect}));
  EXPECT_EQ(parse(R"(0{"token":"123"})"), (Header{.type = connect, .json = R"({"token":"123"})"}));
  EXPECT_EQ(parse(R"(0/custom,{"t":1})"),
            (Header{.type = connect, .name_space = "/custom", .json = R"({"t":1})"}));
}

TEST(Packet, ANamespaceEndsAtACommaOrAtTheEnd) {
  EXPECT_EQ(parse("0/custom"), (Header{.type = connect, .name_space = "/custom"}));
  EXPECT_EQ(parse("0/custom,"), (Header{.type = connect, .name_space = "/custom"}));
  EXPECT_EQ(parse("1/custom,"), (Header{.type = disconnect, .name_space = "/custom"}));
  EXPECT_EQ(parse("0/custom?x=1"), (Header{.type = connect, .name_space = "/custom?x=1"}));
}

TEST(Packet, ReadsEventsAndAcknowledgements) {
  EXPECT_EQ(parse(R"(20["ack",1])"),
            (Header{.type = event, .ack = AckId{0}, .json = R"(["ack",1])"}));
  EXPECT_EQ(parse("30[1]"), (Header{.type = ack, .ack = AckId{0}, .json = "[1]"}));
  EXPECT_EQ(parse("3/dyn-7,12[]"),
            (Header{.type = ack, .name_space = "/dyn-7", .ack = AckId{12}, .json = "[]"}));
}

TEST(Packet, ReadsBinaryEventsAndAcknowledgements) {
  EXPECT_EQ(parse(R"(51-["echo",{"_placeholder":true,"num":0}])"),
            (Header{.type = binary_event,
                    .attachments = 1,
                    .json = R"(["echo",{"_placeholder":true,"num":0}])"}));
  EXPECT_EQ(parse(R"(62-/custom,7[{"a":{"_placeholder":true,"num":0}}])"),
            (Header{.type = binary_ack,
                    .attachments = 2,
                    .name_space = "/custom",
                    .ack = AckId{7},
                    .json = R"([{"a":{"_placeholder":true,"num":0}}])"}));
}

TEST(Packet, ToleratesLeadingZeros) {
  EXPECT_EQ(parse(R"(2007["a"])")->ack, AckId{7});
  EXPECT_EQ(parse(R"(5001-["a"])")->attachments, 1u);
}

TEST(Packet, KnowsSevenTypes) {
  expect_violation("7", Violation::unknown_packet_type);
  expect_violation("abc", Violation::unknown_packet_type);
  expect_violation("/", Violation::unknown_packet_type);
  expect_violation("", Violation::empty_message);
}

TEST(Packet, RefusesIllegalAttachmentCounts) {
  expect_violation(R"(5["a"])", Violation::illegal_attachments);
  expect_violation(R"(5-["a"])", Violation::illegal_attachments);
  expect_violation(R"(50-["a"])", Violation::illegal_attachments);
  expect_violation(R"(51["a"])", Violation::illegal_attachments);
  expect_violation(R"(51.5-["a"])", Violation::illegal_attachments);
  expect_violation(R"(5-1-["a"])", Violation::illegal_attachments);
  expect_violation("51", Violation::illegal_attachments);
  expect_violation(R"(599999999999999999999-["a"])", Violation::illegal_attachments);
}

TEST(Packet, AnAckIdIsAnIntegerThatJavaScriptCanHold) {
  EXPECT_EQ(parse("39007199254740991[]")->ack, AckId{9007199254740991});
  expect_violation("39007199254740992[]", Violation::illegal_ack_id);
  expect_violation("3999999999999999999999999[]", Violation::illegal_ack_id);
}

TEST(Packet, WritesWhatItReads) {
  Arena arena;
  for (const std::string_view wire :
       {"0", R"(0{"sid":"WYiMKCabNUqh742-AAAA"})", R"(0/custom,{"sid":"IzGNkiDC7Ni8RlVgAAAC"})",
        "1", "1/custom,", R"(2["echo"])", R"(20["ack",1])", R"(2/rtc,["identify",true])", "30[1]",
        "3/dyn-7,12[]", R"(4/random,{"message":"Invalid namespace"})",
        R"(51-["echo",{"_placeholder":true,"num":0}])",
        R"(62-/custom,7[{"a":{"_placeholder":true,"num":0}},{"_placeholder":true,"num":1}])"}) {
    EXPECT_EQ(encode(*parse(wire), arena).view(), wire);
  }
}

TEST(Packet, EveryViolationHasItsWords) {
  for (int value = 0; value <= static_cast<int>(Violation::connect_timeout); ++value)
    EXPECT_FALSE(text(static_cast<Violation>(value)).empty());
}

}  // namespace
}  // namespace parley::socketio
