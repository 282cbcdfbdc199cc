#include <parley/base/check.hpp>
#include <parley/websocket/receiver.hpp>
#include <parley/websocket/utf8.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace parley::websocket {

// A frame's header as it stands on the wire (RFC 6455, section 5.2), not yet judged.
struct Receiver::Header {
  bool is_final;
  bool is_compressed;      // RSV1 (RFC 7692, section 6)
  bool has_reserved_bits;  // the other two
  std::uint8_t opcode;
  std::uint64_t payload_size;
  bool is_shortest;  // no shorter form of the length would have done
  std::optional<MaskKey> mask;
  std::size_t size;
};

namespace {

constexpr std::size_t control_bytes_max = 125;  // RFC 6455, section 5.5

std::uint8_t octet(char c) { return static_cast<std::uint8_t>(c); }

bool is_control(Opcode opcode) { return static_cast<std::uint8_t>(opcode) >= 0x8; }

bool is_known(std::uint8_t opcode) { return opcode <= 0x2 || (opcode >= 0x8 && opcode <= 0xa); }

// RFC 6455, section 7.4, and the IANA registry: those a peer may put on the wire.
bool is_close_code(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

// Unmasks in place, and returns the key turned to where the next byte needs it.
MaskKey unmask(std::span<char> bytes, MaskKey key) {
  std::array<char, 8> pattern;
  std::ranges::copy(key, std::ranges::copy(key, pattern.begin()).out);
  const auto pattern_word = std::bit_cast<std::uint64_t>(pattern);
  std::size_t at = 0;
  for (; at + pattern.size() <= bytes.size(); at += pattern.size()) {
    std::uint64_t word;
    std::memcpy(&word, &bytes[at], sizeof word);
    word ^= pattern_word;
    std::memcpy(&bytes[at], &word, sizeof word);
  }
  for (std::size_t i = 0; at < bytes.size(); ++at, ++i)
    bytes[at] = static_cast<char>(bytes[at] ^ pattern[i]);
  if (const auto turn = bytes.size() % key.size(); turn != 0)
    std::ranges::rotate(key, key.begin() + static_cast<std::ptrdiff_t>(turn));
  return key;
}

std::string_view view(std::span<const char> bytes) { return {bytes.data(), bytes.size()}; }

}  // namespace

void Receiver::receive(std::span<char> bytes) {
  PARLEY_CHECK(input_.empty());
  forget_shown();
  if (!finished_) input_ = bytes;
}

std::optional<Event> Receiver::poll() {
  forget_shown();
  while (!finished_) {
    if (!frame_) {
      const auto header = next_header();
      if (!header) return std::nullopt;
      if (const auto fault = fault_in(*header)) return fail(*fault);
      begin(*header);
    }
    if (auto event = is_control(frame_->opcode) ? take_control() : take_data()) return event;
    if (frame_) return std::nullopt;
  }
  return std::nullopt;
}

// Its memory too; but a string that holds none is not worth the assignment for every message.
void Receiver::forget_shown() {
  if (!shown_.empty()) shown_ = {};
}

std::optional<Receiver::Header> Receiver::next_header() {
  const auto parse = [](std::string_view bytes) -> std::optional<Header> {
    if (bytes.size() < 2) return std::nullopt;
    const auto short_length = octet(bytes[1]) & 0x7fU;
    const std::size_t length_bytes = short_length < 126 ? 0 : short_length == 126 ? 2 : 8;
    const bool is_masked = (octet(bytes[1]) & 0x80U) != 0;
    const std::size_t size = 2 + length_bytes + (is_masked ? 4 : 0);
    if (bytes.size() < size) return std::nullopt;

    std::uint64_t length = length_bytes == 0 ? short_length : 0;
    for (std::size_t i = 0; i < length_bytes; ++i) length = length << 8 | octet(bytes[2 + i]);
    std::optional<MaskKey> mask;
    if (is_masked) std::ranges::copy(bytes.substr(size - 4, 4), mask.emplace().begin());
    return Header{.is_final = (octet(bytes[0]) & 0x80U) != 0,
                  .is_compressed = (octet(bytes[0]) & 0x40U) != 0,
                  .has_reserved_bits = (octet(bytes[0]) & 0x30U) != 0,
                  .opcode = static_cast<std::uint8_t>(octet(bytes[0]) & 0x0fU),
                  .payload_size = length,
                  .is_shortest = length_bytes == 0 || length > (length_bytes == 2 ? 125 : 0xffff),
                  .mask = mask,
                  .size = size};
  };

  if (partial_.empty()) {
    if (auto header = parse(view(input_))) {
      input_ = input_.subspan(header->size);
      return header;
    }
  }
  while (!input_.empty()) {
    partial_ += input_.front();
    input_ = input_.subspan(1);
    if (auto header = parse(partial_)) {
      partial_ = {};
      return header;
    }
  }
  return std::nullopt;
}

std::optional<CloseCode> Receiver::fault_in(const Header& header) const {
  constexpr auto top_bit = std::uint64_t{1} << 63;
  if (header.has_reserved_bits || !is_known(header.opcode) || !header.is_shortest ||
      header.payload_size >= top_bit || header.mask.has_value() != (own_role_ == Role::server))
    return CloseCode::protocol_error;

  const auto opcode = static_cast<Opcode>(header.opcode);
  const bool begins_message = opcode == Opcode::text || opcode == Opcode::binary;
  if (header.is_compressed && (inflater_ == nullptr || !begins_message))
    return CloseCode::protocol_error;
  if (is_control(opcode)) {
    if (!header.is_final || header.payload_size > control_bytes_max)
      return CloseCode::protocol_error;
    return std::nullopt;
  }
  const bool continues = opcode == Opcode::continuation;
  if (continues != kind_.has_value()) return CloseCode::protocol_error;
  if (header.payload_size > limits_.message_bytes_max - message_.size())
    return CloseCode::message_too_big;
  return std::nullopt;
}

void Receiver::begin(const Header& header) {
  const auto opcode = static_cast<Opcode>(header.opcode);
  frame_ = Frame{.opcode = opcode,
                 .is_final = header.is_final,
                 .mask = header.mask,
                 .left = header.payload_size};
  if (opcode == Opcode::text || opcode == Opcode::binary) is_compressed_ = header.is_compressed;
  if (opcode == Opcode::text) kind_ = MessageKind::text;
  if (opcode == Opcode::binary) kind_ = MessageKind::binary;
}

bool Receiver::is_between_messages() const {
  return !finished_ && input_.empty() && partial_.empty() && !frame_ && !kind_;
}

// As much of the frame's payload as has come, unmasked.
std::span<char> Receiver::take_payload() {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(frame_->left, input_.size()));
  const auto bytes = input_.first(size);
  input_ = input_.subspan(size);
  frame_->left -= size;
  if (frame_->mask) frame_->mask = unmask(bytes, *frame_->mask);
  return bytes;
}

