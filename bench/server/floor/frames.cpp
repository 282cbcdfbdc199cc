#include "frames.hpp"

#include <cstring>

namespace parley::bench {

namespace {

std::uint64_t big_endian(std::span<const char> bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

void unmask(std::span<char> payload, const char* key) {
  std::uint32_t four;
  std::memcpy(&four, key, sizeof four);
  const auto eight = std::uint64_t{four} << 32 | four;
  std::size_t at = 0;
  for (; at + sizeof eight <= payload.size(); at += sizeof eight) {
    std::uint64_t word;
    std::memcpy(&word, payload.data() + at, sizeof word);
    word ^= eight;
    std::memcpy(payload.data() + at, &word, sizeof word);
  }
  for (; at < payload.size(); ++at) payload[at] = static_cast<char>(payload[at] ^ key[at % 4]);
}

}  // namespace

Result<Frame, FrameFault> take_frame(std::span<char> input) {
  if (input.size() < 2) return std::unexpected{FrameFault::incomplete};
  const auto first = static_cast<unsigned char>(input[0]);
  const auto second = static_cast<unsigned char>(input[1]);
  const auto opcode = static_cast<std::uint8_t>(first & 0x0f);
  const bool is_final = (first & 0x80) != 0;
  const bool is_control = opcode >= 8;
  if ((first & 0x70) != 0 || (second & 0x80) == 0 || (opcode > 2 && opcode < 8) || opcode > 10 ||
      (is_control && (!is_final || (second & 0x7f) > 125)))
    return std::unexpected{FrameFault::protocol_error};

  const std::size_t short_size = second & 0x7f;
  const std::size_t extended = short_size < 126 ? 0 : short_size == 126 ? 2 : 8;
  const auto header = 2 + extended + 4;
  if (input.size() < header) return std::unexpected{FrameFault::incomplete};
  const auto size = extended == 0 ? short_size : big_endian(input.subspan(2, extended));
  if (size > payload_max) return std::unexpected{FrameFault::too_big};
  if (input.size() - header < size) return std::unexpected{FrameFault::incomplete};

  const auto payload = input.subspan(header, size);
  unmask(payload, payload.data() - 4);
  return Frame{opcode, is_final, payload, header + size};
}

char* put_header(std::uint8_t opcode, std::span<char> payload) {
  const auto size = payload.size();
  const std::size_t extended = size < 126 ? 0 : size <= 0xffff ? 2 : 8;
  char* const begin = payload.data() - 2 - extended;
  begin[0] = static_cast<char>(0x80 | opcode);
  begin[1] = static_cast<char>(extended == 0 ? size : extended == 2 ? 126 : 127);
  for (std::size_t i = 0; i < extended; ++i)
    begin[2 + i] = static_cast<char>(size >> 8 * (extended - 1 - i) & 0xff);
  return begin;
}

}  // namespace parley::bench
