#include "json.hpp"

#include <algorithm>
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

constexpr std::uint64_t every_byte(std::uint64_t byte) { return byte * 0x0101010101010101; }

// The high bit of each byte of `word` below `bound`, exact up to the first such byte.
constexpr std::uint64_t bytes_below(std::uint64_t word, std::uint64_t bound) {
  return (word - every_byte(bound)) & ~word & every_byte(0x80);
}

// Zero if all of eight characters are plain; else its lowest set bit is in the first that is not. A
// session description is one long string, so that this is where the time goes.
std::uint64_t not_plain(const char* eight) {
  static_assert(std::endian::native == std::endian::little,
                "the first character is the lowest byte");
  std::uint64_t word;
  std::memcpy(&word, eight, sizeof word);
  return bytes_below(word, 0x20) | bytes_below(word ^ every_byte('"'), 1) |
         bytes_below(word ^ every_byte('\\'), 1);
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
    const char* at = at_;  // a local, so that eight characters do not wait for the eight before
    std::uint64_t found = 0;
    while (found == 0 && end_ - at >= 8) {
      found = not_plain(at);
      at += found == 0 ? 8 : std::countr_zero(found) / 8;
    }
    while (found == 0 && at != end_ && is_plain(*at)) ++at;
    at_ = at;
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
