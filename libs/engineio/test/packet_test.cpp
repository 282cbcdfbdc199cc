// Packets on the wire, against Engine.IO 4, "Packet encoding": on a WebSocket, and joined by 0x1e
// in the body of an HTTP message.

#include <parley/engineio/packet.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

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

auto decode(MessageKind kind, std::string_view payload) {
  return decode_frame(kind, payload, arena());
}

struct Read {
  std::vector<Packet> packets;
  std::optional<PacketFault> fault;
  bool operator==(const Read&) const = default;
};

Read read(std::string_view body) {
  PayloadReader reader{body, arena()};
  Read read;
  while (auto packet = reader.next()) {
    if (*packet)
      read.packets.push_back(**std::move(packet));
    else
      read.fault = packet->error();
  }
  return read;
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

TEST(EngineioPayload, JoinsTextAndBase64) {
  EXPECT_EQ(encode_payload(std::vector{hello, bytes}),
            "4hello\x1e"
            "bAQIDBA==");
  EXPECT_EQ(read("4hello\x1e"
                 "bAQIDBA=="),
            (Read{{hello, bytes}, {}}));
}

TEST(EngineioPayload, MayHoldOnePacketAndAnEmptyMessage) {
  EXPECT_EQ(encode_payload(std::vector{Packet{.type = PacketType::noop}}), "6");
  EXPECT_EQ(read("4"), (Read{{Packet{}}, {}}));
  EXPECT_EQ(read("4\x1e"
                 "4"),
            (Read{{Packet{}, Packet{}}, {}}));
  EXPECT_EQ(read("b"), (Read{{Packet{.kind = MessageKind::binary}}, {}}));
}

TEST(EngineioPayload, WithoutPacketsIsAFault) {
  EXPECT_EQ(read(""), (Read{{}, PacketFault::empty}));
  EXPECT_EQ(read("4a\x1e"), (Read{{{.data = "a"}}, PacketFault::empty}));
  EXPECT_EQ(read("\x1e"
                 "4a"),
            (Read{{}, PacketFault::empty}));
}

TEST(EngineioPayload, GivesWhatStandsBeforeAFaultAndNothingAfter) {
  EXPECT_EQ(read("4a\x1e"
                 "abc\x1e"
                 "4b"),
            (Read{{{.data = "a"}}, PacketFault::unknown_type}));
  EXPECT_EQ(read("4a\x1e"
                 "bAQID\x1e"
                 "bAQI\x1e"
                 "4b"),
            (Read{{{.data = "a"}, {.kind = MessageKind::binary, .data = "\x01\x02\x03"}},
                  PacketFault::bad_base64}));
}

TEST(EngineioPayload, MustBeUtf8) {
  EXPECT_EQ(read("4\xE2\x82\xAC\x1e"
                 "4\xE2\x82"),
            (Read{{{.data = "\xE2\x82\xAC"}}, PacketFault::bad_utf8}));
}

TEST(EngineioPayload, OfTooManyPacketsIsAFault) {
  std::string body = "4";
  for (std::size_t i = 1; i < PayloadReader::packets_max; ++i)
    body +=
        "\x1e"
        "4";
  EXPECT_EQ(read(body).fault, std::nullopt);
  EXPECT_EQ(read(body + "\x1e"
                        "4")
                .fault,
            PacketFault::too_many);
}

}  // namespace
}  // namespace parley::engineio
