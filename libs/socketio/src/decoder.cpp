#include <parley/socketio/decoder.hpp>
#include <parley/socketio/msgpack.hpp>

#include "understand.hpp"

#include <simdjson.h>

#include <utility>

namespace parley::socketio {

namespace {

/// `packet`, decoded from `text`, with views of a copy of it: its attachments are still to come.
Packet in_own_text(Packet packet, std::string_view text) {
  if (!packet.stored) packet.stored = std::make_unique<StoredPacket>();
  const std::string_view own = packet.stored->text = text;
  const auto moved = [&](std::string_view view) {
    const bool is_of_text = view.data() >= text.data() && view.data() < text.data() + text.size();
    return is_of_text ? own.substr(static_cast<std::size_t>(view.data() - text.data()), view.size())
                      : view;
  };
  packet.name_space = moved(packet.name_space);
  packet.event = moved(packet.event);
  packet.arguments.json = moved(packet.arguments.json);
  return packet;
}

}  // namespace

Result<std::optional<Packet>, Violation> Decoder::receive(MessageKind kind, std::string_view data,
                                                          const DecoderLimits& limits) {
  if (limits.parser == Parser::msgpack) {
    auto packet = decode_msgpack(kind, data, limits);
    if (!packet) return std::unexpected{packet.error()};
    return *std::move(packet);
  }
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
  partial_ = std::make_unique<Partial>(in_own_text(*std::move(packet), text), header->attachments);
  return std::nullopt;
}

Result<std::optional<Packet>, Violation> Decoder::receive_attachment(std::string_view bytes,
                                                                     const DecoderLimits& limits) {
  if (!partial_) return std::unexpected{Violation::unexpected_attachment};
  partial_->bytes += bytes.size();
  if (partial_->bytes > limits.max_attachment_bytes)
    return std::unexpected{Violation::attachments_too_large};
  auto& attachments = partial_->packet.stored->attachments;
  attachments.emplace_back(bytes);
  if (--partial_->missing > 0) return std::nullopt;
  const auto whole = std::move(partial_);
  whole->packet.arguments.attachments = attachments;
  return std::move(whole->packet);
}

}  // namespace parley::socketio
