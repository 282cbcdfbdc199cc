// Packets as MessagePack, against bytes that socket.io-msgpack-parser 3.0.2 (notepack.io 2.2.0)
// wrote in Node for the packets named beside them, and against msgpack/spec.md for formats that it
// does not write.

#include <parley/socketio/msgpack.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

namespace parley::socketio {
namespace {

std::string bytes(std::string_view hex) {
  std::string result;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
    result += static_cast<char>(std::stoi(std::string{hex.substr(at, 2)}, nullptr, 16));
  return result;
}

// What a packet shows lies in its message, which lives as long as the tests.
Result<Packet, Violation> decode(std::string_view hex, DecoderLimits limits = {}) {
  static std::deque<std::string> messages;
  return decode_msgpack(MessageKind::binary, messages.emplace_back(bytes(hex)), limits);
}

// An event of the one value `hex`, beside its name.
std::string event_of(std::string_view hex) {
  return "83a47479706502a36e7370a12fa46461746192a161" + std::string{hex};
}

// What that value is as JSON, or the violation's words.
std::string json_of(std::string_view hex) {
  const auto packet = decode(event_of(hex));
  if (!packet) return std::string{text(packet.error())};
  return std::string{packet->arguments.json.substr(5, packet->arguments.json.size() - 6)};
}

constexpr auto illegal = "illegal MessagePack";

TEST(Msgpack, ReadsEveryTypeOfPacket) {
  EXPECT_EQ(decode("83a47479706500a46461746181a16101a36e7370a12f"),
            (Packet{PacketType::connect, "/", {}, "", {R"({"a":1})", {}}}));
  EXPECT_EQ(decode("82a47479706501a36e7370a72f637573746f6d"),
            (Packet{PacketType::disconnect, "/custom", {}, "", {"", {}}}));
  EXPECT_EQ(decode("83a47479706503a4646174619101a2696400a36e7370a12f").error(),
            Violation::illegal_msgpack);  // cut: four fields, three announced
  EXPECT_EQ(decode("84a47479706503a4646174619101a2696400a36e7370a12f"),
            (Packet{PacketType::ack, "/", AckId{0}, "", {"[1]", {}}}));
  EXPECT_EQ(decode("83a47479706504a46461746181a76d657373616765a26e6fa36e7370a12f",
                   {.sender = Sender::server}),
            (Packet{PacketType::connect_error, "/", {}, "", {R"({"message":"no"})", {}}}));
}

// {type: 2, data: ["types", null, undefined, new Date(0), true, false, "é 😀", 0, -1, -33, -129,
// -32769, -2147483649, 127, 128, 256, 65536, 4294967296, 0.5, {b: 1, u: undefined}],
// options: {compress: true, x: [[1], {y: 2}]}, id: 7, nsp: "/"}
constexpr std::string_view types =
    "85a47479706502a464617461dc0014a57479706573c0d40000d7000000000000000000c3c2a7c3a920f09f988000ff"
    "d0dfd1ff7fd2ffff7fffd3ffffffff7fffffff7fcc80cd0100ce00010000cf0000000100000000cb3fe00000000000"
    "0082a16201a175d40000a76f7074696f6e7382a8636f6d7072657373c3a17892910181a17902a2696407a36e7370a1"
    "2f";

TEST(Msgpack, ValuesAreWhatJsonMakesOfThem) {
  EXPECT_EQ(decode(types),
            (Packet{PacketType::event,
                    "/",
                    AckId{7},
                    "types",
                    {R"(["types",null,null,"1970-01-01T00:00:00.000Z",true,false,"é 😀",0,-1,-33,)"
                     R"(-129,-32769,-2147483649,127,128,256,65536,4294967296,0.5,{"b":1}])",
                     {}}}));
}

TEST(Msgpack, DatesAreTheirIsoText) {
  EXPECT_EQ(json_of("d700ffffffffffffffff"), R"("1969-12-31T23:59:59.999Z")");
  EXPECT_EQ(json_of("d70000"
                    "0001a202823bb3"),
            R"("2026-11-22T09:06:59.123Z")");
  EXPECT_EQ(json_of("d700001eb208c2dc0000"), R"("+275760-09-13T00:00:00.000Z")");
  EXPECT_EQ(json_of("d700ffffc76e394a7400"), R"("-000001-01-01T00:00:00.000Z")");
  EXPECT_EQ(json_of("d700001eb208c2dc0001"), "null");  // beyond what a Date can be
  EXPECT_EQ(json_of("d7007fffffffffffffff"), "null");
}

// {type: 2, data: ["b", Buffer [1, 2], {a: Uint8Array [3, 4, 5]}, ArrayBuffer of 8, Buffer []]}
constexpr std::string_view binary =
    "83a47479706502a46461746195a162c402010281a161c70300030405c708000000000000000000c400a36e7370a12"
    "f";

TEST(Msgpack, BinaryValuesBecomeAttachments) {
  const Arguments arguments{
      R"(["b",{"_placeholder":true,"num":0},{"a":{"_placeholder":true,"num":1}},)"
      R"({"_placeholder":true,"num":2},{"_placeholder":true,"num":3}])",
      {bytes("0102"), bytes("030405"), std::string(8, '\0'), ""}};
  EXPECT_EQ(decode(binary), (Packet{PacketType::binary_event, "/", {}, "b", arguments}));
}

TEST(Msgpack, TakesFormatsThatTheFieldsClientsDoNotWrite) {
  EXPECT_EQ(json_of("ca3f000000"), "0.5");
  EXPECT_EQ(json_of("cb7ff8000000000000"), "null");  // NaN
  EXPECT_EQ(json_of("cfffffffffffffffff"), "18446744073709551615");
  EXPECT_EQ(json_of("d37fffffffffffffff"), "9223372036854775807");
  EXPECT_EQ(json_of("d9026869"), R"("hi")");
  EXPECT_EQ(json_of("da00026869"), R"("hi")");
  EXPECT_EQ(json_of("db000000026869"), R"("hi")");
  EXPECT_EQ(json_of("dc00020102"), "[1,2]");
  EXPECT_EQ(json_of("dd000000020102"), "[1,2]");
  EXPECT_EQ(json_of("de0001a16101"), R"({"a":1})");
  EXPECT_EQ(json_of("df00000001a16101"), R"({"a":1})");
  EXPECT_EQ(json_of("81"
                    "05"
                    "01"),
            R"({"5":1})");
  EXPECT_EQ(json_of("d6ff00000001"), R"([-1,{"_placeholder":true,"num":0}])");
}

TEST(Msgpack, TextThatIsNotUtf8IsRepairedAsNodeDoes) { EXPECT_EQ(json_of("a1ff"), "\"\ufffd\""); }

TEST(Msgpack, RefusesWhatIsNotWhole) {
  const auto whole = bytes(types);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(decode_msgpack(MessageKind::binary, whole.substr(0, size), {}).error(),
              Violation::illegal_msgpack);
  }
  EXPECT_EQ(decode(std::string{types} + "00").error(), Violation::illegal_msgpack);
}

TEST(Msgpack, RefusesWhatIsNoValue) {
  for (const auto* hex : {"c1", "c6ffffffff", "dbffffffff", "ddffffffff", "dfffffffff",
                          "c9ffffffff", "81c001", "81ff01", "819001", "81"})
    EXPECT_EQ(json_of(hex), illegal) << hex;
}

TEST(Msgpack, RefusesWhatIsNoPacket) {
  EXPECT_EQ(decode("90").error(), Violation::illegal_msgpack);
  EXPECT_EQ(decode("80").error(), Violation::unknown_packet_type);
  EXPECT_EQ(decode("82a47479706505a36e7370a12f").error(), Violation::unknown_packet_type);
  EXPECT_EQ(decode("82a474797065a130a36e7370a12f").error(), Violation::illegal_msgpack);
  EXPECT_EQ(decode("81a47479706500").error(), Violation::illegal_msgpack);  // no namespace
  EXPECT_EQ(decode("82a47479706500a36e737001").error(), Violation::illegal_msgpack);
  EXPECT_EQ(decode("82a47479706500a36e7370a1ff").error(), Violation::not_utf8);
  EXPECT_EQ(decode("84a47479706503a46461746190a36e7370a12fa26964ff").error(),
            Violation::illegal_msgpack);  // id: -1
  EXPECT_EQ(decode("84a47479706503a46461746190a36e7370a12fa26964cf0020000000000000").error(),
            Violation::illegal_ack_id);
  EXPECT_EQ(decode_msgpack(MessageKind::text, "2[\"a\"]", {}).error(), Violation::illegal_msgpack);
}

TEST(Msgpack, HoldsPacketsToTheSameRulesAsTheUsualParser) {
  EXPECT_EQ(decode("82a47479706502a36e7370a12f").error(), Violation::illegal_payload);
  EXPECT_EQ(decode("83a47479706500a464617461c0a36e7370a12f").error(), Violation::illegal_payload);
  EXPECT_EQ(decode("83a47479706502a46461746191c3a36e7370a12f").error(), Violation::illegal_payload);
  EXPECT_EQ(decode("83a47479706504a464617461a16ea36e7370a12f").error(), Violation::server_packet);
  EXPECT_EQ(decode("83a47479706502a46461746191aa646973636f6e6e656374a36e7370a12f").error(),
            Violation::reserved_event);
}

TEST(Msgpack, NestingIsLimited) {
  std::string deep;
  for (int level = 0; level < 510; ++level) deep += "91";
  EXPECT_EQ(json_of(deep + "01"), std::string(510, '[') + "1" + std::string(510, ']'));
  for (int level = 0; level < 5000; ++level) deep += "91";
  EXPECT_EQ(json_of(deep + "01"), illegal);
}

TEST(Msgpack, NestingThatNobodyReadsCostsNothing) {
  std::string deep;
  for (int level = 0; level < 5000; ++level) deep += "91";
  EXPECT_TRUE(
      decode("84a47479706501a36e7370a12fa46461746"
             "1d40000a76f7074696f6e73" +
             deep + "01"));
}

TEST(Msgpack, AttachmentsAreLimited) {
  EXPECT_TRUE(decode(binary, {.max_attachments = 4, .max_attachment_bytes = 13}));
  EXPECT_EQ(decode(binary, {.max_attachments = 3}).error(), Violation::too_many_attachments);
  EXPECT_EQ(decode(binary, {.max_attachment_bytes = 12}).error(), Violation::attachments_too_large);
}

// Else a few bytes would be as many attachments as they name: {"_placeholder": true, "num": 0}.
TEST(Msgpack, AnObjectIsNoPlaceForAnAttachment) {
  const std::string object = "82ac5f706c616365686f6c646572c3a36e756d00";
  EXPECT_EQ(json_of(object), R"({"_placeholder":true,"num":0})");
  EXPECT_EQ(decode(event_of("92" + object + "c40101")).error(), Violation::illegal_attachments);
}

TEST(Msgpack, WritesWhatTheFieldsParserWrites) {
  EXPECT_EQ(encode_msgpack({.type = PacketType::connect, .json = R"({"a":1})"}, {}),
            bytes("83a47479706500a46461746181a16101a36e7370a12f"));
  EXPECT_EQ(encode_msgpack({.type = PacketType::disconnect, .name_space = "/custom"}, {}),
            bytes("82a47479706501a36e7370a72f637573746f6d"));
  EXPECT_EQ(encode_msgpack({.type = PacketType::ack, .ack = AckId{0}, .json = "[1]"}, {}),
            bytes("84a47479706503a4646174619101a2696400a36e7370a12f"));
}

TEST(Msgpack, WritesEveryKindOfValue) {
  EXPECT_EQ(
      encode_msgpack(
          {.type = PacketType::event,
           .json = R"([ "types" ,null,true,false,"\u00e9 😀",0,-1,-33,-129,-32769,-2147483649,)"
                   R"(127,128,256,65536,4294967296,0.5,{ "b" : 1 , "c":{}},[],1e3,1e300])"},
          {}),
      bytes("83a47479706502a464617461dc0015a57479706573c0c3c2a7c3a920f09f988000ffd0dfd1ff7fd2"
            "ffff7fffd3ffffffff7fffffff7fcc80cd0100ce00010000cf0000000100000000cb3fe000000000"
            "000082a16201a163"
            "8090cd03e8cb7e37e43c8800759ca36e7370a12f"));
}

TEST(Msgpack, WritesLongValuesInTheShortestFormat) {
  const auto json = R"(["x",")" + std::string(300, 'y') + R"(",")" + std::string(40, 'z') + R"("])";
  EXPECT_EQ(encode_msgpack({.type = PacketType::event, .json = json}, {}),
            bytes("83a47479706502a46461746193a178da012c") + std::string(300, 'y') + bytes("d928") +
                std::string(40, 'z') + bytes("a36e7370a12f"));
  std::string numbers = "[0";
  for (int i = 0; i < 16; ++i) numbers += ",0";
  EXPECT_EQ(encode_msgpack({.type = PacketType::ack, .ack = AckId{1}, .json = numbers + "]"}, {}),
            bytes("84a47479706503a464617461dc0011") + std::string(17, '\0') +
                bytes("a2696401a36e7370a12f"));
}

TEST(Msgpack, PutsAttachmentsInTheirPlaces) {
  const std::vector<std::string> attachments{bytes("0102"), ""};
  EXPECT_EQ(
      encode_msgpack({.type = PacketType::binary_event,
                      .attachments = 2,
                      .json = R"(["b",{"num":1,"_placeholder":true},{"_placeholder":true,"num":0},)"
                              R"({"_placeholder":true,"num":2}])"},
                     attachments),
      bytes("83a47479706502a46461746194a162c400c402010282ac5f706c616365686f6c646572c3a36e756d"
            "02a36e7370a12f"));
}

TEST(Msgpack, APlaceholderWithoutAttachmentsIsAnObject) {
  EXPECT_EQ(
      encode_msgpack({.type = PacketType::event, .json = R"([{"_placeholder":true,"num":0}])"}, {}),
      bytes("83a47479706502a4646174619182ac5f706c616365686f6c646572c3a36e756d00a36e7370a12f"));
}

}  // namespace
}  // namespace parley::socketio
