#include "replies.hpp"

#include <array>
#include <utility>

namespace parley::engineio {

namespace {

struct Row {
  unsigned code;
  unsigned status;
  std::string_view text;
};

// Engine.IO has no code for our limit; 4 is the one whose text a server may choose.
constexpr std::array<Row, 7> table{{
    {0, 400, "Transport unknown"},
    {1, 400, "Session ID unknown"},
    {2, 400, "Bad handshake method"},
    {3, 400, "Bad request"},
    {4, 403, "Forbidden"},
    {5, 400, "Unsupported protocol version"},
    {4, 503, "Too many sessions"},
}};

const Row& row(Refusal refusal) { return table[static_cast<std::size_t>(refusal)]; }

HttpResponse response(unsigned status, Fields own, Fields besides, std::string body) {
  own.insert(own.end(), std::make_move_iterator(besides.begin()),
             std::make_move_iterator(besides.end()));
  return {.status = status, .fields = std::move(own), .body = std::move(body)};
}

}  // namespace

unsigned code_of(Refusal refusal) { return row(refusal).code; }

std::string_view text(Refusal refusal) { return row(refusal).text; }

HttpResponse refusal_response(Refusal refusal, Fields fields) {
  auto body = R"({"code":)" + std::to_string(code_of(refusal)) + R"(,"message":")" +
              std::string{text(refusal)} + R"("})";
  return response(row(refusal).status, {{"Content-Type", "application/json"}}, std::move(fields),
                  std::move(body));
}

HttpResponse upgrade_refusal_response(Refusal refusal, Fields fields) {
  const unsigned status = refusal == Refusal::too_many_sessions ? 503 : 400;
  return response(status, {{"Content-Type", "text/html"}}, std::move(fields),
                  std::string{text(refusal)});
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

std::string open_data(std::string_view sid, Upgrades upgrades, const Options& options) {
  return R"({"sid":")" + std::string{sid} + R"(","upgrades":[)" +
         (upgrades == Upgrades::websocket ? R"("websocket")" : "") + R"(],"pingInterval":)" +
         std::to_string(options.ping_interval.count()) + R"(,"pingTimeout":)" +
         std::to_string(options.ping_timeout.count()) + R"(,"maxPayload":)" +
         std::to_string(options.max_http_buffer_size) + "}";
}

}  // namespace parley::engineio
