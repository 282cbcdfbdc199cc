#include "understand.hpp"

#include "json.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace parley::socketio {

namespace {

constexpr std::array<std::string_view, 6> reserved{
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};

Result<std::string, Violation> event_name(const JsonText& payload, Sender sender) {
  if (!payload.first) return std::unexpected{Violation::illegal_payload};
  const auto& [kind, text] = *payload.first;
  if (kind == JsonKind::number) return std::string{text};
  if (kind != JsonKind::string) return std::unexpected{Violation::illegal_payload};
  auto name = unescaped(text);
  if (sender == Sender::client && std::ranges::find(reserved, name) != reserved.end())
    return std::unexpected{Violation::reserved_event};
  return name;
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

Result<Packet, Violation> understand(const Header& header, Sender sender) {
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

  Packet packet{header.type, std::string{header.name_space}, header.ack, {}, {}};
  if (is_event(header.type)) {
    auto name = event_name(*payload, sender);
    if (!name) return std::unexpected{name.error()};
    packet.event = *std::move(name);
  }
  packet.arguments.json = header.json;
  return packet;
}

}  // namespace parley::socketio
