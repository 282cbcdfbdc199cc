#include "understand.hpp"

#include "json.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace parley::socketio {

namespace {

constexpr std::array<std::string_view, 6> reserved{
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};

/// Names the event of `packet`.
Result<void, Violation> name_event(Packet& packet, const JsonText& payload, Sender sender) {
  if (!payload.first) return std::unexpected{Violation::illegal_payload};
  const auto& [kind, text] = *payload.first;
  if (kind == JsonKind::number) {
    packet.event = text;
    return {};
  }
  if (kind != JsonKind::string) return std::unexpected{Violation::illegal_payload};
  packet.event = text.substr(1, text.size() - 2);
  if (packet.event.contains('\\')) {
    if (!packet.stored) packet.stored = std::make_unique<StoredPacket>();
    packet.event = packet.stored->event = unescaped(text);
  }
  if (sender == Sender::client && is_reserved_event(packet.event))
    return std::unexpected{Violation::reserved_event};
  return {};
}

/// Whether a packet of this type may carry this payload (empty: none).
bool may_carry(PacketType type, const std::optional<JsonText>& payload) {
  switch (type) {
    case PacketType::connect:
      return !payload || payload->value.kind == JsonKind::object;
    case PacketType::disconnect:
      return !payload;
    case PacketType::event:
    case PacketType::binary_event:
    case PacketType::ack:
    case PacketType::binary_ack:
      return payload && payload->value.kind == JsonKind::array;
    case PacketType::connect_error:
      return payload &&
             (payload->value.kind == JsonKind::object || payload->value.kind == JsonKind::string);
  }
  return false;
}

bool is_event(PacketType type) {
  return type == PacketType::event || type == PacketType::binary_event;
}

}  // namespace

bool is_reserved_event(std::string_view name) {
  return std::ranges::find(reserved, name) != reserved.end();
}

Result<Packet, Violation> understand(const Header& header, Sender sender,
                                     std::unique_ptr<StoredPacket> stored) {
  if (sender == Sender::client && header.type == PacketType::connect_error)
    return std::unexpected{Violation::server_packet};
  std::optional<JsonText> payload;
  if (!header.json.empty()) {
    payload = scan_json(header.json);
    if (!payload) return std::unexpected{Violation::illegal_json};
  }
  if (!may_carry(header.type, payload)) return std::unexpected{Violation::illegal_payload};
  if (header.attachments > 0 && payload->placeholders_end > header.attachments)
    return std::unexpected{Violation::illegal_attachments};

  Packet packet{header.type, header.name_space, header.ack, {}, header.json, std::move(stored)};
  if (!is_event(header.type)) return packet;
  if (const auto named = name_event(packet, *payload, sender); !named)
    return std::unexpected{named.error()};
  return packet;
}

}  // namespace parley::socketio
