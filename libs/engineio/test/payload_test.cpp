// Many packets in the body of one HTTP message: joined by 0x1e, against Engine.IO 4, "Packet
// encoding", and each after its length, against Engine.IO 3, "Payload".

#include <parley/engineio/packet.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley::engineio {
namespace {

using namespace std::string_literals;

const Packet hello{.data = "hello"};
const Packet bytes{.kind = MessageKind::binary, .data = "\x01\x02\x03\x04"};

Arena& arena() {
  static Arena arena;
  return arena;
}

struct Read {
  std::vector<Packet> packets;
  std::optional<PacketFault> fault;
  bool operator==(const Read&) const = default;
};

Read read(std::string_view body, PayloadFormat format = PayloadFormat::separated) {
  PayloadReader reader{body, arena(), format};
  Read read;
  while (auto packet = reader.next()) {
    if (*packet)
      read.packets.push_back(**std::move(packet));
    else
      read.fault = packet->error();
  }
  return read;
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

using Format = PayloadFormat;

TEST(EngineioPayloadOfRevision3, CountsUtf16CodeUnits) {
  const std::vector packets{Packet{.data = "h\xE2\x82\xAC"}, Packet{.data = "\xF0\x9F\x98\x80"},
                            Packet{.type = PacketType::noop}};
  const auto body =
      "3:4h\xE2\x82\xAC"
      "3:4\xF0\x9F\x98\x80"
      "1:6";
  EXPECT_EQ(encode_payload(packets, Format::counted), body);
  EXPECT_EQ(read(body, Format::counted), (Read{packets, {}}));
}

TEST(EngineioPayloadOfRevision3, HasBytesAsBase64InText) {
  EXPECT_EQ(encode_payload(std::vector{hello, bytes}, Format::counted), "6:4hello10:b4AQIDBA==");
  EXPECT_EQ(read("6:4hello10:b4AQIDBA==", Format::counted), (Read{{hello, bytes}, {}}));
}

TEST(EngineioPayloadOfRevision3, IsBytesIfThereAreSome) {
  const auto body =
      "\x00\x06\xff"
      "4hello"
      "\x01\x05\xff\x04\x01\x02\x03\x04"s;
  EXPECT_EQ(encode_payload(std::vector{hello, bytes}, Format::counted_in_bytes), body);
  EXPECT_EQ(read(body, Format::counted_in_bytes), (Read{{hello, bytes}, {}}));
}

TEST(EngineioPayloadOfRevision3, CountsBytesInTheFormOfBytes) {
  const Packet euros{.data = "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC"};
  const auto body =
      "\x00\x01\x03\xff"
      "4\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC"s;
  EXPECT_EQ(encode_payload(std::vector{euros}, Format::counted_in_bytes), body);
  EXPECT_EQ(read(body, Format::counted_in_bytes), (Read{{euros}, {}}));
}

TEST(EngineioPayloadOfRevision3, IsInTheFormThatItsClientCanRead) {
  const std::vector with{hello, bytes}, without{hello};
  constexpr auto base64 = Dialect::Bytes::base64;
  EXPECT_EQ(format_for({Revision::v3}, with), Format::counted_in_bytes);
  EXPECT_EQ(format_for({Revision::v3}, without), Format::counted);
  EXPECT_EQ(format_for({Revision::v3, base64}, with), Format::counted);
  EXPECT_EQ(format_for({Revision::v4}, with), Format::separated);
}

TEST(EngineioPayloadOfRevision3, GivesWhatStandsBeforeAFaultAndNothingAfter) {
  EXPECT_EQ(read("2:4a2:x11:6", Format::counted),
            (Read{{{.data = "a"}}, PacketFault::unknown_type}));
  EXPECT_EQ(read("2:4ax:6", Format::counted), (Read{{{.data = "a"}}, PacketFault::bad_length}));
  EXPECT_EQ(read("\x00\x02\xff"
                 "4a"
                 "\x02"s,
                 Format::counted_in_bytes),
            (Read{{{.data = "a"}}, PacketFault::unknown_type}));
}

TEST(EngineioPayloadOfRevision3, WithoutPacketsIsAFault) {
  for (const auto format : {Format::counted, Format::counted_in_bytes})
    EXPECT_EQ(read("", format), (Read{{}, PacketFault::empty}));
  EXPECT_EQ(read("0:", Format::counted), (Read{{}, PacketFault::empty}));
}

TEST(EngineioPayloadOfRevision3, WithABadLengthIsAFault) {
  const Read fault{{}, PacketFault::bad_length};
  for (const auto* body : {"6", "4hello", ":6", "-1:6", "+1:6", " 1:6", "1e0:6", "2:6", "0x1:6",
                           "18446744073709551617:6", "3:4\xE2\x82\xAC", "2:4\xF0\x9F\x98\x80"})
    EXPECT_EQ(read(body, Format::counted), fault) << body;
  for (const auto& body : {"\x00"s,
                           "\x00\xff"
                           "6"s,
                           "\x00\x01"s
                           "6",
                           "\x00\x02\xff"
                           "6"s,
                           "\x00\x0a\xff"
                           "6"s,
                           "\x00"
                           "1\xff"
                           "6"s})
    EXPECT_EQ(read(body, Format::counted_in_bytes), fault) << body;
}

TEST(EngineioPayloadOfRevision3, MustBeUtf8) {
  const Read fault{{}, PacketFault::bad_utf8};
  EXPECT_EQ(read("2:4\xE2\x82", Format::counted), fault);
  EXPECT_EQ(read("\x00\x03\xff"
                 "4\xE2\x82"s,
                 Format::counted_in_bytes),
            fault);
}

}  // namespace
}  // namespace parley::engineio
