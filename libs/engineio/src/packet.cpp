#include "packet_text.hpp"

#include <parley/base/base64.hpp>
#include <parley/engineio/packet.hpp>

#include <algorithm>

namespace parley::engineio {

bool is_packet_type(char c) {
  return c >= static_cast<char>(PacketType::open) && c <= static_cast<char>(PacketType::noop);
}

void append_text(std::string& text, const Packet& packet, Revision revision) {
  if (packet.kind == MessageKind::text) {
    text += static_cast<char>(packet.type);
    text += packet.data;
    return;
  }
  text += base64_mark;
  if (revision == Revision::v3) text += static_cast<char>(packet.type);
  text += base64_encode(packet.data);
}

Result<Packet, PacketFault> decode_text(std::string_view text, Revision revision, Arena& arena) {
  if (text.empty()) return std::unexpected{PacketFault::empty};
  if (text.front() != base64_mark) {
    if (!is_packet_type(text.front())) return std::unexpected{PacketFault::unknown_type};
    return Packet{.type = static_cast<PacketType>(text.front()), .data = text.substr(1)};
  }
  text.remove_prefix(1);
  if (revision == Revision::v3) {
    if (!text.starts_with(static_cast<char>(PacketType::message)))
      return std::unexpected{PacketFault::unknown_type};
    text.remove_prefix(1);
  }
  const auto bytes = base64_decode(text);
  if (!bytes) return std::unexpected{PacketFault::bad_base64};
  return Packet{.kind = MessageKind::binary, .data = arena.copy(*bytes)};
}

Result<Packet, PacketFault> decode_bytes(std::string_view bytes) {
  if (bytes.empty()) return std::unexpected{PacketFault::empty};
  if (bytes.front() != message_byte) return std::unexpected{PacketFault::unknown_type};
  return Packet{.kind = MessageKind::binary, .data = bytes.substr(1)};
}

Payload encode_frame(PacketType type, MessageKind kind, const Payload& data) {
  const auto digit = static_cast<char>(type);
  return kind == MessageKind::text ? data.preceded_by({&digit, 1}) : data;
}

Frame encode_frame(Dialect dialect, PacketType type, MessageKind kind, const Payload& data,
                   Arena& arena) {
  if (kind == MessageKind::binary && dialect.bytes == Dialect::Bytes::base64) {
    std::string text;
    append_text(text, {.type = type, .kind = kind, .data = data.view()}, dialect.revision);
    return {MessageKind::text, Payload{arena, text}};
  }
  if (kind == MessageKind::binary && dialect.revision == Revision::v3) {
    Payload copy{arena, data.size() + 1};
    copy.bytes().front() = message_byte;
    std::ranges::copy(data.view(), copy.bytes().begin() + 1);
    return {kind, copy};
  }
  return {kind, encode_frame(type, kind, data)};
}

Result<Packet, PacketFault> decode_frame(MessageKind kind, std::string_view payload, Arena& arena,
                                         Revision revision) {
  if (kind == MessageKind::text) return decode_text(payload, revision, arena);
  if (revision == Revision::v3) return decode_bytes(payload);
  return Packet{.kind = MessageKind::binary, .data = payload};
}

}  // namespace parley::engineio
