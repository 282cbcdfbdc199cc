// Frames as they come in, against RFC 6455, sections 5 (framing, with the examples of 5.7), 7.4

// (close codes) and 8.1 (UTF-8). Bytes are literal; every stream is also fed in other pieces.

#include <parley/base/result.hpp>
#include <parley/websocket/receiver.hpp>

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace parley::websocket {
namespace {

using namespace std::string_literals;

// An event that owns its payload, so that it can be kept and compared.
struct Seen {
  std::string what;
  std::string payload;
  unsigned code = 0;
  bool operator==(const Seen&) const = default;
};
using Seens = std::vector<Seen>;

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << seen.what << " '" << seen.payload.substr(0, 40) << "' " << seen.code;
}

Seen seen(const Event& event) {
  return std::visit(
      Match{
          [](const Message& e) {
            return Seen{e.kind == MessageKind::text ? "text" : "binary", std::string{e.payload}};
          },
          [](const Ping& e) { return Seen{"ping", std::string{e.payload}}; },
          [](const Pong& e) { return Seen{"pong", std::string{e.payload}}; },
          [](const PeerClose& e) {
            return Seen{"close", std::string{e.reason}, e.code.value_or(0)};
          },
          [](const Violation& e) { return Seen{"violation", "", static_cast<unsigned>(e.code)}; },
      },
      event);
}

void feed(Receiver& receiver, std::string bytes, Seens& seens) {
  receiver.receive(bytes);
  while (const auto event = receiver.poll()) seens.push_back(seen(*event));
}

Seens receive(Role role, const std::vector<std::string>& pieces, Receiver::Limits limits = {}) {
  Receiver receiver{role, limits};
  Seens seens;
  for (const auto& piece : pieces) feed(receiver, piece, seens);
  return seens;
}

Seens receive(Role role, const std::string& bytes, Receiver::Limits limits = {}) {
  return receive(role, std::vector{bytes}, limits);
}

Seens violation(CloseCode code) { return {{"violation", "", static_cast<unsigned>(code)}}; }

constexpr MaskKey mask{'\x37', '\xfa', '\x21', '\x3d'};

// A frame as a client sends it, with any first byte.
std::string client_frame(int first, std::string_view payload) {
  auto frame = encode_frame(Opcode::text, payload, mask);
  frame[0] = static_cast<char>(first);
  return frame;
}

TEST(WebSocketReceiver, ReadsTheUnmaskedTextOfTheRfc) {
  EXPECT_EQ(receive(Role::client, "\x81\x05\x48\x65\x6c\x6c\x6f"s), (Seens{{"text", "Hello"}}));
}

TEST(WebSocketReceiver, ReadsTheMaskedTextOfTheRfc) {
  EXPECT_EQ(receive(Role::server, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s),
            (Seens{{"text", "Hello"}}));
}

TEST(WebSocketReceiver, JoinsTheFragmentsOfTheRfc) {
  EXPECT_EQ(receive(Role::client,
                    "\x01\x03\x48\x65\x6c"
                    "\x80\x02\x6c\x6f"s),
            (Seens{{"text", "Hello"}}));
}

TEST(WebSocketReceiver, ReadsThePingAndThePongOfTheRfc) {
  EXPECT_EQ(receive(Role::client, "\x89\x05\x48\x65\x6c\x6c\x6f"s), (Seens{{"ping", "Hello"}}));
  EXPECT_EQ(receive(Role::server, "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s),
            (Seens{{"pong", "Hello"}}));
}

TEST(WebSocketReceiver, ReadsTheLongMessagesOfTheRfc) {
  const std::string medium(256, '\x07'), large(65'536, '\x09');
  EXPECT_EQ(receive(Role::client, "\x82\x7e\x01\x00"s + medium), (Seens{{"binary", medium}}));
  EXPECT_EQ(receive(Role::client, "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s + large),
            (Seens{{"binary", large}}));
}

// Text, a fragmented message with a ping and an empty fragment inside, an empty message, a close.
std::string long_stream() {
  return client_frame(0x81, "first \xE2\x82\xAC") + client_frame(0x02, "sec") +
         client_frame(0x89, "are you there?") + client_frame(0x00, "") +
         client_frame(0x80, "ond" + std::string(300, 'x')) + client_frame(0x82, "") +
         client_frame(0x8a, "") +
         client_frame(0x88,
                      "\x03\xe8"
                      "bye") +
         client_frame(0x81, "late");
}
const Seens long_stream_seen{{"text", "first \xE2\x82\xAC"},
                             {"ping", "are you there?"},
                             {"binary", "second" + std::string(300, 'x')},
                             {"binary", ""},
                             {"pong", ""},
                             {"close", "bye", 1000}};

TEST(WebSocketReceiver, ReadsAStreamThatComesInOnePiece) {
  EXPECT_EQ(receive(Role::server, long_stream()), long_stream_seen);
}

TEST(WebSocketReceiver, ReadsAStreamCutAtAnyPlace) {
  const auto stream = long_stream();
  for (std::size_t cut = 0; cut <= stream.size(); ++cut)
    EXPECT_EQ(receive(Role::server, std::vector{stream.substr(0, cut), stream.substr(cut)}),
              long_stream_seen)
        << "cut at " << cut;
}

TEST(WebSocketReceiver, ReadsAStreamByteByByte) {
  std::vector<std::string> bytes;
  for (const char c : long_stream()) bytes.emplace_back(1, c);
  EXPECT_EQ(receive(Role::server, bytes), long_stream_seen);
}

TEST(WebSocketReceiver, CanBeReplacedByANewOneBetweenMessages) {
  const auto stream = "\x01\x03Hel"s + "\x89\x02hi"s + "\x80\x02lo"s + "\x82\x01!"s;
  const auto whole = receive(Role::client, stream);
  Seens seens;
  Receiver receiver{Role::client, {}};
  int replaced = 0;
  for (const char byte : stream) {
    feed(receiver, {byte}, seens);
    if (!receiver.is_between_messages()) continue;
    receiver = Receiver{Role::client, {}};
    ++replaced;
  }
  EXPECT_EQ(seens, whole);
  EXPECT_EQ(replaced, 2);
}

TEST(WebSocketReceiver, ShowsAWholeMessageWhereItLies) {
  Receiver receiver{Role::server, {}};
  auto frame = client_frame(0x81, "where it lies");
  receiver.receive(frame);
  const auto event = receiver.poll();
  EXPECT_EQ(std::get<Message>(*event).payload.data(), frame.data() + 6);
}

TEST(WebSocketReceiver, NeedsMasksFromAClientAndForbidsThemToAServer) {
  EXPECT_EQ(receive(Role::server, "\x81\x05Hello"s), violation(CloseCode::protocol_error));
  EXPECT_EQ(receive(Role::client, client_frame(0x81, "Hello")),
            violation(CloseCode::protocol_error));
}

TEST(WebSocketReceiver, RefusesReservedBits) {
  for (const int first : {0xc1, 0xa1, 0x91, 0xf1})
    EXPECT_EQ(receive(Role::server, client_frame(first, "x")),
              violation(CloseCode::protocol_error));
}

TEST(WebSocketReceiver, RefusesUnknownOpcodes) {
  for (const int first : {0x83, 0x84, 0x87, 0x8b, 0x8f})
    EXPECT_EQ(receive(Role::server, client_frame(first, "x")),
              violation(CloseCode::protocol_error));
}

TEST(WebSocketReceiver, RefusesAControlFrameThatIsLongOrFragmented) {
  const std::string longest(125, 'x');
  EXPECT_EQ(receive(Role::server, client_frame(0x89, longest)), (Seens{{"ping", longest}}));
  EXPECT_EQ(receive(Role::server, client_frame(0x89, longest + "x")),
            violation(CloseCode::protocol_error));
  EXPECT_EQ(receive(Role::server, client_frame(0x09, "x")), violation(CloseCode::protocol_error));
}

TEST(WebSocketReceiver, RefusesALengthThatIsNotItsShortestForm) {
  EXPECT_EQ(receive(Role::client, "\x82\x7e\x00\x7d"s), violation(CloseCode::protocol_error));
  EXPECT_EQ(receive(Role::client, "\x82\x7f\x00\x00\x00\x00\x00\x00\xff\xff"s),
            violation(CloseCode::protocol_error));
}

TEST(WebSocketReceiver, RefusesALengthWithItsTopBitSet) {
  EXPECT_EQ(receive(Role::client, "\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00"s),
            violation(CloseCode::protocol_error));
}

TEST(WebSocketReceiver, RefusesAContinuationOfNothing) {
  EXPECT_EQ(receive(Role::server, client_frame(0x80, "x")), violation(CloseCode::protocol_error));
  EXPECT_EQ(receive(Role::server, client_frame(0x81, "x") + client_frame(0x00, "y")),
            (Seens{{"text", "x"}, {"violation", "", 1002}}));
}

TEST(WebSocketReceiver, RefusesANewMessageWithinAFragmentedOne) {
  EXPECT_EQ(receive(Role::server, client_frame(0x01, "x") + client_frame(0x81, "y")),
            violation(CloseCode::protocol_error));
}

TEST(WebSocketReceiver, TakesAMessageOfExactlyTheLimit) {
  EXPECT_EQ(receive(Role::server, client_frame(0x81, "12345"), {.message_bytes_max = 5}),
            (Seens{{"text", "12345"}}));
}

TEST(WebSocketReceiver, RefusesATooLargeMessageByItsHeaderAlone) {
  EXPECT_EQ(
      receive(Role::server, client_frame(0x81, "123456").substr(0, 6), {.message_bytes_max = 5}),
      violation(CloseCode::message_too_big));
  EXPECT_EQ(receive(Role::client, "\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"s),
            violation(CloseCode::message_too_big));
}

TEST(WebSocketReceiver, CountsFragmentsTogether) {
  EXPECT_EQ(receive(Role::server, client_frame(0x01, "123") + client_frame(0x80, "456"),
                    {.message_bytes_max = 5}),
            violation(CloseCode::message_too_big));
}

TEST(WebSocketReceiver, RefusesTextThatIsNotUtf8) {
  for (const auto* bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "cut \xE2\x82"})
    EXPECT_EQ(receive(Role::server, client_frame(0x81, bad)),
              violation(CloseCode::invalid_payload));
  EXPECT_EQ(receive(Role::server, client_frame(0x82, "\xff")), (Seens{{"binary", "\xff"}}));
}

TEST(WebSocketReceiver, TakesACharacterCutByFragmentsAndRefusesABrokenOne) {
  EXPECT_EQ(receive(Role::server, client_frame(0x01, "\xE2\x82") + client_frame(0x80, "\xAC")),
            (Seens{{"text", "\xE2\x82\xAC"}}));
  EXPECT_EQ(receive(Role::server, client_frame(0x01, "\xE2\x82") + client_frame(0x80, "x")),
            violation(CloseCode::invalid_payload));
}

TEST(WebSocketReceiver, ReadsACloseWithCodeAndReasonOrWithout) {
  EXPECT_EQ(receive(Role::server, client_frame(0x88, "")), (Seens{{"close", "", 0}}));
  EXPECT_EQ(receive(Role::server, client_frame(0x88, "\x03\xe9")), (Seens{{"close", "", 1001}}));
  EXPECT_EQ(receive(Role::server, client_frame(0x88, "\x0f\xa0mine")),
            (Seens{{"close", "mine", 4000}}));
}

TEST(WebSocketReceiver, RefusesACloseOfOneByte) {
  EXPECT_EQ(receive(Role::server, client_frame(0x88, "\x03")),
            violation(CloseCode::protocol_error));
}

TEST(WebSocketReceiver, RefusesCloseCodesThatMustNotBeSent) {
  for (const unsigned code :
       {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U, 5000U, 65'535U}) {
    const std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    EXPECT_EQ(receive(Role::server, client_frame(0x88, payload)),
              violation(CloseCode::protocol_error))
        << code;
  }
}

TEST(WebSocketReceiver, RefusesACloseReasonThatIsNotUtf8) {
  EXPECT_EQ(receive(Role::server, client_frame(0x88, "\x03\xe8\xff")),
            violation(CloseCode::invalid_payload));
}

TEST(WebSocketReceiver, IsSilentAfterAViolation) {
  EXPECT_EQ(receive(Role::server,
                    {client_frame(0x83, "x") + client_frame(0x81, "y"), client_frame(0x81, "z")}),
            violation(CloseCode::protocol_error));
}

}  // namespace
}  // namespace parley::websocket
