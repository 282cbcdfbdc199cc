#include "describe.hpp"

#include <map>
#include <utility>

namespace parley::admin {

using socketio::Json;
using socketio::JsonWriter;

namespace {

using Names = std::map<std::string, std::string>;

Names headers_of(const socketio::Handshake& handshake) {
  Names headers;
  for (const auto& [name, value] : handshake.headers()) {
    auto& all = headers[std::string{name}];
    all.append(all.empty() ? "" : ", ").append(value);
  }
  return headers;
}

Names query_of(const socketio::Handshake& handshake) {
  const auto query = handshake.query();
  return {query.entries().begin(), query.entries().end()};
}

// As a proxy in front of the server says it.
std::string_view address_of(const socketio::Handshake& handshake) {
  for (const auto* name : {"cf-connecting-ip", "x-forwarded-for"})
    if (const auto address = handshake.header(name)) return *address;
  return handshake.address();
}

// What the application shares of it.
std::string_view data_of(const socketio::Socket& socket) {
  const auto* shared = std::any_cast<socketio::SharedData>(socket.data());
  return shared ? std::string_view{shared->json} : "{}";
}

void write(JsonWriter& json, const socketio::Handshake& handshake) {
  json.object("address", address_of(handshake), "headers", headers_of(handshake), "query",
              query_of(handshake), "issued", handshake.issued().time_since_epoch().count(),
              "secure", handshake.secure(), "time", handshake.time(), "url", handshake.url(),
              "xdomain", handshake.xdomain());
}

}  // namespace

std::string describe(const socketio::Socket& socket, std::string_view server_id) {
  const auto* handshake = socket.handshake();
  if (!handshake) return "{}";
  std::string text;
  JsonWriter json{text};
  json.begin_object();
  json.member("id", socket.id());
  json.member("clientId", std::string{server_id} + '-' +
                              std::to_string(std::to_underlying(*socket.connection())));
  json.member("transport", socketio::text(*socket.transport()));
  json.member("nsp", socket.name_space()->name());
  json.member("data", Json{data_of(socket)});
  json.name("handshake");
  write(json, *handshake);
  json.member("rooms", socket.rooms());
  json.end_object();
  return text;
}

std::string describe(const socketio::Traffic& traffic, const socketio::Traffic& before,
                     std::chrono::sys_time<Duration> now) {
  const auto timestamp = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  const auto milliseconds = Duration{timestamp}.count();
  std::string text;
  JsonWriter json{text};
  json.begin_array();
  const auto add = [&](std::string_view type, std::uint64_t count) {
    if (count > 0) json.object("timestamp", milliseconds, "type", type, "count", count);
  };
  add("rawConnection", traffic.opened - before.opened);
  add("packetsIn", traffic.packets_in - before.packets_in);
  add("bytesIn", traffic.bytes_in - before.bytes_in);
  add("packetsOut", traffic.packets_out - before.packets_out);
  add("bytesOut", traffic.bytes_out - before.bytes_out);
  for (const auto& [reason, count] : traffic.closed) {
    const auto known = before.closed.find(reason);
    const auto more = count - (known == before.closed.end() ? 0 : known->second);
    if (more > 0)
      json.object("timestamp", milliseconds, "type", "rawDisconnection", "subType",
                  socketio::text(reason), "count", more);
  }
  json.end_array();
  return text;
}

}  // namespace parley::admin
