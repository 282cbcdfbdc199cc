#pragma once

#include <parley/base/message.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::websocket {

/// Which end of the connection we are: a client masks what it sends, a server must not (RFC 6455,
/// section 5.1).
enum class Role { client, server };

/// RFC 6455, section 5.2.
enum class Opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xa,
};

/// The status codes of RFC 6455, section 7.4.1, that we send.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  invalid_payload = 1007,
  message_too_big = 1009,
};

using MaskKey = std::array<char, 4>;

/// Whether a payload is compressed as permessage-deflate says (RFC 7692, section 6).
enum class Compression : std::uint8_t { none, deflate };

/// The header of one final, unfragmented frame: 2 to 14 bytes, so that a payload can be sent from
/// where it lies.
class FrameHeader {
 public:
  FrameHeader(Opcode opcode, std::size_t payload_size, std::optional<MaskKey> mask = std::nullopt,
              Compression compression = Compression::none);
  std::string_view bytes() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 14> bytes_;
  std::size_t size_;
};

Opcode opcode_of(MessageKind kind);

/// A whole frame as a server sends it: unmasked.
std::string encode_frame(Opcode opcode, std::string_view payload);

/// A whole frame as a client sends it. The host draws `mask` afresh for each frame.
std::string encode_frame(Opcode opcode, std::string_view payload, MaskKey mask);

/// A close frame; without a code its payload is empty, and the peer sees 1005.
std::string encode_close(std::optional<CloseCode> code);

}  // namespace parley::websocket
