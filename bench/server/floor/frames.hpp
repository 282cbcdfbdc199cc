#pragma once

#include <parley/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace parley::bench {

/// A frame of a client (RFC 6455, section 5.2), unmasked where it lies. At least six bytes in front
/// of the payload are the frame's own, which may be overwritten: a server's header is shorter.
struct Frame {
  std::uint8_t opcode;
  bool is_final;
  std::span<char> payload;
  std::size_t size;  // of all of it
};

enum class FrameFault { incomplete, protocol_error, too_big };

constexpr std::size_t payload_max = 1'000'000;
constexpr std::size_t header_max = 10;  // of a server's frame

/// The first frame of `input`. What is incomplete is left as it is.
Result<Frame, FrameFault> take_frame(std::span<char> input);

/// Writes the header of a final frame directly in front of `payload`; where it begins.
char* put_header(std::uint8_t opcode, std::span<char> payload);

}  // namespace parley::bench
