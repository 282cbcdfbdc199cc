// Many packets as the body of one HTTP message, in the three forms that there are: Engine.IO 4,
// "Packet encoding", and Engine.IO 3, "Payload".

#include "packet_text.hpp"

#include <parley/engineio/packet.hpp>
#include <parley/websocket/utf8.hpp>

#include <algorithm>
#include <utility>

namespace parley::engineio {

namespace {

constexpr char separator = '\x1e';
constexpr char colon = ':';
constexpr char end_of_length = '\xff';  // in a header of bytes: 0 or 1, decimal digits 0 to 9, this

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t utf16_units(char lead) {
  if (continues_a_character(lead)) return 0;
  return static_cast<unsigned char>(lead) < 0xF0 ? 1 : 2;
}

std::size_t utf16_size(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) units += utf16_units(c);
  return units;
}

// How many bytes of `text` are that many UTF-16 code units; empty if there is no such border.
std::optional<std::size_t> bytes_of_utf16(std::string_view text, std::size_t units) {
  std::size_t at = 0;
  while (units > 0 && at < text.size()) {
    const auto of_this = utf16_units(text[at++]);
    if (of_this > units) return std::nullopt;
    units -= of_this;
  }
  while (at < text.size() && continues_a_character(text[at])) ++at;
  return units == 0 ? std::optional{at} : std::nullopt;
}

// What `digits` say, if that is at most `limit`; `zero` is the first of the ten.
std::optional<std::size_t> decimal(std::string_view digits, char zero, std::size_t limit) {
  if (digits.empty()) return std::nullopt;
  std::size_t value = 0;
  for (const char digit : digits) {
    if (digit < zero || digit > zero + 9) return std::nullopt;
    value = value * 10 + static_cast<std::size_t>(digit - zero);
    if (value > limit) return std::nullopt;
  }
  return value;
}

void append_counted(std::string& body, const Packet& packet) {
  std::string text;
  append_text(text, packet, Revision::v3);
  body += std::to_string(utf16_size(text));
  body += colon;
  body += text;
}

void append_counted_in_bytes(std::string& body, const Packet& packet) {
  const bool is_text = packet.kind == MessageKind::text;
  body += is_text ? '\x00' : '\x01';
  for (const char digit : std::to_string(packet.data.size() + 1))
    body += static_cast<char>(digit - '0');
  body += end_of_length;
  body += is_text ? static_cast<char>(packet.type) : message_byte;
  body += packet.data;
}

Result<Packet, PacketFault> checked_text(std::string_view text, Revision revision, Arena& arena) {
  if (!websocket::is_utf8(text)) return std::unexpected{PacketFault::bad_utf8};
  return decode_text(text, revision, arena);
}

// Each takes one packet and leaves in `rest` what is behind it, nothing at all after the last.
using Rest = std::optional<std::string_view>;

Result<Packet, PacketFault> take_separated(Rest& rest, Arena& arena) {
  const auto body = *std::exchange(rest, std::nullopt);
  const auto end = body.find(separator);
  if (end != body.npos) rest = body.substr(end + 1);
  return checked_text(body.substr(0, end), Revision::v4, arena);
}

Result<Packet, PacketFault> take_counted(Rest& rest, Arena& arena) {
  const auto body = *std::exchange(rest, std::nullopt);
  if (body.empty()) return std::unexpected{PacketFault::empty};
  const auto end = body.find(colon);
  if (end == body.npos) return std::unexpected{PacketFault::bad_length};
  const auto behind = body.substr(end + 1);
  const auto units = decimal(body.substr(0, end), '0', behind.size());
  const auto size = units ? bytes_of_utf16(behind, *units) : std::nullopt;
  if (!size) return std::unexpected{PacketFault::bad_length};
  if (*size < behind.size()) rest = behind.substr(*size);
  return checked_text(behind.substr(0, *size), Revision::v3, arena);
}

Result<Packet, PacketFault> take_counted_in_bytes(Rest& rest, Arena& arena) {
  const auto body = *std::exchange(rest, std::nullopt);
  if (body.empty()) return std::unexpected{PacketFault::empty};
  const bool is_text = body.front() == '\x00';
  if (!is_text && body.front() != '\x01') return std::unexpected{PacketFault::unknown_type};
  const auto end = body.find(end_of_length);
  if (end == body.npos) return std::unexpected{PacketFault::bad_length};
  const auto behind = body.substr(end + 1);
  const auto size = decimal(body.substr(1, end - 1), '\x00', behind.size());
  if (!size) return std::unexpected{PacketFault::bad_length};
  if (*size < behind.size()) rest = behind.substr(*size);
  const auto packet = behind.substr(0, *size);
  return is_text ? checked_text(packet, Revision::v3, arena) : decode_bytes(packet);
}

Result<Packet, PacketFault> take(PayloadFormat format, Rest& rest, Arena& arena) {
  switch (format) {
    case PayloadFormat::separated:
      return take_separated(rest, arena);
    case PayloadFormat::counted:
      return take_counted(rest, arena);
    case PayloadFormat::counted_in_bytes:
      return take_counted_in_bytes(rest, arena);
  }
  return std::unexpected{PacketFault::unknown_type};
}

}  // namespace

PayloadFormat format_for(Dialect dialect, std::span<const Packet> packets) {
  if (dialect.revision == Revision::v4) return PayloadFormat::separated;
  const bool has_bytes = std::ranges::count(packets, MessageKind::binary, &Packet::kind) > 0;
  return has_bytes && dialect.bytes == Dialect::Bytes::bare ? PayloadFormat::counted_in_bytes
                                                            : PayloadFormat::counted;
}

std::string encode_payload(std::span<const Packet> packets, PayloadFormat format) {
  std::string body;
  for (const auto& packet : packets) {
    switch (format) {
      case PayloadFormat::separated:
        if (&packet != packets.data()) body += separator;
        append_text(body, packet, Revision::v4);
        break;
      case PayloadFormat::counted:
        append_counted(body, packet);
        break;
      case PayloadFormat::counted_in_bytes:
        append_counted_in_bytes(body, packet);
        break;
    }
  }
  return body;
}

std::optional<Result<Packet, PacketFault>> PayloadReader::next() {
  if (!rest_) return std::nullopt;
  if (read_++ == packets_max) {
    rest_.reset();
    return std::unexpected{PacketFault::too_many};
  }
  auto packet = take(format_, rest_, arena_);
  if (!packet) rest_.reset();
  return packet;
}

}  // namespace parley::engineio
