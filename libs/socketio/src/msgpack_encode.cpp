#include <parley/base/check.hpp>
#include <parley/socketio/json_read.hpp>
#include <parley/socketio/msgpack.hpp>

#include "json.hpp"
#include "json_tokens.hpp"
#include "msgpack.hpp"

#include <cstdint>
#include <vector>

namespace parley::socketio {

namespace {

bool is_opening(const JsonToken& token) {
  return !token.attachment && (token.text == "[" || token.text == "{");
}

bool is_closing(const JsonToken& token) { return token.text == "]" || token.text == "}"; }

// How many tokens are directly in each array and object, in the order in which these open: in
// MessagePack that comes first.
std::vector<std::size_t> sizes_of(JsonTokens tokens) {
  std::vector<std::size_t> sizes;
  std::vector<std::size_t> open;
  while (const auto token = tokens.next()) {
    if (is_closing(*token)) {
      open.pop_back();
      continue;
    }
    if (!open.empty()) ++sizes[open.back()];
    if (is_opening(*token)) {
      open.push_back(sizes.size());
      sizes.push_back(0);
    }
  }
  return sizes;
}

// An integer as such, as far as there are 64 bits for it.
void append_number(std::string& to, Json number) {
  if (const auto integer = number.as<std::int64_t>()) return msgpack::append_integer(to, *integer);
  if (const auto positive = number.as<std::uint64_t>())
    return msgpack::append_unsigned(to, *positive);
  msgpack::append_double(to, number.as<double>().value());
}

void append_scalar(std::string& to, std::string_view text) {
  switch (kind_of(text.front())) {
    case JsonKind::string:
      return msgpack::append_text(to, text_of(text));
    case JsonKind::boolean:
      return msgpack::append_boolean(to, text == "true");
    case JsonKind::null:
      return msgpack::append_nil(to);
    default:
      return append_number(to, Json{text});
  }
}

void append_json(std::string& to, std::string_view json, Attachments attachments) {
  JsonTokens tokens{json, attachments.size()};
  const auto sizes = sizes_of(tokens);
  auto size = sizes.begin();
  while (const auto token = tokens.next()) {
    if (token->attachment) {
      msgpack::append_binary(to, attachments[*token->attachment]);
    } else if (token->text == "[") {
      msgpack::append_array(to, *size++);
    } else if (token->text == "{") {
      msgpack::append_map(to, *size++ / 2);
    } else if (!is_closing(*token)) {
      append_scalar(to, token->text);
    }
  }
}

// Attachments are in their places, so that there are no types for packets that have some.
std::uint64_t type_digit(PacketType type) {
  if (type == PacketType::binary_event) type = PacketType::event;
  if (type == PacketType::binary_ack) type = PacketType::ack;
  return static_cast<std::uint64_t>(type);
}

}  // namespace

std::string encode_msgpack(const Header& header, Attachments attachments) {
  std::string message;
  message.reserve(header.json.size() + header.name_space.size() + 32);
  msgpack::append_map(message, 2 + (header.json.empty() ? 0 : 1) + (header.ack ? 1 : 0));
  msgpack::append_text(message, "type");
  msgpack::append_unsigned(message, type_digit(header.type));
  if (!header.json.empty()) {
    msgpack::append_text(message, "data");
    append_json(message, header.json, attachments);
  }
  if (header.ack) {
    msgpack::append_text(message, "id");
    msgpack::append_unsigned(message, static_cast<std::uint64_t>(*header.ack));
  }
  msgpack::append_text(message, "nsp");
  msgpack::append_text(message, header.name_space);
  return message;
}

}  // namespace parley::socketio
