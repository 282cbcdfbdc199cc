// Compressed messages, against RFC 7692: the examples of section 7.2.3 byte by byte, and section 6
// on where RSV1 may stand.

#include <parley/websocket/deflate.hpp>
#include <parley/websocket/receiver.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley::websocket {
namespace {

using namespace std::string_literals;

constexpr std::size_t enough = 1'000'000;
constexpr auto too_big = std::unexpected{CloseCode::message_too_big};
constexpr auto invalid = std::unexpected{CloseCode::invalid_payload};

std::string compressed(std::string_view message) {
  Arena arena;
  Deflater deflater;
  const auto payload = deflater.deflate(message, arena);
  return payload ? std::string{payload->view()} : "";
}

TEST(Inflater, ReadsTheExamplesOfTheRfc) {
  Inflater inflater;
  EXPECT_EQ(inflater.inflate("\xf2\x48\xcd\xc9\xc9\x07\x00"s, enough), "Hello");  // 7.2.3.1
  EXPECT_EQ(inflater.inflate("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s, enough),
            "Hello");  // 7.2.3.3: a block that is not compressed
  EXPECT_EQ(inflater.inflate("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s, enough),
            "Hello");  // 7.2.3.4: a last block
  EXPECT_EQ(inflater.inflate("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s, enough),
            "Hello");                                // 7.2.3.5: two blocks
  EXPECT_EQ(inflater.inflate("\x00"s, enough), "");  // 7.2.3.6
}

TEST(Inflater, DoesNotKnowTheMessageBefore) {
  Inflater inflater;
  EXPECT_EQ(inflater.inflate("\xf2\x48\xcd\xc9\xc9\x07\x00"s, enough), "Hello");
  EXPECT_EQ(inflater.inflate("\xf2\x00\x11\x00\x00"s, enough), invalid);  // 7.2.3.2
  EXPECT_EQ(inflater.inflate("\xf2\x48\xcd\xc9\xc9\x07\x00"s, enough), "Hello");
}

TEST(Inflater, RefusesWhatIsNoWholeMessage) {
  Inflater inflater;
  EXPECT_EQ(inflater.inflate("\xff\xff\xff"s, enough), invalid);
  EXPECT_EQ(inflater.inflate("", enough), invalid);
  const auto whole = compressed(std::string(50, 'a') + std::string(50, 'b') + "abc");
  ASSERT_FALSE(whole.empty());
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(inflater.inflate(whole.substr(0, size), enough), invalid) << size;
}

TEST(Inflater, StopsWhereTheLimitIs) {
  const std::string large(100'000, 'x');
  const auto bomb = compressed(large);
  EXPECT_LT(bomb.size(), 1'000u);
  Inflater inflater;
  EXPECT_EQ(inflater.inflate(bomb, large.size()), large);
  EXPECT_EQ(inflater.inflate(bomb, large.size() - 1), too_big);
  EXPECT_EQ(inflater.inflate(bomb, 10), too_big);
  EXPECT_EQ(inflater.inflate("\xf2\x48\xcd\xc9\xc9\x07\x00"s, 5), "Hello");
  EXPECT_EQ(inflater.inflate("\xf2\x48\xcd\xc9\xc9\x07\x00"s, 4), too_big);
}

TEST(Deflater, WritesWhatAnInflaterReads) {
  Arena arena;
  Deflater deflater;
  Inflater inflater;
  std::string mixed;
  for (unsigned i = 0; i < 200'000; ++i) mixed += static_cast<char>('a' + (i * i >> (i % 13)) % 17);
  for (const auto& message : {std::string(2000, 'a'), "candidate:1 1 udp 2122260223 "s + mixed,
                              "a=rtpmap:111 opus/48000/2\r\na=rtpmap:112 opus/48000/2\r\n"s}) {
    const auto payload = deflater.deflate(message, arena);
    ASSERT_TRUE(payload);
    EXPECT_LT(payload->size(), message.size());
    EXPECT_EQ(inflater.inflate(payload->view(), enough), message);
  }
}

TEST(Deflater, LeavesRoomForAFrameHeader) {
  Arena arena;
  const auto payload = Deflater{}.deflate(std::string(2000, 'a'), arena);
  const FrameHeader header{Opcode::text, payload->size(), std::nullopt, Compression::deflate};
  EXPECT_EQ(payload->preceded_by(header.bytes()).view().substr(0, 2),
            "\xc1"s + static_cast<char>(payload->size()));
}

TEST(Deflater, PassesOverWhatDoesNotShrink) {
  EXPECT_EQ(compressed(""), "");
  EXPECT_EQ(compressed("Hello"), "");
  std::string noise;
  for (unsigned i = 0, state = 1; i < 3000; ++i) {
    state = state * 1'664'525 + 1'013'904'223;
    noise += static_cast<char>(state >> 24);
  }
  EXPECT_EQ(compressed(noise), "");
}

// What a server's receiver makes of the frames of a client that masks with zeros.
std::vector<std::string> receive(Inflater* inflater, std::initializer_list<std::string> frames) {
  Receiver receiver{Role::server, {.message_bytes_max = 300}, inflater};
  std::vector<std::string> seen;
  for (auto frame : frames) {
    frame[1] = static_cast<char>(frame[1] | 0x80);
    frame.insert(2, 4, '\0');
    receiver.receive(frame);
    while (const auto event = receiver.poll()) {
      if (const auto* message = std::get_if<Message>(&*event)) seen.emplace_back(message->payload);
      if (const auto* ping = std::get_if<Ping>(&*event))
        seen.push_back("ping " + std::string{ping->payload});
      if (const auto* violation = std::get_if<Violation>(&*event))
        seen.push_back(std::to_string(static_cast<int>(violation->code)));
    }
  }
  return seen;
}

using Seen = std::vector<std::string>;
const auto hello = "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"s;

TEST(WebSocketReceiver, InflatesMessages) {
  Inflater inflater;
  EXPECT_EQ(receive(&inflater, {hello, "\x81\x05Plain"s, hello}),
            (Seen{"Hello", "Plain", "Hello"}));
}

TEST(WebSocketReceiver, InflatesAMessageInFragments) {
  Inflater inflater;  // RFC 7692, section 7.2.3.1, with a ping in between
  EXPECT_EQ(
      receive(&inflater, {"\x41\x03\xf2\x48\xcd"s, "\x89\x01!"s, "\x80\x04\xc9\xc9\x07\x00"s}),
      (Seen{"ping !", "Hello"}));
}

TEST(WebSocketReceiver, RefusesCompressionThatWasNotAgreed) {
  EXPECT_EQ(receive(nullptr, {hello}), Seen{"1002"});
}

TEST(WebSocketReceiver, RefusesACompressedBitWhereThereMustBeNone) {
  Inflater inflater;
  EXPECT_EQ(receive(&inflater, {"\xc9\x00"s}), Seen{"1002"});                       // a ping
  EXPECT_EQ(receive(&inflater, {"\x41\x01\xf2"s, "\xc0\x01\x00"s}), Seen{"1002"});  // continuation
  EXPECT_EQ(receive(&inflater, {"\xa1\x05Hello"s}), Seen{"1002"});                  // RSV2
}

TEST(WebSocketReceiver, ACompressedMessageIsHeldToTheSameRules) {
  Inflater inflater;
  const auto frame = [](std::string_view message) {
    const auto payload = compressed(message);
    return std::string{FrameHeader{Opcode::text, payload.size(), std::nullopt, Compression::deflate}
                           .bytes()} +
           payload;
  };
  EXPECT_EQ(receive(&inflater, {frame(std::string(300, 'x'))}), Seen{std::string(300, 'x')});
  EXPECT_EQ(receive(&inflater, {frame(std::string(301, 'x'))}), Seen{"1009"});
  EXPECT_EQ(receive(&inflater, {frame(std::string(200, '\xff'))}), Seen{"1007"});
  EXPECT_EQ(receive(&inflater, {"\xc1\x01\xff"s}), Seen{"1007"});
}

}  // namespace
}  // namespace parley::websocket
