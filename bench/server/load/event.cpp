#include "event.hpp"

#include "../common/system.hpp"

#include <parley/websocket/frame.hpp>

#include <array>
#include <charconv>

namespace parley::bench {

namespace {

constexpr websocket::MaskKey mask{'\x5f', '\x11', '\x7e', '\x33'};
constexpr std::size_t digits = 10;
constexpr std::string_view lines =
    R"(v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n)"
    R"(m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp-mux\r\n)"
    R"(a=fingerprint:sha-256 0E:9B:AC:D4:52:11:7F:36:60:3B:EC:52:A1:09:B5:D2:5E:A6:1C:93\r\n)";

using Digits = std::array<char, digits>;

Digits digits_of(std::uint32_t number) {
  Digits text;
  for (std::size_t at = digits; at-- > 0; number /= 10)
    text[at] = static_cast<char>('0' + number % 10);
  return text;
}

std::string argument(std::size_t bytes) {
  const std::string head = R"({"number":"0000000000","type":"offer","sdp":")";
  const std::string tail = "\"}";
  if (bytes < head.size() + tail.size()) fail("--bytes is too small");
  std::string text = head;
  while (text.size() < bytes) text += lines;
  text.resize(bytes - tail.size());
  // Not in the middle of an escape.
  if (text.back() == '\\') text.back() = '.';
  return text + tail;
}

}  // namespace

NumberedEvent::NumberedEvent(std::string_view name_space, std::string_view name,
                             std::size_t bytes) {
  packet_.append("2").append(name_space).append(",[\"").append(name).append("\",");
  packet_.append(argument(bytes)).append("]");
  frame_ = websocket::encode_frame(websocket::Opcode::text, "4" + packet_, mask);
  number_in_packet_ = packet_.find("0000000000");
  number_in_frame_ = frame_.size() - packet_.size() + number_in_packet_;
}

std::string_view NumberedEvent::frame(std::uint32_t number) {
  const auto text = digits_of(number);
  for (std::size_t i = 0; i < digits; ++i) {
    const auto key = mask[(1 + number_in_packet_ + i) % mask.size()];
    frame_[number_in_frame_ + i] = static_cast<char>(text[i] ^ key);
  }
  return frame_;
}

std::uint32_t NumberedEvent::number_of(std::string_view packet) const {
  const std::string_view mine{packet_};
  const auto after = number_in_packet_ + digits;
  std::uint32_t number = 0;
  if (packet.size() != mine.size() || !packet.starts_with(mine.substr(0, number_in_packet_)) ||
      packet.substr(after) != mine.substr(after) ||
      std::from_chars(packet.data() + number_in_packet_, packet.data() + after, number).ptr !=
          packet.data() + after)
    fail("not the event that was sent: " + std::string{packet});
  return number;
}

}  // namespace parley::bench
