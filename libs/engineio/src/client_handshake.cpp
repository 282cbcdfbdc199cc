#include "client_handshake.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>

namespace parley::engineio::client {

namespace {

namespace dom = simdjson::dom;

// A longer time is as good as no heartbeat, and the sum of two of these cannot overflow.
constexpr std::uint64_t heartbeat_max = 24ULL * 60 * 60 * 1000;

std::optional<Duration> duration(const dom::object& object, std::string_view key) {
  std::uint64_t value = 0;
  if (object[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return Duration{std::min(value, heartbeat_max)};
}

bool lists_websocket(const dom::object& object) {
  dom::array upgrades;
  if (object["upgrades"].get(upgrades) != simdjson::SUCCESS) return false;
  return std::ranges::any_of(upgrades, [](const dom::element& upgrade) {
    std::string_view name;
    return upgrade.get(name) == simdjson::SUCCESS && name == "websocket";
  });
}

}  // namespace

std::optional<ServerHandshake> parse_handshake(std::string_view json) {
  dom::parser parser;
  dom::object object;
  std::string_view sid;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS) return std::nullopt;
  if (object["sid"].get(sid) != simdjson::SUCCESS || sid.empty()) return std::nullopt;
  const auto interval = duration(object, "pingInterval");
  const auto timeout = duration(object, "pingTimeout");
  if (!interval || !timeout) return std::nullopt;
  std::uint64_t max_payload = 0;
  if (object["maxPayload"].get(max_payload) != simdjson::SUCCESS) max_payload = 0;
  return ServerHandshake{.sid = std::string{sid},
                         .offers_websocket = lists_websocket(object),
                         .ping_interval = *interval,
                         .ping_timeout = *timeout,
                         .max_payload = max_payload};
}

}  // namespace parley::engineio::client
