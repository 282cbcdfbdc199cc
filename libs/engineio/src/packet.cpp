#include <parley/base/base64.hpp>
#include <parley/engineio/packet.hpp>
#include <parley/websocket/utf8.hpp>

#include <utility>

namespace parley::engineio {

namespace {

constexpr char separator = '\x1e';
constexpr char base64_mark = 'b';

bool is_type(char c) {
  return c >= static_cast<char>(PacketType::open) && c <= static_cast<char>(PacketType::noop);
}

Result<Packet, PacketFault> decode_text(std::string_view text, Arena& arena) {
  if (text.empty()) return std::unexpected{PacketFault::empty};
  const auto data = text.substr(1);
  if (text.front() == base64_mark) {
    const auto bytes = base64_decode(data);
    if (!bytes) return std::unexpected{PacketFault::bad_base64};
    return Packet{.kind = MessageKind::binary, .data = arena.copy(*bytes)};
  }
  if (!is_type(text.front())) return std::unexpected{PacketFault::unknown_type};
  return Packet{.type = static_cast<PacketType>(text.front()), .data = data};
}

}  // namespace

Payload encode_frame(PacketType type, MessageKind kind, const Payload& data) {
  const auto digit = static_cast<char>(type);
  return kind == MessageKind::text ? data.preceded_by({&digit, 1}) : data;
}

Result<Packet, PacketFault> decode_frame(MessageKind kind, std::string_view payload, Arena& arena) {
  if (kind == MessageKind::text) return decode_text(payload, arena);
  return Packet{.kind = MessageKind::binary, .data = payload};
}

std::string encode_payload(std::span<const Packet> packets) {
  std::string body;
  for (const auto& packet : packets) {
    if (&packet != packets.data()) body += separator;
    if (packet.kind == MessageKind::binary) {
      body += base64_mark;
      body += base64_encode(packet.data);
    } else {
      body += static_cast<char>(packet.type);
      body += packet.data;
    }
  }
  return body;
}

std::optional<Result<Packet, PacketFault>> PayloadReader::next() {
  if (!rest_) return std::nullopt;
  const auto body = *std::exchange(rest_, std::nullopt);
  if (read_++ == packets_max) return std::unexpected{PacketFault::too_many};

  const auto end = body.find(separator);
  const auto text = body.substr(0, end);
  if (!websocket::is_utf8(text)) return std::unexpected{PacketFault::bad_utf8};
  auto packet = decode_text(text, arena_);
  if (packet && end != body.npos) rest_ = body.substr(end + 1);
  return packet;
}

}  // namespace parley::engineio
