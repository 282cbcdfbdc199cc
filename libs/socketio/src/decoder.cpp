#include <parley/socketio/decoder.hpp>

#include "json.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

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

/// Everything about a packet but its attachments.
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

}  // namespace

Result<std::optional<Packet>, Violation> Decoder::receive(MessageKind kind, std::string_view data,
                                                          const DecoderLimits& limits) {
  return kind == MessageKind::text ? receive_text(data, limits) : receive_attachment(data, limits);
}

Result<std::optional<Packet>, Violation> Decoder::receive_text(std::string_view text,
                                                               const DecoderLimits& limits) {
  if (partial_) return std::unexpected{Violation::text_instead_of_attachment};
  // A polling client's body is checked by nobody before us, and what we relay must not cost the
  // receiver its WebSocket (RFC 6455, section 8.1).
  if (!simdjson::validate_utf8(text.data(), text.size()))
    return std::unexpected{Violation::not_utf8};
  const auto header = parse(text);
  if (!header) return std::unexpected{header.error()};
  if (header->attachments > limits.max_attachments)
    return std::unexpected{Violation::too_many_attachments};

  auto packet = understand(*header, limits.sender);
  if (!packet) return std::unexpected{packet.error()};
  if (header->attachments == 0) return *std::move(packet);
  partial_ = std::make_unique<Partial>(*std::move(packet), header->attachments);
  return std::nullopt;
}

Result<std::optional<Packet>, Violation> Decoder::receive_attachment(std::string_view bytes,
                                                                     const DecoderLimits& limits) {
  if (!partial_) return std::unexpected{Violation::unexpected_attachment};
  partial_->bytes += bytes.size();
  if (partial_->bytes > limits.max_attachment_bytes)
    return std::unexpected{Violation::attachments_too_large};
  partial_->packet.arguments.attachments.emplace_back(bytes);
  if (--partial_->missing > 0) return std::nullopt;
  const auto whole = std::move(partial_);
  return std::move(whole->packet);
}

}  // namespace parley::socketio
