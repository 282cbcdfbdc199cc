// What the floor makes of the messages of Engine.IO 4 and Socket.IO 5.

#include "server.hpp"

#include <json.hpp>

#include <parley/websocket/utf8.hpp>

#include <algorithm>
#include <cstring>

namespace parley::bench {

namespace {

constexpr std::string_view no_status;
constexpr std::string_view not_utf8 = "\x03\xef";
constexpr std::string_view event_type = "42";

bool is_served(std::string_view name) { return name == "/rtc" || name == "/broadcast"; }

}  // namespace

void Server::receive(Connection& connection, std::span<char> text) {
  if (!websocket::is_utf8({text.data(), text.size()})) return close(connection, not_utf8);
  switch (text.empty() ? '\0' : text.front()) {
    case '3':
      if (connection.stage == Connection::Stage::awaiting_pong)
        move_to(connection, Connection::Stage::resting);
      return;
    case '4':
      if (!receive_packet(connection, text.subspan(1))) close(connection, no_status);
      return;
    default:
      return close(connection, no_status);
  }
}

/// False if the client broke the protocol.
bool Server::receive_packet(Connection& connection, std::span<char> packet) {
  std::string_view text{packet.data(), packet.size()};
  if (text.empty()) return false;
  const char type = text.front();
  text.remove_prefix(1);
  auto name_space = text.substr(0, text.starts_with('/') ? text.find(',') : 0);
  text.remove_prefix(std::min(text.size(), name_space.empty() ? 0 : name_space.size() + 1));
  if (name_space.empty()) name_space = "/";
  text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));

  if (type == '0') {
    if (!text.empty() && !socketio::scan_json(text)) return false;
    join(connection, name_space);
    return true;
  }
  const bool is_joined = name_space == "/rtc" ? connection.is_in_rtc
                                              : is_served(name_space) && connection.listener != 0;
  if (!is_joined) return false;
  if (type == '1') {
    leave(connection, name_space);
    return true;
  }
  return (type == '2' || type == '3') &&
         receive_event(connection, type == '2' ? name_space : "", text);
}

/// The answer to an event is an array as well, but nobody waits for one: `name_space` is empty.
bool Server::receive_event(Connection& connection, std::string_view name_space,
                           std::string_view json) {
  const auto scanned = socketio::scan_json(json);
  if (!scanned || scanned->value.kind != socketio::JsonKind::array) return false;
  if (name_space.empty()) return true;
  if (!scanned->first || scanned->first->kind != socketio::JsonKind::string) return false;
  const auto name = scanned->first->text;
  if (name_space == "/broadcast") {
    if (name == R"("say")") broadcast(json);
  } else if (name == R"("signal")" && connection.partner) {
    relay(*connection.partner, name_space, json);
  }
  return true;
}

void Server::join(Connection& connection, std::string_view name_space) {
  if (!is_served(name_space)) {
    say(connection, "44" + std::string{name_space} + R"(,{"message":"Invalid namespace"})");
    return;
  }
  say(connection, "40" + std::string{name_space} + R"(,{"sid":")" + sids_.next() + "\"}");
  if (name_space == "/rtc") {
    if (std::exchange(connection.is_in_rtc, true)) return close(connection, no_status);
    seat(connection);
  } else if (connection.listener == 0) {
    listeners_.push_back(&connection);
    connection.listener = static_cast<std::uint32_t>(listeners_.size());
  }
}

void Server::leave(Connection& connection, std::string_view name_space) {
  if (name_space == "/broadcast") {
    const auto place = std::exchange(connection.listener, 0);
    if (place == 0) return;
    auto* last = listeners_.back();
    listeners_.pop_back();
    if (last == &connection) return;
    listeners_[place - 1] = last;
    last->listener = place;
    return;
  }
  connection.is_in_rtc = false;
  if (alone_ == &connection) alone_ = nullptr;
  auto* partner = std::exchange(connection.partner, nullptr);
  if (!partner) return;
  partner->partner = nullptr;
  say(*partner, R"(42/rtc,["left"])");
  seat(*partner);
}

void Server::seat(Connection& connection) {
  if (connection.stage == Connection::Stage::gone) return;
  if (!alone_) {
    alone_ = &connection;
    return;
  }
  auto* caller = std::exchange(alone_, nullptr);
  caller->partner = &connection;
  connection.partner = caller;
  say(*caller, R"(42/rtc,["identify",true])");
  say(connection, R"(42/rtc,["identify",false])");
}

/// `json` lies where it was received, and so behind at least as much as is written in front of it.
void Server::relay(Connection& to, std::string_view name_space, std::string_view json) {
  const auto prefix = event_type.size() + name_space.size() + 1;
  char* const begin = const_cast<char*>(json.data()) - prefix;
  std::memmove(begin + event_type.size(), name_space.data(), name_space.size());
  std::memcpy(begin, event_type.data(), event_type.size());
  begin[prefix - 1] = ',';
  char* const frame = put_header(1, {begin, prefix + json.size()});
  const auto size = static_cast<std::size_t>(json.data() + json.size() - frame);
  if (relayed_to_ == &to) {
    // What comes was masked, what goes is not: there is a gap between the two, and no more.
    std::memmove(relayed_.data() + relayed_.size(), frame, size);
    relayed_ = {relayed_.data(), relayed_.size() + size};
  } else {
    send_relayed();
    relayed_to_ = &to;
    relayed_ = {frame, size};
  }
  if (relaying_ == Relaying::at_once) send_relayed();
}

void Server::broadcast(std::string_view json) {
  said_.assign(header_max, '\0');
  constexpr std::string_view prefix = "42/broadcast,";
  said_.insert(said_.end(), prefix.begin(), prefix.end());
  said_.insert(said_.end(), json.begin(), json.end());
  const auto* frame = put_header(1, std::span{said_}.subspan(header_max));
  const std::string_view bytes{frame, said_.data() + said_.size()};
  // Backwards, because whoever cannot be reached is replaced by the last.
  for (auto i = listeners_.size(); i-- > 0;)
    if (i < listeners_.size()) send(*listeners_[i], bytes);
}

void Server::say(Connection& connection, std::string_view text) {
  said_.assign(header_max, '\0');
  said_.insert(said_.end(), text.begin(), text.end());
  const auto* frame = put_header(1, std::span{said_}.subspan(header_max));
  send(connection, {frame, said_.data() + said_.size()});
}

std::string Server::open_packet() {
  const auto json = R"(0{"sid":")" + sids_.next() +
                    R"(","upgrades":[],"pingInterval":25000,"pingTimeout":20000,)"
                    R"("maxPayload":1000000})";
  std::string frame{static_cast<char>(0x81), static_cast<char>(json.size())};
  return frame + json;
}

}  // namespace parley::bench
