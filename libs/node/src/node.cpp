#include <parley/node/node.hpp>

#include <parley/base/check.hpp>
#include <parley/base/result.hpp>

#include <algorithm>
#include <utility>

namespace parley::node {

namespace {

// The two rooms number the same thing: a session of Engine.IO is a connection of Socket.IO.
socketio::ConnectionId connection_of(engineio::SessionId session) {
  return socketio::ConnectionId{std::to_underlying(session)};
}
engineio::SessionId session_of(socketio::ConnectionId connection) {
  return engineio::SessionId{std::to_underlying(connection)};
}

std::string name(engineio::SessionId session) {
  return "Session " + std::to_string(std::to_underlying(session));
}

socketio::DisconnectReason disconnect_reason(engineio::CloseReason reason) {
  switch (reason) {
    case engineio::CloseReason::transport_close:
      return socketio::DisconnectReason::transport_close;
    case engineio::CloseReason::transport_error:
      return socketio::DisconnectReason::transport_error;
    case engineio::CloseReason::parse_error:
      return socketio::DisconnectReason::parse_error;
    case engineio::CloseReason::ping_timeout:
      return socketio::DisconnectReason::ping_timeout;
    case engineio::CloseReason::forced_close:
      return socketio::DisconnectReason::forced_close;
  }
  PARLEY_CHECK(false);  // Every reason has its counterpart.
}

}  // namespace

Node::Node(const Options& options, Entropy& entropy)
    : engineio_{options.engineio, entropy, arena_}, socketio_{options.socketio, entropy, arena_} {}

bool Node::owns(const HttpRequest& request) const { return engineio_.owns(request); }

std::optional<unsigned> Node::shard_of(const HttpRequest& request) const {
  return engineio_.shard_of(request);
}

void Node::request(RequestId id, const HttpRequest& request, Time now) {
  begin();
  engineio_.request(id, request, now);
  settle(now);
}

void Node::request_gone(RequestId id, Time now) {
  begin();
  engineio_.request_gone(id, now);
  settle(now);
}

void Node::upgrade(WebSocketId id, const HttpRequest& request, Time now) {
  begin();
  engineio_.upgrade(id, request, now);
  settle(now);
}

void Node::websocket_received(WebSocketId id, MessageKind kind, std::string_view payload,
                              Time now) {
  begin();
  engineio_.websocket_received(id, kind, payload, now);
  settle(now);
}

void Node::websocket_closed(WebSocketId id, WebSocketEnd end, Time now) {
  begin();
  engineio_.websocket_closed(id, end, now);
  settle(now);
}

void Node::websocket_blocked(WebSocketId id) { engineio_.websocket_blocked(id); }

void Node::websocket_drained(WebSocketId id) { engineio_.websocket_drained(id); }

void Node::shut_down(Time now) {
  begin();
  is_shutting_down_ = true;
  engineio_.close_all(now);
  settle(now);
}

void Node::heard(socketio::NodeId from, const socketio::ClusterMessage& message, Time now) {
  begin();
  socketio_.heard(from, message, now);
  settle(now);
}

// The flows that the action set going go on as well.
void Node::run(std::move_only_function<void()>& action, Time now) {
  begin();
  action();
  socketio_.advance(now);
  settle(now);
}

void Node::advance(Time now) {
  begin();
  engineio_.advance(now);
  socketio_.advance(now);
  settle(now);
}

std::optional<Time> Node::wake_at() const {
  const auto below = engineio_.wake_at();
  const auto above = socketio_.wake_at();
  return below && above ? std::min(*below, *above) : below ? below : above;
}

std::optional<Output> Node::poll() { return outputs_.poll(); }

// Nobody looks any more at what the turn before has said, unless it was not drained yet.
void Node::begin() {
  if (outputs_.empty()) arena_.reset();
}

// What Socket.IO says about one message goes down before the next message comes up, so that nothing
// overtakes anything.
void Node::settle(Time now) {
  do {
    carry_down(now);
  } while (carry_up(now));
}

bool Node::carry_up(Time now) {
  const auto carry_each = [&]<class Each>(Each& each) {
    if constexpr (requires { Output{std::move(each)}; }) {
      outputs_.push(std::move(each));
    } else {
      carry(each, now);
    }
  };
  return engineio_.poll([&](engineio::Output& output) { std::visit(carry_each, output); });
}

void Node::carry_down(Time now) {
  const auto carry_each = [&](auto& each) { carry(each, now); };
  while (socketio_.poll([&](socketio::Output& output) { std::visit(carry_each, output); })) {
  }
}

void Node::carry(engineio::Opened& opened, Time now) {
  log(LogLevel::debug, name(opened.session) + " opened from " + opened.handshake.remote_address);
  const bool is_v4 = opened.revision == engineio::Revision::v4;
  socketio_.opened(
      connection_of(opened.session), opened.handshake, now,
      {.revision = is_v4 ? socketio::Revision::v4 : socketio::Revision::v3, .sid = opened.sid});
}

void Node::carry(const engineio::Received& received, Time now) {
  socketio_.received(connection_of(received.session), received.kind, received.data, now);
}

void Node::carry(const engineio::Closed& closed, Time now) {
  const auto reason = is_shutting_down_ ? socketio::DisconnectReason::server_shutting_down
                                        : disconnect_reason(closed.reason);
  auto what = name(closed.session) + " closed: " + std::string{text(reason)};
  if (!closed.detail.empty()) what.append(" (").append(closed.detail).append(")");
  log(LogLevel::debug, std::move(what));
  socketio_.closed(connection_of(closed.session), reason, now);
}

void Node::carry(const engineio::Refused& refused, Time) {
  // Of the error table: the server is as it was set up to be, and the client did nothing wrong.
  constexpr unsigned forbidden = 4;
  auto what = "Refused " + refused.remote_address + ": " + refused.message;
  if (refused.code != forbidden) return log(LogLevel::debug, std::move(what));
  if (!refused.foreign_origin.empty())
    what += ". If pages of " + refused.foreign_origin +
            " may use this server, add that to the allowed origins.";
  log(LogLevel::warning, std::move(what));
}

void Node::carry(const socketio::Send& send, Time now) {
  engineio_.send(session_of(send.connection), send.kind, send.data, now,
                 {.compress = send.flags.compress,
                  .is_volatile = send.flags.is_volatile,
                  .is_part = send.is_attachment});
}

void Node::carry(const socketio::Close& close, Time now) {
  if (close.violation)
    log(LogLevel::debug,
        name(session_of(close.connection)) + " is cut: " + std::string{text(*close.violation)});
  engineio_.close(session_of(close.connection), now);
}

void Node::carry(const socketio::HandlerFailed& failed, Time) {
  log(LogLevel::warning, failed.what);
}

void Node::carry(socketio::Publish& publish, Time) { outputs_.push(std::move(publish)); }

void Node::log(LogLevel level, std::string text) { outputs_.push(Log{level, std::move(text)}); }

}  // namespace parley::node
