#include <parley/websocket/frame.hpp>

namespace parley::websocket {

namespace {

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t compressed_bit = 0x40;  // RSV1
constexpr std::uint8_t mask_bit = 0x80;

char byte(std::uint64_t value) { return static_cast<char>(static_cast<std::uint8_t>(value)); }

}  // namespace

FrameHeader::FrameHeader(Opcode opcode, std::size_t payload_size, std::optional<MaskKey> mask,
                         Compression compression)
    : bytes_{}, size_{2} {
  const std::size_t length_bytes = payload_size < 126 ? 0 : payload_size <= 0xffff ? 2 : 8;
  const std::uint64_t length = length_bytes == 0 ? payload_size : length_bytes == 2 ? 126 : 127;
  const std::uint8_t first_bits =
      compression == Compression::deflate ? final_bit | compressed_bit : final_bit;
  bytes_[0] = byte(first_bits | static_cast<std::uint8_t>(opcode));
  bytes_[1] = byte((mask ? mask_bit : 0) | length);
  for (std::size_t left = length_bytes; left > 0; --left)
    bytes_[size_++] = byte(std::uint64_t{payload_size} >> 8 * (left - 1));
  if (!mask) return;
  for (const char c : *mask) bytes_[size_++] = c;
}

Opcode opcode_of(MessageKind kind) {
  return kind == MessageKind::text ? Opcode::text : Opcode::binary;
}

std::string encode_frame(Opcode opcode, std::string_view payload) {
  const FrameHeader header{opcode, payload.size()};
  std::string frame;
  frame.reserve(header.bytes().size() + payload.size());
  return frame.append(header.bytes()).append(payload);
}

std::string encode_frame(Opcode opcode, std::string_view payload, MaskKey mask) {
  const FrameHeader header{opcode, payload.size(), mask};
  std::string frame;
  frame.reserve(header.bytes().size() + payload.size());
  frame.append(header.bytes());
  for (std::size_t i = 0; i < payload.size(); ++i)
    frame += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
  return frame;
}

std::string encode_close(std::optional<CloseCode> code) {
  if (!code) return encode_frame(Opcode::close, {});
  const auto value = static_cast<std::uint16_t>(*code);
  const std::array payload{byte(value >> 8), byte(value)};
  return encode_frame(Opcode::close, {payload.data(), payload.size()});
}

}  // namespace parley::websocket
