#include <parley/socketio/packet.hpp>

#include <algorithm>
#include <charconv>

namespace parley::socketio {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Cuts the run of digits off the front of `text`. Leading zeros are tolerated, as in the field.
std::string_view take_digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto* end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, value).ec != std::errc{}) return std::nullopt;
  return value;
}

bool is_binary(PacketType type) {
  return type == PacketType::binary_event || type == PacketType::binary_ack;
}

Result<std::size_t, Violation> take_attachments(std::string_view& text) {
  const auto count = number(take_digits(text));
  if (!count || *count == 0 || !text.starts_with('-'))
    return std::unexpected{Violation::illegal_attachments};
  text.remove_prefix(1);
  return *count;
}

std::string_view take_namespace(std::string_view& text) {
  if (!text.starts_with('/')) return "/";
  const auto name = text.substr(0, text.find(','));
  text.remove_prefix(std::min(name.size() + 1, text.size()));
  return name;
}

}  // namespace

Result<Header, Violation> parse(std::string_view text) {
  if (text.empty()) return std::unexpected{Violation::empty_message};
  if (text.front() < '0' || text.front() > '6')
    return std::unexpected{Violation::unknown_packet_type};
  Header header{.type = static_cast<PacketType>(text.front() - '0')};
  text.remove_prefix(1);

  if (is_binary(header.type)) {
    const auto attachments = take_attachments(text);
    if (!attachments) return std::unexpected{attachments.error()};
    header.attachments = *attachments;
  }
  header.name_space = take_namespace(text);
  if (const auto digits = take_digits(text); !digits.empty()) {
    const auto ack = number(digits);
    if (!ack || *ack > ack_id_max) return std::unexpected{Violation::illegal_ack_id};
    header.ack = AckId{*ack};
  }
  header.json = text;
  return header;
}

std::string encode(const Header& header) {
  std::string text;
  text.reserve(header.name_space.size() + header.json.size() + 32);
  text += static_cast<char>('0' + static_cast<int>(header.type));
  if (is_binary(header.type)) text.append(std::to_string(header.attachments)).append("-");
  if (header.name_space != "/") text.append(header.name_space).append(",");
  if (header.ack) text += std::to_string(static_cast<std::uint64_t>(*header.ack));
  text += header.json;
  return text;
}

}  // namespace parley::socketio
