#pragma once

#include <parley/base/arena.hpp>
#include <parley/base/message.hpp>
#include <parley/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley::engineio {

/// The protocol's revision, `EIO` in a request: 3 is that of Socket.IO 1 and 2, 4 of all since.
enum class Revision : std::uint8_t { v3 = 3, v4 = 4 };

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

enum class PacketFault { empty, unknown_type, bad_base64, bad_utf8, bad_length, too_many };

/// How a client wants what it is sent.
struct Dialect {
  enum class Bytes : std::uint8_t { bare, base64 };

  Revision revision = Revision::v4;
  Bytes bytes = Bytes::bare;  // a client that names `b64` cannot read bytes
};

/// A packet as one WebSocket message of revision 4: text with its type's digit in front, or the
/// bare bytes.
Payload encode_frame(PacketType type, MessageKind kind, const Payload& data);

struct Frame {
  MessageKind kind;
  Payload payload;
};

/// The same in any dialect. Bytes with a type in front (revision 3) or as base64 are copies in
/// `arena`, because the room before `data` is for what all clients are sent.
Frame encode_frame(Dialect dialect, PacketType type, MessageKind kind, const Payload& data,
                   Arena& arena);

/// The other way. `payload` is UTF-8 if `kind` is text. Text that begins with 'b' is base64, whose
/// bytes go to `arena`; else the packet is a view of `payload`.
Result<Packet, PacketFault> decode_frame(MessageKind kind, std::string_view payload, Arena& arena,
                                         Revision revision = Revision::v4);

/// Packets as the body of one HTTP message.
enum class PayloadFormat {
  separated,        // revision 4: joined by 0x1e, which text must not hold (JSON never does raw)
  counted,          // revision 3: each after its length in UTF-16 code units and a colon
  counted_in_bytes  // revision 3: text and bytes alike, each after a header of bytes
};

/// What `packets` are sent in to a client that speaks `dialect`.
PayloadFormat format_for(Dialect dialect, std::span<const Packet> packets);

std::string encode_payload(std::span<const Packet> packets,
                           PayloadFormat format = PayloadFormat::separated);

/// Takes such a body apart, packet by packet, so that those before a bad one are still had. There
/// is nothing after a fault. `body` and `arena` outlive it and its packets.
class PayloadReader {
 public:
  PayloadReader(std::string_view body, Arena& arena,
                PayloadFormat format = PayloadFormat::separated)
      : rest_{body}, arena_{arena}, format_{format} {}

  std::optional<Result<Packet, PacketFault>> next();

  /// A packet costs us far more memory than the two bytes it may have on the wire.
  static constexpr std::size_t packets_max = 16'384;

 private:
  std::optional<std::string_view> rest_;
  Arena& arena_;
  PayloadFormat format_;
  std::size_t read_ = 0;
};

}  // namespace parley::engineio
