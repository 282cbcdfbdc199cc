#include <parley/websocket/deflate.hpp>

#include <algorithm>
#include <charconv>
#include <span>
#include <string>
#include <vector>

namespace parley::websocket {

namespace {

constexpr int own_window_bits = 11;  // Deflater's

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(trimmed(text.substr(0, at)));
    if (at == text.npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// RFC 7692, section 7.1.2: a number from 8 to 15, without leading zeros. Quotes may stand around
// it (RFC 6455, section 9.1).
std::optional<int> window_bits(std::string_view text) {
  if (text.size() > 2 && text.starts_with('"') && text.ends_with('"'))
    text = text.substr(1, text.size() - 2);
  int bits = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, bits);
  if (error != std::errc{} || stop != end || text.front() == '0' || bits < 8 || bits > 15)
    return std::nullopt;
  return bits;
}

// Whether we can keep to what one parameter of an offer asks.
bool is_acceptable(std::string_view name, std::optional<std::string_view> value) {
  if (name == "server_no_context_takeover" || name == "client_no_context_takeover") return !value;
  const auto bits = value ? window_bits(*value) : std::nullopt;
  if (name == "server_max_window_bits") return bits && *bits >= own_window_bits;
  // Our Inflater has the largest window, whatever the client would do with less.
  return name == "client_max_window_bits" && (!value || bits);
}

// The answer to one element of the list, if we take it.
std::optional<std::string> answer_to(std::string_view offer) {
  const auto parts = split(offer, ';');
  if (parts.front() != "permessage-deflate") return std::nullopt;
  std::string answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  std::vector<std::string_view> seen;
  for (const auto part : std::span{parts}.subspan(1)) {
    const auto equals = part.find('=');
    const auto name = trimmed(part.substr(0, equals));
    const auto value =
        equals == part.npos ? std::nullopt : std::optional{trimmed(part.substr(equals + 1))};
    if (!is_acceptable(name, value) || std::ranges::find(seen, name) != seen.end())
      return std::nullopt;
    seen.push_back(name);
    if (name == "server_max_window_bits")
      answer.append("; server_max_window_bits=").append(std::to_string(own_window_bits));
  }
  return answer;
}

}  // namespace

std::optional<std::string> accept_deflate(const HttpRequest& request) {
  for (const auto& field : request.fields) {
    if (!equal_ignoring_case(field.name, "Sec-WebSocket-Extensions")) continue;
    for (const auto offer : split(field.value, ',')) {
      if (auto answer = answer_to(offer)) return answer;
    }
  }
  return std::nullopt;
}

}  // namespace parley::websocket
