#include "json.hpp"

#include <parley/base/check.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace parley::socketio {

namespace {

bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

std::uint32_t hex_unit(std::string_view four) {
  std::uint32_t unit = 0;
  std::from_chars(four.data(), four.data() + four.size(), unit, 16);
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

void append_escaped(std::string& json, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::string_view special = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  if (const auto at = special.find(c); at != special.npos) {
    json.append("\\").append(1, letters[at]);
    return;
  }
  const auto code = static_cast<unsigned char>(c);
  json.append("\\u00").append(1, digits[code >> 4]).append(1, digits[code & 15]);
}

}  // namespace

// After the first quote that no odd number of backslashes stands before.
std::size_t string_end(std::string_view text) {
  for (std::size_t at = 1;;) {
    const auto quote = text.find('"', at);
    PARLEY_CHECK(quote != text.npos);
    const auto before = text.substr(at, quote - at);
    const auto last_plain = before.find_last_not_of('\\');
    const auto backslashes =
        last_plain == before.npos ? before.size() : before.size() - 1 - last_plain;
    at = quote + 1;
    if (backslashes % 2 == 0) return at;
  }
}

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

Text text_of(std::string_view quoted) {
  if (quoted.find('\\') != quoted.npos) return Text{unescaped(quoted)};
  return Text{quoted.substr(1, quoted.size() - 2)};
}

bool is_named(std::string_view quoted, std::string_view name) {
  const auto inner = quoted.substr(1, quoted.size() - 2);
  if (inner.size() < name.size()) return false;  // an escape is longer than what it means
  return inner == name || (inner.find('\\') != inner.npos && unescaped(quoted) == name);
}

void append_quoted(std::string& json, std::string_view text) {
  json += '"';
  while (!text.empty()) {
    const auto plain = std::ranges::find_if_not(text, is_plain) - text.begin();
    json += text.substr(0, static_cast<std::size_t>(plain));
    text.remove_prefix(static_cast<std::size_t>(plain));
    if (text.empty()) break;
    append_escaped(json, text.front());
    text.remove_prefix(1);
  }
  json += '"';
}

std::string quoted(std::string_view text) {
  std::string json;
  append_quoted(json, text);
  return json;
}

}  // namespace parley::socketio
