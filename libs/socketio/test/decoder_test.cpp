// From the messages of one connection to packets: payload rules, attachments and limits, against
// Socket.IO 5's packet table and the Node parser (socket.io-parser 4.2.7).

#include <parley/socketio/decoder.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace parley::socketio {
namespace {

using enum PacketType;

constexpr DecoderLimits limits;
const std::string one_placeholder = R"(["echo",{"_placeholder":true,"num":0}])";

Result<std::optional<Packet>, Violation> decode(std::string_view text) {
  Decoder decoder;
  return decoder.receive(MessageKind::text, text, limits);
}

void expect_violations(Violation violation, const std::vector<std::string_view>& texts) {
  for (const auto wire : texts) {
    const auto packet = decode(wire);
    ASSERT_FALSE(packet) << wire;
    EXPECT_EQ(packet.error(), violation) << wire;
  }
}

TEST(Decoder, AnEventHasANameAndKeepsItsTextAsItCame) {
  EXPECT_EQ(
      **decode(R"(2/rtc,7[ "signal" , {"b":1,"a":1e20} ])"),
      (Packet{event, "/rtc", AckId{7}, "signal", {R"([ "signal" , {"b":1,"a":1e20} ])", {}}}));
}

TEST(Decoder, ANameIsUnescapedAndMayBeANumber) {
  EXPECT_EQ((*decode(R"(2["\u0073ignal"])"))->event, "signal");
  EXPECT_EQ((*decode("2[17,1]"))->event, "17");
  EXPECT_EQ((*decode(R"(2["error"])"))->event, "error");
}

TEST(Decoder, TakesWhatEachTypeMayCarry) {
  EXPECT_EQ(**decode("0"), (Packet{connect, "/", {}, {}, {"", {}}}));
  EXPECT_EQ(**decode(R"(07{"a":1})"), (Packet{connect, "/", AckId{7}, {}, {R"({"a":1})", {}}}));
  EXPECT_EQ(**decode("1/custom,"), (Packet{disconnect, "/custom", {}, {}, {"", {}}}));
  EXPECT_EQ(**decode("312[]"), (Packet{ack, "/", AckId{12}, {}, {"[]", {}}}));
}

TEST(Decoder, RefusesWhatATypeMayNotCarry) {
  expect_violations(Violation::illegal_payload,
                    {"0[]", R"(0"a")", "0null", "0 1", R"(1{"a":1})", "1[]", "2", R"(2{"a":1})",
                     "2[]", "2[null]", "2[true]", "2[{}]", R"(2[["a"]])", R"(2"a")", "3", "3{}",
                     "30", R"(51-{"a":1})", R"(2/custom["a"])"});
}

TEST(Decoder, RefusesReservedNamesHoweverTheyAreWritten) {
  expect_violations(Violation::reserved_event,
                    {R"(2["connect"])", R"(2["connect_error"])", R"(2["disconnect"])",
                     R"(2["disconnecting"])", R"(2["newListener"])", R"(2["removeListener"])",
                     R"(2["\u0063onnect"])", R"(51-["connect"])"});
}

TEST(Decoder, RefusesAConnectErrorFromAClient) {
  expect_violations(Violation::server_packet, {R"(4{"message":"a"})", "4", R"(4"a")"});
}

TEST(Decoder, TakesFromAServerWhyAConnectWasRefused) {
  constexpr DecoderLimits from_server{.sender = Sender::server};
  Decoder decoder;
  EXPECT_EQ(**decoder.receive(MessageKind::text, R"(4/rtc,{"message":"a"})", from_server),
            (Packet{connect_error, "/rtc", {}, {}, {R"({"message":"a"})", {}}}));
  EXPECT_EQ(**decoder.receive(MessageKind::text, R"(4"a")", from_server),
            (Packet{connect_error, "/", {}, {}, {R"("a")", {}}}));
  for (const auto* wire : {"4", "4[]", "41", "4null"})
    EXPECT_EQ(decoder.receive(MessageKind::text, wire, from_server).error(),
              Violation::illegal_payload)
        << wire;
}

TEST(Decoder, TakesEventsOfAnyNameFromAServer) {
  constexpr DecoderLimits from_server{.sender = Sender::server};
  Decoder decoder;
  EXPECT_EQ((**decoder.receive(MessageKind::text, R"(2["disconnect"])", from_server)).event,
            "disconnect");
}

TEST(Decoder, RefusesBadJsonAndTrailingGarbage) {
  expect_violations(Violation::illegal_json, {R"(2["a")", R"(2["a"]])", R"(2["a"] x)", "2{", "0{",
                                              R"(2["a"]1)", R"(2 7["a"])"});
}

TEST(Decoder, RefusesTextThatIsNotUtf8) {
  expect_violations(Violation::not_utf8, {"2[\"\xff\"]", "0/\xc3", "2[\"\xed\xa0\x80\"]"});
}

TEST(Decoder, CollectsAttachmentsInOrder) {
  Decoder decoder;
  const std::string_view text =
      R"(52-/custom,7["ack",{"a":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}])";
  const Arguments arguments{
      R"(["ack",{"a":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}])", {"\xaa", ""}};
  EXPECT_EQ(*decoder.receive(MessageKind::text, text, limits), std::nullopt);
  EXPECT_EQ(*decoder.receive(MessageKind::binary, "\xaa", limits), std::nullopt);
  EXPECT_EQ(**decoder.receive(MessageKind::binary, "", limits),
            (Packet{binary_event, "/custom", AckId{7}, "ack", arguments}));
  EXPECT_EQ((*decoder.receive(MessageKind::text, R"(2["next"])", limits))->event, "next");
}

TEST(Decoder, ToleratesAttachmentsThatAreNeverNamedOrNamedTwice) {
  EXPECT_TRUE(decode(R"(52-["a"])"));
  EXPECT_TRUE(
      decode(R"(51-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0,"x":1}])"));
}

TEST(Decoder, APlaceholderInATextEventIsJustAnObject) {
  EXPECT_TRUE(decode(R"(2["a",{"_placeholder":true,"num":5}])"));
}

TEST(Decoder, RefusesPlaceholdersOutsideTheList) {
  expect_violations(
      Violation::illegal_attachments,
      {R"(51-["a",{"_placeholder":true,"num":1}])",
       R"(51-["a",{"_placeholder":true,"num":"splice"}])", R"(61-[{"_placeholder":true}])"});
}

TEST(Decoder, RefusesMoreThanTenAttachments) {
  EXPECT_TRUE(decode(R"(510-["a"])"));
  expect_violations(Violation::too_many_attachments, {R"(511-["a"])", R"(5011-["a"])"});
}

TEST(Decoder, LimitsTheBytesOfAllAttachmentsOfAPacket) {
  Decoder decoder;
  constexpr DecoderLimits ten_bytes{.max_attachment_bytes = 10};
  EXPECT_TRUE(decoder.receive(MessageKind::text, R"(52-["a"])", ten_bytes));
  EXPECT_TRUE(decoder.receive(MessageKind::binary, "12345", ten_bytes));
  EXPECT_EQ(decoder.receive(MessageKind::binary, "123456", ten_bytes).error(),
            Violation::attachments_too_large);
}

TEST(Decoder, RefusesTextWhileAttachmentsAreMissing) {
  Decoder decoder;
  EXPECT_TRUE(decoder.receive(MessageKind::text, "51-" + one_placeholder, limits));
  EXPECT_EQ(decoder.receive(MessageKind::text, R"(2["a"])", limits).error(),
            Violation::text_instead_of_attachment);
}

TEST(Decoder, RefusesABinaryMessageThatNothingAnnounced) {
  Decoder decoder;
  EXPECT_EQ(decoder.receive(MessageKind::binary, "a", limits).error(),
            Violation::unexpected_attachment);
}

}  // namespace
}  // namespace parley::socketio
