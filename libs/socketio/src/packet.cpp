#include <parley/socketio/packet.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <tuple>
#include <utility>

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

// A packet's text in the order of the wire, as views.
class Parts {
 public:
  explicit Parts(const Header& header) {
    const auto type = number(std::uint64_t{std::to_underlying(header.type)}, type_);
    parts_[0] = type;
    if (is_binary(header.type)) {
      parts_[1] = number(header.attachments, attachments_);
      parts_[2] = "-";
    }
    if (header.name_space != "/") {
      parts_[3] = header.name_space;
      parts_[4] = ",";
    }
    if (header.ack) parts_[5] = number(std::to_underlying(*header.ack), ack_);
    parts_[6] = header.json;
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  std::size_t size() const {
    return std::accumulate(parts_.begin(), parts_.end(), std::size_t{0},
                           [](auto sum, auto part) { return sum + part.size(); });
  }

  void write(char* at) const {
    for (const auto part : parts_) at += part.copy(at, part.size());
  }

 private:
  using Digits = std::array<char, 20>;

  static std::string_view number(std::uint64_t value, Digits& digits) {
    const auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return {digits.data(), static_cast<std::size_t>(end - digits.data())};
  }

  Digits type_, attachments_, ack_;
  std::array<std::string_view, 7> parts_;
};

}  // namespace

PacketType with_attachments(PacketType type) {
  if (type == PacketType::event) return PacketType::binary_event;
  if (type == PacketType::ack) return PacketType::binary_ack;
  return type;
}

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

Payload encode(const Header& header, Arena& arena) {
  const Parts parts{header};
  Payload payload{arena, parts.size()};
  parts.write(payload.bytes().data());
  return payload;
}

std::string encode(const Header& header) {
  const Parts parts{header};
  std::string text(parts.size(), '\0');
  parts.write(text.data());
  return text;
}

bool ArgumentsView::operator==(const ArgumentsView& other) const {
  return json == other.json && std::ranges::equal(attachments, other.attachments);
}

bool Packet::operator==(const Packet& other) const {
  const auto shown = [](const Packet& p) {
    return std::tie(p.type, p.name_space, p.ack, p.event, p.arguments);
  };
  return shown(*this) == shown(other);
}

}  // namespace parley::socketio
