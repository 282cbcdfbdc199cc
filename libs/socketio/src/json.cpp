#include "json.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>

namespace parley::socketio {

namespace {

constexpr std::size_t no_attachment = std::numeric_limits<std::size_t>::max();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// How many characters the machine looks at in one step. A session description is one long string,
// so that this is where the time goes.
using Block = unsigned char __attribute__((vector_size(16)));

// How many of a block's characters are plain before the first that is not.
std::size_t plain_at(const char* start) {
  static_assert(std::endian::native == std::endian::little,
                "the first character is the lowest byte");
  Block block;
  std::memcpy(&block, start, sizeof block);
  const auto found = (block < 0x20) | (block == '"') | (block == '\\');
  const auto [low, high] = std::bit_cast<std::array<std::uint64_t, 2>>(found);
  if (low != 0) return static_cast<std::size_t>(std::countr_zero(low)) / 8;
  return 8 + static_cast<std::size_t>(std::countr_zero(high)) / 8;
}

bool is_simple_escape(char c) {
  return c == 'n' || c == 'r' || c == '"' || c == '\\' || c == '/' || c == 't' || c == 'b' ||
         c == 'f';
}

class Scanner {
 public:
  explicit Scanner(std::string_view text, std::vector<Placeholder>* placeholders = nullptr)
      : at_{text.data()}, end_{at_ + text.size()}, placeholders_{placeholders} {}

  std::optional<JsonText> whole() {
    skip_space();
    const auto value = scan(0);
    skip_space();
    if (!value || at_ != end_) return std::nullopt;
    return JsonText{*value, first_, placeholders_end_};
  }

 private:
  std::optional<JsonValue> scan(int depth) {
    const char* start = at_;
    if (at_ == end_ || depth > json_depth_max) return std::nullopt;
    const auto kind = kind_of(*at_);
    if (!pass(kind, depth)) return std::nullopt;
    return JsonValue{kind, {start, at_}};
  }

  bool pass(JsonKind kind, int depth) {
    switch (kind) {
      case JsonKind::object:
        return pass_object(depth);
      case JsonKind::array:
        return pass_array(depth);
      case JsonKind::string:
        return pass_string();
      case JsonKind::boolean:
        return take("true") || take("false");
      case JsonKind::null:
        return take("null");
      case JsonKind::number:
        return pass_number();
      case JsonKind::undefined:
        break;
    }
    return false;
  }

  bool pass_array(int depth) {
    ++at_;
    skip_space();
    if (take(']')) return true;
    for (;;) {
      const auto element = scan(depth + 1);
      if (!element) return false;
      if (depth == 0 && !first_) first_ = element;
      skip_space();
      if (take(']')) return true;
      if (!take(',')) return false;
      skip_space();
    }
  }

  bool pass_object(int depth) {
    const char* start = at_++;
    skip_space();
    if (take('}')) return true;
    bool is_placeholder = false;
    std::string_view number;
    for (;;) {
      const char* key_start = at_;
      if (at_ == end_ || *at_ != '"' || !pass_string()) return false;
      const std::string_view key{key_start, at_};
      skip_space();
      if (!take(':')) return false;
      skip_space();
      const auto value = scan(depth + 1);
      if (!value) return false;
      if (is_named(key, "_placeholder")) is_placeholder = value->text == "true";
      if (is_named(key, "num")) number = value->text;
      skip_space();
      if (take('}')) break;
      if (!take(',')) return false;
      skip_space();
    }
    if (is_placeholder) note_placeholder({start, at_}, number);
    return true;
  }

  void note_placeholder(std::string_view object, std::string_view number) {
    std::size_t value = 0;
    const auto* end = number.data() + number.size();
    const auto [stop, error] = std::from_chars(number.data(), end, value);
    const bool is_index = error == std::errc{} && stop == end && value < no_attachment;
    placeholders_end_ = std::max(placeholders_end_, is_index ? value + 1 : no_attachment);
    if (placeholders_ == nullptr || !is_index) return;
    // What an object holds besides its being a placeholder has come before it, and is nothing.
    while (!placeholders_->empty() && placeholders_->back().text.data() > object.data())
      placeholders_->pop_back();
    placeholders_->push_back({object, value});
  }

  bool pass_string() {
    ++at_;
    for (;;) {
      skip_plain();
      if (take('"')) return true;
      if (!take('\\') || !pass_escape()) return false;
    }
  }

  void skip_plain() {
    const char* at = at_;  // a local, so that a block does not wait for the one before
    while (static_cast<std::size_t>(end_ - at) >= sizeof(Block)) {
      const auto plain = plain_at(at);
      at += plain;
      if (plain < sizeof(Block)) {
        at_ = at;
        return;
      }
    }
    at_ = std::find_if_not(at, end_, is_plain);
  }

  bool pass_escape() {
    if (at_ == end_) return false;
    const char escape = *at_++;
    if (escape != 'u') return is_simple_escape(escape);
    const bool is_hex = end_ - at_ >= 4 && std::all_of(at_, at_ + 4, is_hex_digit);
    if (is_hex) at_ += 4;
    return is_hex;
  }

  bool pass_number() {
    take('-');
    if (!take('0') && !pass_digits()) return false;
    if (take('.') && !pass_digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return pass_digits();
    }
    return true;
  }

  bool pass_digits() {
    const char* start = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != start;
  }

  bool take(char wanted) {
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  bool take(std::string_view wanted) {
    if (!std::string_view{at_, end_}.starts_with(wanted)) return false;
    at_ += wanted.size();
    return true;
  }

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  const char* at_;
  const char* end_;
  std::optional<JsonValue> first_;
  std::size_t placeholders_end_ = 0;
  std::vector<Placeholder>* placeholders_;
};

}  // namespace

std::optional<JsonText> scan_json(std::string_view text) { return Scanner{text}.whole(); }

std::vector<Placeholder> placeholders_in(std::string_view valid) {
  std::vector<Placeholder> placeholders;
  static_cast<void>(Scanner{valid, &placeholders}.whole());
  return placeholders;
}

JsonKind kind_of(char first) {
  switch (first) {
    case '{':
      return JsonKind::object;
    case '[':
      return JsonKind::array;
    case '"':
      return JsonKind::string;
    case 't':
    case 'f':
      return JsonKind::boolean;
    case 'n':
      return JsonKind::null;
    default:
      return JsonKind::number;
  }
}

}  // namespace parley::socketio
