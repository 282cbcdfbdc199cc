// A packet as a WebSocket message, against Engine.IO 4, "Packet encoding", and what revision 3 does
// otherwise (Engine.IO 3, "Encoding").

#include <parley/engineio/packet.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley::engineio {
namespace {

const Packet hello{.data = "hello"};
const Packet bytes{.kind = MessageKind::binary, .data = "\x01\x02\x03\x04"};

Arena& arena() {
  static Arena arena;
  return arena;
}

std::string frame(PacketType type, MessageKind kind, std::string_view data) {
  return std::string{encode_frame(type, kind, Payload{arena(), data}).view()};
}

std::string encode(Dialect dialect, const Packet& packet) {
  const auto frame =
      encode_frame(dialect, packet.type, packet.kind, Payload{arena(), packet.data}, arena());
  return (frame.kind == MessageKind::text ? "text " : "binary ") +
         std::string{frame.payload.view()};
}

auto decode(MessageKind kind, std::string_view payload, Revision revision = Revision::v4) {
  return decode_frame(kind, payload, arena(), revision);
}

TEST(EngineioPacket, IsATextFrameWithItsTypeInFront) {
  EXPECT_EQ(frame(PacketType::message, MessageKind::text, "hello"), "4hello");
  EXPECT_EQ(frame(PacketType::ping, MessageKind::text, ""), "2");
  EXPECT_EQ(decode(MessageKind::text, "4hello"), hello);
  EXPECT_EQ(decode(MessageKind::text, "3"), (Packet{.type = PacketType::pong}));
}

TEST(EngineioPacket, IsABinaryFrameOfTheBareBytes) {
  EXPECT_EQ(frame(PacketType::message, MessageKind::binary, "\x01\x02"), "\x01\x02");
  EXPECT_EQ(decode(MessageKind::binary, "\x01\x02\x03\x04"), bytes);
  EXPECT_EQ(decode(MessageKind::binary, ""), (Packet{.kind = MessageKind::binary}));
}

TEST(EngineioPacket, MayBeBase64InATextFrame) {
  EXPECT_EQ(decode(MessageKind::text, "bAQIDBA=="), bytes);
}

TEST(EngineioPacket, IsNothingWithoutAKnownType) {
  EXPECT_EQ(decode(MessageKind::text, "").error(), PacketFault::empty);
  for (const auto* text : {"7", "x4", "-", " 4", "B"})
    EXPECT_EQ(decode(MessageKind::text, text).error(), PacketFault::unknown_type) << text;
}

TEST(EngineioPacket, OfRevision3HasItsTypeInFrontOfBytes) {
  EXPECT_EQ(encode({Revision::v3}, hello), "text 4hello");
  EXPECT_EQ(encode({Revision::v3}, bytes), "binary \x04\x01\x02\x03\x04");
  EXPECT_EQ(decode(MessageKind::binary, "\x04\x01\x02\x03\x04", Revision::v3), bytes);
  EXPECT_EQ(decode(MessageKind::text, "4hello", Revision::v3), hello);
}

TEST(EngineioPacket, OfRevision3HasItsTypeInFrontOfBase64) {
  EXPECT_EQ(encode({Revision::v3, Dialect::Bytes::base64}, bytes), "text b4AQIDBA==");
  EXPECT_EQ(decode(MessageKind::text, "b4AQIDBA==", Revision::v3), bytes);
}

TEST(EngineioPacket, IsBase64InATextFrameForAClientThatAsksForIt) {
  EXPECT_EQ(encode({Revision::v4, Dialect::Bytes::base64}, bytes), "text bAQIDBA==");
  EXPECT_EQ(encode({Revision::v4, Dialect::Bytes::base64}, hello), "text 4hello");
}

TEST(EngineioPacket, OfRevision3IsNothingWithoutAMessagesType) {
  EXPECT_EQ(decode(MessageKind::binary, "", Revision::v3).error(), PacketFault::empty);
  EXPECT_EQ(decode(MessageKind::binary, "\x03", Revision::v3).error(), PacketFault::unknown_type);
  for (const auto* text : {"b", "bAQID", "b2AQID"})
    EXPECT_EQ(decode(MessageKind::text, text, Revision::v3).error(), PacketFault::unknown_type);
}

TEST(EngineioPacket, InItsOwnDialectLeavesTheRoomBeforeAMessageAlone) {
  Payload shared{arena(), "\x01\x02"};
  encode_frame({Revision::v3}, PacketType::message, MessageKind::binary, shared, arena());
  EXPECT_EQ(shared.preceded_by("").view(), "\x01\x02");
  EXPECT_NE(*(shared.view().data() - 1), '\x04');
}

}  // namespace
}  // namespace parley::engineio
