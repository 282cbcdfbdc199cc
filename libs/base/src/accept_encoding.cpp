#include <parley/base/accept_encoding.hpp>

#include <parley/base/http.hpp>

#include <algorithm>

namespace parley {

namespace {

// Cuts off and returns what stands before `separator`, or all there is.
std::string_view take_until(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trimmed(part);
}

// RFC 9110, section 12.4.2: "0", "1" or either with up to three decimals, in thousandths.
int parse_weight(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
  int weight = (text[0] - '0') * 1000;
  if (text.size() > 1 && text[1] != '.') return 0;
  for (int unit = 100; const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (digit < '0' || digit > '9') return 0;
    weight += (digit - '0') * unit;
    unit /= 10;
  }
  return std::min(weight, 1000);
}

}  // namespace

int coding_weight(std::string_view accept_encoding, std::string_view coding) {
  int of_others = 0;
  while (!accept_encoding.empty()) {
    auto item = take_until(accept_encoding, ',');
    const auto name = take_until(item, ';');
    item = trimmed(item);
    const bool has_weight = item.starts_with("q=") || item.starts_with("Q=");
    const int weight = has_weight ? parse_weight(trimmed(item.substr(2))) : 1000;
    if (equal_ignoring_case(name, coding)) return weight;
    if (name == "*") of_others = weight;
  }
  return of_others;
}

}  // namespace parley
