// Frames as we write them, against RFC 6455, sections 5.2 and 5.7 (the examples, byte by byte).
#include <parley/websocket/frame.hpp>

#include <gtest/gtest.h>

namespace parley::websocket {
namespace {

using namespace std::string_literals;

constexpr MaskKey rfc_mask{'\x37', '\xfa', '\x21', '\x3d'};

TEST(WebSocketFrame, EncodesTheUnmaskedTextOfTheRfc) {
  EXPECT_EQ(encode_frame(Opcode::text, "Hello"), "\x81\x05\x48\x65\x6c\x6c\x6f"s);
}

TEST(WebSocketFrame, EncodesTheMaskedTextOfTheRfc) {
  EXPECT_EQ(encode_frame(Opcode::text, "Hello", rfc_mask),
            "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s);
}

TEST(WebSocketFrame, EncodesThePingAndThePongOfTheRfc) {
  EXPECT_EQ(encode_frame(Opcode::ping, "Hello"), "\x89\x05\x48\x65\x6c\x6c\x6f"s);
  EXPECT_EQ(encode_frame(Opcode::pong, "Hello", rfc_mask),
            "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s);
}

TEST(WebSocketFrame, WritesEachLengthInItsShortestForm) {
  const auto header = [](std::size_t size) {
    return std::string{FrameHeader{Opcode::binary, size}.bytes()};
  };
  EXPECT_EQ(header(0), "\x82\x00"s);
  EXPECT_EQ(header(125), "\x82\x7d"s);
  EXPECT_EQ(header(126), "\x82\x7e\x00\x7e"s);
  EXPECT_EQ(header(256), "\x82\x7e\x01\x00"s);  // the RFC's example
  EXPECT_EQ(header(65'535), "\x82\x7e\xff\xff"s);
  EXPECT_EQ(header(65'536), "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);  // and its other one
}

TEST(WebSocketFrame, PutsTheMaskAfterALongLength) {
  const FrameHeader header{Opcode::binary, 65'536, rfc_mask};
  EXPECT_EQ(header.bytes(), "\x82\xff\x00\x00\x00\x00\x00\x01\x00\x00\x37\xfa\x21\x3d"s);
}

TEST(WebSocketFrame, AMessageHasTheOpcodeOfItsKind) {
  EXPECT_EQ(opcode_of(MessageKind::text), Opcode::text);
  EXPECT_EQ(opcode_of(MessageKind::binary), Opcode::binary);
}

TEST(WebSocketFrame, ACloseCarriesItsCodeOrNothing) {
  EXPECT_EQ(encode_close(std::nullopt), "\x88\x00"s);
  EXPECT_EQ(encode_close(CloseCode::normal), "\x88\x02\x03\xe8"s);
  EXPECT_EQ(encode_close(CloseCode::message_too_big), "\x88\x02\x03\xf1"s);
}

}  // namespace
}  // namespace parley::websocket
