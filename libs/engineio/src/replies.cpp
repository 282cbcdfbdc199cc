#include "replies.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace parley::engineio {

namespace {

struct Row {
  unsigned code;
  unsigned status;
  unsigned upgrade_status;
  std::string_view text;
};

// Engine.IO has no code for our own reasons; 4 is the one whose text a server may choose.
constexpr std::array<Row, 8> table{{
    {0, 400, 400, "Transport unknown"},
    {1, 400, 400, "Session ID unknown"},
    {2, 400, 400, "Bad handshake method"},
    {3, 400, 400, "Bad request"},
    {4, 403, 400, "Forbidden"},
    {5, 400, 400, "Unsupported protocol version"},
    {4, 403, 400, "Forbidden"},
    {4, 503, 503, "Too many sessions"},
}};

const Row& row(Fault fault) { return table[static_cast<std::size_t>(fault)]; }

HttpResponse response(unsigned status, Fields own, Fields besides, std::string body) {
  own.insert(own.end(), std::make_move_iterator(besides.begin()),
             std::make_move_iterator(besides.end()));
  return {.status = status, .fields = std::move(own), .body = std::move(body)};
}

// As a JSON string (RFC 8259, section 7); `text` is UTF-8.
std::string quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json.append({'\\', c});
    } else if (c >= '\0' && c < ' ') {
      json.append("\\u00").append(
          {digits[static_cast<std::size_t>(c) / 16], digits[static_cast<std::size_t>(c) % 16]});
    } else {
      json += c;
    }
  }
  return json + '"';
}

std::string_view text(SameSite same_site) {
  switch (same_site) {
    case SameSite::strict:
      return "Strict";
    case SameSite::lax:
      return "Lax";
    case SameSite::none:
      return "None";
  }
  return "";
}

bool may_upgrade(Transport transport, const Options& options) {
  return transport == Transport::polling && options.allow_upgrades &&
         std::ranges::count(options.transports, Transport::websocket) > 0;
}

}  // namespace

Refusal::Refusal(Fault why) : fault{why}, message{row(why).text} {}

unsigned Refusal::code() const { return row(fault).code; }

HttpResponse refusal_response(const Refusal& refusal, Fields fields) {
  auto body = R"({"code":)" + std::to_string(refusal.code()) + R"(,"message":)" +
              quoted(refusal.message) + "}";
  return response(row(refusal.fault).status, {{"Content-Type", "application/json"}},
                  std::move(fields), std::move(body));
}

HttpResponse upgrade_refusal_response(const Refusal& refusal, Fields fields) {
  return response(row(refusal.fault).upgrade_status, {{"Content-Type", "text/html"}},
                  std::move(fields), refusal.message);
}

HttpResponse payload_response(Dialect dialect, std::span<const Packet> packets, Fields fields) {
  const auto format = format_for(dialect, packets);
  const auto* type = format == PayloadFormat::counted_in_bytes ? "application/octet-stream"
                                                               : "text/plain; charset=UTF-8";
  return response(200, {{"Content-Type", type}, {"cache-control", "no-store"}}, std::move(fields),
                  encode_payload(packets, format));
}

HttpResponse ok_response(Fields fields) {
  return response(200, {{"Content-Type", "text/html"}, {"cache-control", "no-store"}},
                  std::move(fields), "ok");
}

HttpResponse empty_response(unsigned status, Fields fields) {
  return response(status, {}, std::move(fields), "");
}

std::string open_data(std::string_view sid, Transport transport, const Options& options) {
  return R"({"sid":")" + std::string{sid} + R"(","upgrades":[)" +
         (may_upgrade(transport, options) ? R"("websocket")" : "") + R"(],"pingInterval":)" +
         std::to_string(options.ping_interval.count()) + R"(,"pingTimeout":)" +
         std::to_string(options.ping_timeout.count()) + R"(,"maxPayload":)" +
         std::to_string(options.max_http_buffer_size) + "}";
}

std::string cookie_value(const Cookie& cookie, std::string_view sid) {
  auto value = cookie.name + "=" + std::string{sid};
  if (cookie.max_age) value += "; Max-Age=" + std::to_string(cookie.max_age->count());
  if (cookie.domain) value += "; Domain=" + *cookie.domain;
  value += "; Path=" + cookie.path;
  if (cookie.http_only) value += "; HttpOnly";
  if (cookie.secure) value += "; Secure";
  return value.append("; SameSite=").append(text(cookie.same_site));
}

}  // namespace parley::engineio
