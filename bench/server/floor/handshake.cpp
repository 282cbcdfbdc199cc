#include "handshake.hpp"

#include <parley/base/http.hpp>
#include <parley/websocket/handshake.hpp>

#include <optional>

namespace parley::bench {

namespace {

std::string_view take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  const auto line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 2);
  return line;
}

std::optional<std::string_view> field(std::string_view head, std::string_view name) {
  take_line(head);
  while (!head.empty()) {
    const auto line = take_line(head);
    const auto colon = line.find(':');
    if (colon == line.npos || !equal_ignoring_case(line.substr(0, colon), name)) continue;
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
    return value;
  }
  return std::nullopt;
}

bool has_parameter(std::string_view query, std::string_view parameter) {
  while (!query.empty()) {
    const auto end = query.find('&');
    if (query.substr(0, end) == parameter) return true;
    query.remove_prefix(end == query.npos ? query.size() : end + 1);
  }
  return false;
}

Handshake refusal(std::string_view json) {
  return {false,
          "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json"
          "\r\nContent-Length: " +
              std::to_string(json.size()) + "\r\n\r\n" + std::string{json}};
}

}  // namespace

Handshake shake_hands(std::string_view head) {
  auto rest = head;
  const auto line = take_line(rest);
  constexpr std::string_view begin = "GET /socket.io/?";
  if (!line.starts_with(begin) || !line.ends_with(" HTTP/1.1"))
    return refusal(R"({"code":2,"message":"Bad handshake method"})");
  const auto query = line.substr(begin.size(), line.find(' ', begin.size()) - begin.size());
  if (!has_parameter(query, "transport=websocket"))
    return refusal(R"({"code":0,"message":"Transport unknown"})");
  if (!has_parameter(query, "EIO=4"))
    return refusal(R"({"code":5,"message":"Unsupported protocol version"})");
  const auto key = field(head, "Sec-WebSocket-Key");
  if (!key || key->size() != 24 || field(head, "Sec-WebSocket-Version") != "13" ||
      !equal_ignoring_case(field(head, "Upgrade").value_or(""), "websocket") ||
      !list_contains(field(head, "Connection").value_or(""), "upgrade"))
    return refusal(R"({"code":3,"message":"Bad request"})");
  return {true,
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade"
          "\r\nSec-WebSocket-Accept: " +
              websocket::accept_key(*key) + "\r\n\r\n"};
}

}  // namespace parley::bench
