// What all connections share: reading, writing, their time, and how they end.

#include "host.hpp"

#include <utility>

namespace parley::net {

namespace {

// Requests that were sent before the one before them was answered wait in our memory up to here.
constexpr std::size_t pipelined_bytes_max = 64 * 1024;

bool wants_to_read(Connection& connection) {
  const auto* http = connection.http();
  if (!http || http->stage != HttpStage::answering) return true;
  return connection.transport.backlog() == 0 && http->input.size() < pipelined_bytes_max;
}

Duration time_for(Wait wait, const Limits& limits) {
  switch (wait) {
    case Wait::handshake:
      return limits.handshake_time;
    case Wait::request:
      return limits.idle_time;
    case Wait::header:
      return limits.header_time;
    case Wait::body:
      return limits.body_time;
    case Wait::reader:
      return limits.write_time;
    case Wait::close:
      return limits.close_time;
  }
  std::unreachable();
}

}  // namespace

void Server::Host::note(Transport& transport, const epoll_event& event) {
  if (is_readable(event))
    transport.arrived(is_hang_up(event) ? Arrival::last : Arrival::more_may_come);
  if (is_writable(event)) transport.found_room();
}

void Server::Host::happened(Connection& connection, const epoll_event& event) {
  note(connection.transport, event);
  read(connection);
  if (is_writable(event)) write(connection);
}

void Server::Host::go_on(Connection& connection) {
  if (auto* http = connection.http(); http && !http->input.empty()) serve(connection);
  read(connection);
}

void Server::Host::read(Connection& connection) {
  auto& transport = connection.transport;
  if (connection.gone || !transport.unread() || !wants_to_read(connection)) return;
  const bool was_established = transport.is_established();
  const auto read = transport.read(buffer_);
  if (!was_established && (read.outcome == Outcome::ended || read.outcome == Outcome::failed))
    return give_up_handshake(connection);
  if (!was_established && transport.is_established()) set_deadline(connection, Wait::request);
  came(connection, read, buffer_);
}

void Server::Host::came(Connection& connection, Moved read, std::span<char> buffer) {
  if (read.outcome == Outcome::ended || read.outcome == Outcome::failed) return lost(connection);
  if (read.size > 0) received(connection, buffer.first(read.size));
  if (connection.gone || !connection.transport.unread()) return;
  if (wants_to_read(connection)) ready_.push_back(connection.id);
}

void Server::Host::received(Connection& connection, std::span<char> bytes) {
  if (auto* http = connection.http()) {
    http->input.append(bytes.data(), bytes.size());
    serve(connection);
  } else if (connection.websocket()) {
    receive_frames(connection, bytes);
  }
}

void Server::Host::send(Connection& connection, std::span<const std::string_view> parts) {
  if (connection.has_letter) send_together();
  if (connection.gone) return;
  sent(connection, connection.transport.send(parts));
}

void Server::Host::sent(Connection& connection, Sent outcome) {
  if (outcome == Sent::failed) return lost(connection);
  if (connection.websocket() && connection.transport.backlog() > limits_.backlog_bytes_max) {
    log_(node::LogLevel::warning, "A WebSocket that does not read what it is sent was dropped.");
    return lost(connection);
  }
  note_backlog(connection);
}

void Server::Host::note_backlog(Connection& connection) {
  auto* websocket = connection.websocket();
  const bool blocked = connection.transport.backlog() > 0;
  if (!websocket || websocket->blocked == blocked) return;
  websocket->blocked = blocked;
  const node::WebSocketId socket{std::to_underlying(connection.id)};
  blocked ? node_.websocket_blocked(socket) : node_.websocket_drained(socket);
}

void Server::Host::write(Connection& connection) {
  if (connection.gone || connection.transport.backlog() == 0) return;
  if (connection.transport.flush() == Sent::failed) return lost(connection);
  note_backlog(connection);
  if (connection.transport.backlog() > 0) {
    if (!connection.websocket()) set_deadline(connection, Wait::reader);
  } else if (connection.http()) {
    next_request(connection);
  } else if (!connection.websocket()) {
    linger(connection);
  }
}

void Server::Host::set_deadline(Connection& connection, Wait wait) {
  deadlines_.set(connection.deadline, wait, now_ + time_for(wait, limits_));
}

void Server::Host::overdue(Connection& connection) {
  const auto* http = connection.http();
  if (http && (http->stage == HttpStage::header || http->stage == HttpStage::body))
    return refuse_with(connection, 408);
  lost(connection);
}

void Server::Host::linger(Connection& connection) {
  connection.phase = LingeringPhase{};
  const bool flushed = connection.transport.backlog() == 0;
  if (flushed) connection.transport.finish();
  set_deadline(connection, flushed ? Wait::close : Wait::reader);
  if (connection.transport.unread()) ready_.push_back(connection.id);
}

void Server::Host::hang_up(Connection& connection) {
  if (connection.gone) return;
  // What nobody has read, on our side or on the peer's, would be destroyed by closing now.
  if (connection.transport.backlog() > 0 || connection.transport.unread())
    return linger(connection);
  connection.transport.say_goodbye();
  drop(connection);
}

void Server::Host::lost(Connection& connection) {
  if (connection.has_letter) send_together();
  if (connection.gone) return;
  const node::WebSocketId socket{std::to_underlying(connection.id)};
  if (auto* http = connection.http()) {
    if (http->request) farewells_.emplace_back(*http->request);
    if (http->upgrading) farewells_.emplace_back(socket);
  } else if (auto* websocket = connection.websocket(); websocket && !websocket->closing) {
    farewells_.emplace_back(socket);
  }
  drop(connection);
}

void Server::Host::drop(Connection& connection) {
  if (connection.has_letter) send_together();
  if (connection.gone) return;
  connection.transport.close();
  forget(connection);
  if (house_.headcount.leave(shard_)) {
    auto& acceptor = house_.acceptor();
    acceptor.inbox_.put([&acceptor] { acceptor.open_doors(); });
  }
}

void Server::Host::forget(Connection& connection) {
  connection.gone = true;
  deadlines_.clear(connection.deadline);
  gone_.push_back(connection.id);
}

void Server::Host::tell(node::RequestId request) { node_.request_gone(request, now_); }

void Server::Host::tell(node::WebSocketId socket) {
  node_.websocket_closed(socket, node::WebSocketEnd::closed, now_);
}

}  // namespace parley::net
