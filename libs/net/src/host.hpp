#pragma once

#include "connection.hpp"
#include "listener.hpp"

#include <parley/net/server.hpp>

#include <boost/asio/basic_signal_set.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parley::net {

/// The server behind Server: the table of connections, the node, and the turns that join them.
///
/// Whatever happens (bytes, time, a connection's end) is told to the node or the connection, and
/// then turn() carries out what the node wants, until nobody wants anything. A connection that ends
/// is only marked; its entry goes at the end of the turn, so that references hold until then.
class Server::Host {
 public:
  Host(node::Node& node, Pages& pages, Limits limits, LogSink log);

  Result<std::uint16_t, ListenError> listen(const std::string& address, std::uint16_t port);
  void stop_on(std::initializer_list<int> signals);
  void run();
  void stop();

 private:
  using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                           asio::wait_traits<std::chrono::steady_clock>, Executor>;

  // host.cpp: turns, time, and what all connections share.
  void begin_stop();
  void wait_for_signal();
  void turn();
  void tick();
  void arm();
  void reap();
  void accepted(const error_code& error, Socket socket);
  Connection* find(ConnectionId id);
  void readable(ConnectionId id);
  void writable(ConnectionId id);
  void received(Connection& connection, std::span<char> bytes);
  void overdue(Connection& connection);
  void watch(Connection& connection);
  void send(Connection& connection, std::string_view head, std::string_view body = {});
  void set_deadline(Connection& connection, Duration from_now);
  void clear_deadline(Connection& connection);
  /// Lets the peer read what was sent, and then ends the connection.
  void linger(Connection& connection);
  /// The peer is gone, or is to be treated so: whoever waits for it is told.
  void lost(Connection& connection);
  void drop(Connection& connection);

  // host_http.cpp
  HttpPhase http_phase() const;
  void serve(Connection& connection);
  void await_more(Connection& connection);
  void dispatch(Connection& connection, AfterResponse after);
  void refuse(Connection& connection, HttpFault fault);
  void respond(Connection& connection, const HttpResponse& response);
  void next_request(Connection& connection);
  Connection* release(node::RequestId request);

  // host_websocket.cpp
  void receive_frames(Connection& connection, std::span<char> bytes);
  void handle(Connection& connection, const websocket::Message& message);
  void handle(Connection& connection, const websocket::Ping& ping);
  void handle(Connection& connection, const websocket::Pong& pong);
  void handle(Connection& connection, const websocket::PeerClose& close);
  void handle(Connection& connection, const websocket::Violation& violation);
  Connection* find(node::WebSocketId socket);

  // What the node wants: host_http.cpp and host_websocket.cpp, each its own.
  void carry(const node::Respond& output);
  void carry(const node::AcceptUpgrade& output);
  void carry(const node::RefuseUpgrade& output);
  void carry(const node::SendFrame& output);
  void carry(const node::CloseWebSocket& output);
  void carry(const node::Log& output);

  asio::io_context io_{1};
  node::Node& node_;
  Pages& pages_;
  const Limits limits_;
  const LogSink log_;
  Listener listener_;
  Timer timer_{io_};
  asio::basic_signal_set<Executor> signals_{io_};

  // An entry's place must not move while a turn refers to it, hence the pointer.
  std::unordered_map<ConnectionId, std::unique_ptr<Connection>> connections_;
  std::unordered_map<node::RequestId, ConnectionId> held_;  // requests that the node has
  std::vector<ConnectionId> ready_;  // answered, and the next request is here already
  std::vector<ConnectionId> gone_;
  Deadlines deadlines_;
  std::uint64_t last_connection_ = 0;
  std::uint64_t last_request_ = 0;

  bool full_logged_ = false;
  std::optional<Time> armed_;      // when the timer will go off
  std::optional<Time> accept_at_;  // when to try again, after accepting has failed
  std::optional<Time> stop_at_;    // set once we are stopping
  std::array<char, 64 * 1024> buffer_;
};

}  // namespace parley::net