std::optional<Event> Receiver::take_data() {
  auto payload = view(take_payload());
  const bool is_frame_whole = frame_->left == 0;
  const bool is_message_whole = is_frame_whole && frame_->is_final;
  if (!is_message_whole || !message_.empty()) {
    message_.append(payload);
    if (is_frame_whole) frame_.reset();
    if (!is_message_whole) return std::nullopt;
    shown_ = std::exchange(message_, {});
    payload = shown_;
  }
  frame_.reset();
  return message_event(payload);
}

Event Receiver::message_event(std::string_view payload) {
  const auto kind = *std::exchange(kind_, std::nullopt);
  if (is_compressed_) {
    const auto inflated = inflater_->inflate(payload, limits_.message_bytes_max);
    if (!inflated) return fail(inflated.error());
    payload = *inflated;
  }
  if (kind == MessageKind::text && !is_utf8(payload)) return fail(CloseCode::invalid_payload);
  return Message{kind, payload};
}

std::optional<Event> Receiver::take_control() {
  auto payload = view(take_payload());
  if (frame_->left > 0 || !partial_.empty()) {
    partial_.append(payload);
    if (frame_->left > 0) return std::nullopt;
    shown_ = std::exchange(partial_, {});
    payload = shown_;
  }
  const auto opcode = frame_->opcode;
  frame_.reset();
  if (opcode == Opcode::ping) return Ping{payload};
  if (opcode == Opcode::pong) return Pong{payload};
  return close_event(payload);
}

Event Receiver::close_event(std::string_view payload) {
  if (payload.size() == 1) return fail(CloseCode::protocol_error);
  finished_ = true;
  input_ = {};
  if (payload.empty()) return PeerClose{};
  const auto code = static_cast<std::uint16_t>(octet(payload[0]) << 8 | octet(payload[1]));
  const auto reason = payload.substr(2);
  if (!is_close_code(code)) return fail(CloseCode::protocol_error);
  if (!is_utf8(reason)) return fail(CloseCode::invalid_payload);
  return PeerClose{code, reason};
}

Event Receiver::fail(CloseCode code) {
  finished_ = true;
  input_ = {};
  message_ = {};
  return Violation{code};
}

}  // namespace parley::websocket
