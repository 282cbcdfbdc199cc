#pragma once

#include <parley/base/arena.hpp>
#include <parley/base/http.hpp>
#include <parley/base/ids.hpp>
#include <parley/base/queue.hpp>
#include <parley/base/time.hpp>
#include <parley/engineio/server.hpp>
#include <parley/node/log.hpp>
#include <parley/socketio/server.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::node {

using engineio::AcceptUpgrade;
using engineio::CloseWebSocket;
using engineio::RefuseUpgrade;
using engineio::RequestId;
using engineio::Respond;
using engineio::SendFrame;
using engineio::WebSocketEnd;
using engineio::WebSocketId;
using socketio::Publish;

using Output =
    std::variant<Respond, AcceptUpgrade, RefuseUpgrade, SendFrame, CloseWebSocket, Publish, Log>;

struct Options {
  engineio::Options engineio;
  socketio::Options socketio;
};

/// A Socket.IO server minus its sockets: Engine.IO and Socket.IO tied together. The shell tells it
/// what came in and what time it is, and does what poll() says.
///
/// After any call that is not const, drain poll() until it is empty, then wait until wake_at().
/// What the outputs show holds until the next call after that. `entropy` outlives it.
class Node {
 public:
  Node(const Options& options, Entropy& entropy);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Where the application lives.
  socketio::Server& socketio() { return socketio_; }

  bool owns(const HttpRequest& request) const;
  /// See engineio::Server::cors_fields().
  std::vector<HttpField> cors_fields(const HttpRequest& request) const {
    return engineio_.cors_fields(request);
  }
  /// See engineio::Server::shard_of().
  std::optional<unsigned> shard_of(const HttpRequest& request) const;
  void request(RequestId id, const HttpRequest& request, Time now);
  void request_gone(RequestId id, Time now);
  void upgrade(WebSocketId id, const HttpRequest& request, Time now);
  void websocket_received(WebSocketId id, MessageKind kind, std::string_view payload, Time now);
  void websocket_closed(WebSocketId id, WebSocketEnd end, Time now);

  /// The peer takes less than it is sent, or has taken all. Says nothing, so also allowed while
  /// outputs are drained.
  void websocket_blocked(WebSocketId id);
  void websocket_drained(WebSocketId id);

  /// Closes every session, because the process is going down: clients will come back by themselves.
  void shut_down(Time now);

  /// What another node of the cluster published, to this one or to all (socketio::Cluster).
  void heard(socketio::NodeId from, const socketio::ClusterMessage& message, Time now);

  /// Does what an application wants to do on its own, outside of its handlers.
  void run(std::move_only_function<void()>& action, Time now);

  void advance(Time now);
  std::optional<Time> wake_at() const;
  std::optional<Output> poll();

 private:
  void begin();
  void settle(Time now);
  bool carry_up(Time now);
  void carry_down(Time now);

  void carry(engineio::Opened& opened, Time now);
  void carry(const engineio::Received& received, Time now);
  void carry(const engineio::Closed& closed, Time now);
  void carry(const engineio::Refused& refused, Time now);
  void carry(const socketio::Send& send, Time now);
  void carry(const socketio::Close& close, Time now);
  void carry(const socketio::HandlerFailed& failed, Time now);
  void carry(socketio::Publish& publish, Time now);
  void log(LogLevel level, std::string text);

  Arena arena_;  // of what one turn says
  engineio::Server engineio_;
  socketio::Server socketio_;
  bool is_shutting_down_ = false;
  Queue<Output> outputs_;
};

}  // namespace parley::node
