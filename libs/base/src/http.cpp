#include <parley/base/http.hpp>

#include <algorithm>

namespace parley {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// A '%' that two hexadecimal digits do not follow stands for itself, as URLSearchParams has it.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const int high = c == '%' && at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[at + 2]) : -1;
    if (low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      at += 2;
    } else {
      decoded += c == '+' ? ' ' : c;
    }
  }
  return decoded;
}

}  // namespace

std::optional<std::string_view> HttpRequest::field(std::string_view name) const {
  const auto found = std::ranges::find_if(
      fields, [name](const auto& entry) { return equal_ignoring_case(entry.name, name); });
  if (found == fields.end()) return std::nullopt;
  return found->value;
}

std::string_view HttpRequest::path() const {
  return std::string_view{target}.substr(0, target.find('?'));
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool list_contains(std::string_view value, std::string_view token) {
  while (!value.empty()) {
    const auto comma = value.find(',');
    if (equal_ignoring_case(trimmed(value.substr(0, comma)), token)) return true;
    if (comma == value.npos) return false;
    value.remove_prefix(comma + 1);
  }
  return false;
}

Query::Query(std::string_view target) {
  const auto mark = target.find('?');
  if (mark == target.npos) return;
  auto rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    const auto value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view{};
    entries_.emplace_back(percent_decoded(pair.substr(0, equals)), percent_decoded(value));
  }
}

std::optional<std::string_view> Query::get(std::string_view key) const {
  const auto found = std::find_if(entries_.rbegin(), entries_.rend(), [key](const auto& entry) {
    return std::string_view{entry.first} == key;
  });
  if (found == entries_.rend()) return std::nullopt;
  return found->second;
}

}  // namespace parley
