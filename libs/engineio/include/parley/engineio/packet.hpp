#pragma once

#include <parley/base/arena.hpp>
#include <parley/base/message.hpp>
#include <parley/base/result.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley::engineio {

/// Engine.IO 4, "Packet types", by the digit on the wire.
enum class PacketType : char {
  open = '0',
  close = '1',
  ping = '2',
  pong = '3',
  message = '4',
  upgrade = '5',
  noop = '6',
};

/// `data` is UTF-8, or bytes if `kind` is binary; binary is only ever a message. A view into
/// whatever it was decoded from, or into an arena.
struct Packet {
  PacketType type = PacketType::message;
  MessageKind kind = MessageKind::text;
  std::string_view data = {};
  bool operator==(const Packet&) const = default;
};

enum class PacketFault { empty, unknown_type, bad_base64, bad_utf8, too_many };

/// A packet as one WebSocket message: text with its type's digit in front, or the bare bytes.
Payload encode_frame(PacketType type, MessageKind kind, const Payload& data);

/// The other way. `payload` is UTF-8 if `kind` is text. Text that begins with 'b' is base64, whose
/// bytes go to `arena`; else the packet is a view of `payload`.
Result<Packet, PacketFault> decode_frame(MessageKind kind, std::string_view payload, Arena& arena);

/// Packets as the body of one HTTP message: joined by 0x1e, which must not occur in text (JSON
/// never has it raw); binary ones as 'b' and base64.
std::string encode_payload(std::span<const Packet> packets);

/// Takes such a body apart, packet by packet, so that those before a bad one are still had. There
/// is nothing after a fault. `body` and `arena` outlive it and its packets.
class PayloadReader {
 public:
  PayloadReader(std::string_view body, Arena& arena) : rest_{body}, arena_{arena} {}
  std::optional<Result<Packet, PacketFault>> next();

  /// A packet costs us far more memory than the two bytes it may have on the wire.
  static constexpr std::size_t packets_max = 16'384;

 private:
  std::optional<std::string_view> rest_;
  Arena& arena_;
  std::size_t read_ = 0;
};

}  // namespace parley::engineio
