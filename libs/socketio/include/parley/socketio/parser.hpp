#pragma once

#include <cstdint>

namespace parley::socketio {

/// How packets look on the wire (Socket.IO, "Custom parser"). Both ends have to have chosen the
/// same; it is not negotiated.
enum class Parser : std::uint8_t {
  json,     // the usual one: text, and a binary message behind it for each attachment
  msgpack,  // socket.io-msgpack-parser's: one binary message a packet
};

}  // namespace parley::socketio
