#include "json.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>

namespace parley::socketio {

namespace {

constexpr int depth_max = 512;
constexpr std::size_t no_attachment = std::numeric_limits<std::size_t>::max();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

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
  explicit Scanner(std::string_view text) : at_{text.data()}, end_{at_ + text.size()} {}

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
    if (at_ == end_ || depth > depth_max) return std::nullopt;
    const auto kind = kind_of(*at_);
    if (!pass(kind, depth)) return std::nullopt;
    return JsonValue{kind, {start, at_}};
  }

  static JsonKind kind_of(char c) {
    switch (c) {
      case '{':
        return JsonKind::object;
      case '[':
        return JsonKind::array;
      case '"':
        return JsonKind::string;
      case 't':
      case 'f':
      case 'n':
        return JsonKind::literal;
      default:
        return JsonKind::number;
    }
  }

  bool pass(JsonKind kind, int depth) {
    switch (kind) {
      case JsonKind::object:
        return pass_object(depth);
      case JsonKind::array:
        return pass_array(depth);
      case JsonKind::string:
        return pass_string();
      case JsonKind::literal:
        return take("true") || take("false") || take("null");
      case JsonKind::number:
        break;
    }
    return pass_number();
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
    ++at_;
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
    if (is_placeholder) note_placeholder(number);
    return true;
  }

  static bool is_named(std::string_view key, std::string_view name) {
    const auto inner = key.substr(1, key.size() - 2);
    return inner == name || (inner.find('\\') != inner.npos && unescaped(key) == name);
  }

  void note_placeholder(std::string_view number) {
    std::size_t value = 0;
    const auto* end = number.data() + number.size();
    const auto [stop, error] = std::from_chars(number.data(), end, value);
    const bool is_index = error == std::errc{} && stop == end && value < no_attachment;
    placeholders_end_ = std::max(placeholders_end_, is_index ? value + 1 : no_attachment);
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
    const bool is_hex =
        end_ - at_ >= 4 && std::all_of(at_, at_ + 4, [](char c) { return hex_digit(c) >= 0; });
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
};

bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

std::uint32_t hex_unit(std::string_view four) {
  std::uint32_t unit = 0;
  for (const char c : four) unit = unit << 4 | static_cast<std::uint32_t>(hex_digit(c));
  return unit;
}

void append_utf8(std::string& text, std::uint32_t point) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (point >> shift & 0x3f)); };
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xc0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    text += static_cast<char>(0xe0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xf0 | point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

/// Takes one `\u` escape, or the two of a surrogate pair, off `rest`, which begins with four
/// digits.
std::uint32_t take_code_point(std::string_view& rest) {
  constexpr std::uint32_t replacement = 0xfffd;
  const auto unit = hex_unit(rest.substr(0, 4));
  rest.remove_prefix(4);
  if (is_low_surrogate(unit)) return replacement;
  if (!is_high_surrogate(unit)) return unit;
  if (!rest.starts_with("\\u")) return replacement;
  const auto low = hex_unit(rest.substr(2, 4));
  if (!is_low_surrogate(low)) return replacement;
  rest.remove_prefix(6);
  return 0x10000 + ((unit - 0xd800) << 10 | (low - 0xdc00));
}

char simple_escape(char escape) {
  switch (escape) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return escape;
  }
}

}  // namespace

std::optional<JsonText> scan_json(std::string_view text) { return Scanner{text}.whole(); }

std::string unescaped(std::string_view quoted) {
  auto rest = quoted.substr(1, quoted.size() - 2);
  std::string text;
  text.reserve(rest.size());
  while (!rest.empty()) {
    const auto plain = std::min(rest.find('\\'), rest.size());
    text += rest.substr(0, plain);
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    const char escape = rest[1];
    rest.remove_prefix(2);
    if (escape == 'u') {
      append_utf8(text, take_code_point(rest));
    } else {
      text += simple_escape(escape);
    }
  }
  return text;
}

std::string quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string json = "\"";
  for (const char c : text) {
    if (is_plain(c)) {
      json += c;
    } else if (c == '"' || c == '\\') {
      json.append("\\").append(1, c);
    } else {
      const auto code = static_cast<unsigned char>(c);
      json.append("\\u00").append(1, digits[code >> 4]).append(1, digits[code & 15]);
    }
  }
  return json += '"';
}

}  // namespace parley::socketio
