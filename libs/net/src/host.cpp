#include "host.hpp"

#include "clock.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace parley::net {

namespace {

// After the process has run out of descriptors: soon enough for the next person, and no spinning.
constexpr Duration accept_again_after{1'000};

// Requests that were sent before the one before them was answered wait in our memory up to here.
constexpr std::size_t pipelined_bytes_max = 64 * 1024;

std::optional<Time> soonest(std::initializer_list<std::optional<Time>> times) {
  std::optional<Time> result;
  for (const auto& time : times) {
    if (time && (!result || *time < *result)) result = time;
  }
  return result;
}

bool wants_to_read(Connection& connection) {
  const auto* http = connection.http();
  if (!http || http->stage != HttpStage::answering) return true;
  return connection.transport.backlog() == 0 && http->input.size() < pipelined_bytes_max;
}

}  // namespace

Server::Host::Host(node::Node& node, Pages& pages, Limits limits, LogSink log)
    : node_{node},
      pages_{pages},
      limits_{limits},
      log_{std::move(log)},
      listener_{io_, [this](const error_code& error, Socket socket) {
                  accepted(error, std::move(socket));
                }} {}

Result<std::uint16_t, ListenError> Server::Host::listen(const std::string& address,
                                                        std::uint16_t port) {
  return listener_.listen(address, port);
}

void Server::Host::run() {
  listener_.resume();
  turn();
  io_.run();
}

void Server::Host::stop() {
  asio::post(io_, [this] { begin_stop(); });
}

void Server::Host::stop_on(std::initializer_list<int> signals) {
  for (const int signal : signals) signals_.add(signal);
  wait_for_signal();
}

void Server::Host::wait_for_signal() {
  signals_.async_wait([this](const error_code& error, int) {
    if (error) return;
    if (stop_at_) return io_.stop();
    begin_stop();
    wait_for_signal();
  });
}

void Server::Host::begin_stop() {
  if (stop_at_) return;
  stop_at_ = now() + limits_.stop_time;
  listener_.close();
  node_.shut_down(now());
  turn();
  for (auto& [id, connection] : connections_) {
    const auto* http = connection->http();
    if (http && http->stage != HttpStage::answering) drop(*connection);
  }
  turn();
}

void Server::Host::turn() {
  for (;;) {
    while (const auto output = node_.poll()) {
      std::visit([this](const auto& wanted) { carry(wanted); }, *output);
    }
    if (ready_.empty()) break;
    auto* connection = find(ready_.back());
    ready_.pop_back();
    if (connection) serve(*connection);
  }
  reap();
  if (stop_at_ && connections_.empty()) io_.stop();
  arm();
}

void Server::Host::tick() {
  const auto time = now();
  node_.advance(time);
  for (const auto id : deadlines_.take_due(time)) {
    if (auto* connection = find(id)) overdue(*connection);
  }
  if (accept_at_ && time >= *accept_at_) {
    accept_at_.reset();
    listener_.resume();
  }
  if (stop_at_ && time >= *stop_at_) io_.stop();
  turn();
}

void Server::Host::arm() {
  const auto next = soonest({node_.wake_at(), deadlines_.soonest(), accept_at_, stop_at_});
  // A timer that goes off too early costs less than moving it with every message.
  if (!next || (armed_ && *armed_ <= *next)) return;
  armed_ = next;
  timer_.expires_at(steady(*next));
  timer_.async_wait([this](const error_code& error) {
    if (error) return;
    armed_.reset();
    tick();
  });
}

void Server::Host::reap() {
  for (const auto id : gone_) connections_.erase(id);
  gone_.clear();
  const bool has_room = connections_.size() < limits_.connections_max;
  if (listener_.paused() && has_room && !accept_at_ && !stop_at_) listener_.resume();
  // Said again only after a real ebb, and not with every connection that comes and goes.
  if (connections_.size() < limits_.connections_max / 2) full_logged_ = false;
}

void Server::Host::accepted(const error_code& error, Socket socket) {
  if (error == asio::error::connection_aborted) return;
  if (error) {
    log_(node::LogLevel::warning, "Cannot accept connections for a moment: " + error.message());
    accept_at_ = now() + accept_again_after;
    return turn();
  }
  const ConnectionId id{++last_connection_};
  auto& connection = *connections_
                          .emplace(id, std::make_unique<Connection>(
                                           id, Transport{std::move(socket)}, http_phase()))
                          .first->second;
  if (connections_.size() >= limits_.connections_max) {
    if (!full_logged_) {
      log_(node::LogLevel::warning, "The limit of connections is reached; further ones wait.");
    }
    full_logged_ = true;
    listener_.pause();
  }
  set_deadline(connection, limits_.idle_time);
  watch(connection);
  turn();
}

Connection* Server::Host::find(ConnectionId id) {
  const auto found = connections_.find(id);
  return found == connections_.end() || found->second->gone ? nullptr : found->second.get();
}

void Server::Host::watch(Connection& connection) {
  if (connection.gone || connection.reading || !wants_to_read(connection)) return;
  connection.reading = true;
  connection.transport.wait_readable([this, id = connection.id](const error_code& error) {
    if (!error) readable(id);
  });
}

void Server::Host::readable(ConnectionId id) {
  auto* connection = find(id);
  if (!connection) return;
  connection->reading = false;
  const auto read = connection->transport.read(buffer_);
  if (read.state == ReadState::ended) {
    lost(*connection);
  } else {
    received(*connection, std::span{buffer_}.first(read.size));
    watch(*connection);
  }
  turn();
}

void Server::Host::received(Connection& connection, std::span<char> bytes) {
  if (auto* http = connection.http()) {
    http->input.append(bytes.data(), bytes.size());
    serve(connection);
  } else if (connection.websocket()) {
    receive_frames(connection, bytes);
  }
}

void Server::Host::send(Connection& connection, std::string_view head, std::string_view body) {
  switch (connection.transport.send(head, body)) {
    case Sent::all:
      return;
    case Sent::failed:
      return lost(connection);
    case Sent::in_part:
      break;
  }
  if (connection.websocket() && connection.transport.backlog() > limits_.backlog_bytes_max) {
    log_(node::LogLevel::warning, "A WebSocket that does not read what it is sent was dropped.");
    return lost(connection);
  }
  if (connection.writing) return;
  connection.writing = true;
  connection.transport.wait_writable([this, id = connection.id](const error_code& error) {
    if (!error) writable(id);
  });
}

void Server::Host::writable(ConnectionId id) {
  auto* connection = find(id);
  if (!connection) return;
  connection->writing = false;
  if (connection->transport.flush() == Sent::failed) {
    lost(*connection);
  } else if (connection->transport.backlog() > 0) {
    if (!connection->websocket()) set_deadline(*connection, limits_.write_time);
    send(*connection, {});
  } else if (connection->http()) {
    next_request(*connection);
  } else if (!connection->websocket()) {
    linger(*connection);
  }
  turn();
}

void Server::Host::overdue(Connection& connection) {
  connection.deadline.reset();
  const auto* http = connection.http();
  if (http && (http->stage == HttpStage::header || http->stage == HttpStage::body)) {
    return respond(connection, {.status = 408, .fields = {}, .body = {}});
  }
  lost(connection);
}

void Server::Host::set_deadline(Connection& connection, Duration from_now) {
  deadlines_.set(connection.id, connection.deadline, now() + from_now);
}

void Server::Host::clear_deadline(Connection& connection) {
  deadlines_.set(connection.id, connection.deadline, std::nullopt);
}

void Server::Host::linger(Connection& connection) {
  connection.phase = LingeringPhase{};
  const bool flushed = connection.transport.backlog() == 0;
  if (flushed) connection.transport.finish();
  set_deadline(connection, flushed ? limits_.close_time : limits_.write_time);
  watch(connection);
}

void Server::Host::lost(Connection& connection) {
  if (connection.gone) return;
  const node::WebSocketId socket{std::to_underlying(connection.id)};
  if (auto* http = connection.http(); http && http->stage == HttpStage::answering) {
    if (http->request) {
      held_.erase(*http->request);
      node_.request_gone(*http->request, now());
    }
    if (http->upgrading) node_.websocket_closed(socket, node::WebSocketEnd::closed, now());
  } else if (auto* websocket = connection.websocket(); websocket && !websocket->closing) {
    node_.websocket_closed(socket, node::WebSocketEnd::closed, now());
  }
  drop(connection);
}

void Server::Host::drop(Connection& connection) {
  if (connection.gone) return;
  connection.gone = true;
  clear_deadline(connection);
  connection.transport.close();
  gone_.push_back(connection.id);
}

void Server::Host::carry(const node::Log& output) { log_(output.level, output.text); }

}  // namespace parley::net
