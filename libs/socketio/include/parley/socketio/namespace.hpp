#pragma once

#include <parley/base/result.hpp>
#include <parley/flow/task.hpp>
#include <parley/socketio/broadcast.hpp>
#include <parley/socketio/event.hpp>
#include <parley/socketio/handler.hpp>
#include <parley/socketio/listeners.hpp>
#include <parley/socketio/remote_socket.hpp>
#include <parley/socketio/rooms.hpp>
#include <parley/socketio/server_event.hpp>
#include <parley/socketio/socket.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::socketio {

/// Says whether a client is let in; the first refusal counts.
using Middleware = std::function<Result<void, ConnectError>(Socket)>;
/// The same, taking its time. A failure of the flow is a refusal too.
using AsyncMiddleware = std::function<flow::task<Result<void, ConnectError>>(Socket)>;
/// Says whether an event reaches its handlers (Socket.IO, "Socket#use"). One that does not is
/// dropped; its sender learns nothing.
using EventFilter = std::function<bool(Event&)>;

struct Recovery;

using ConnectionHandler = std::function<void(Socket)>;
using OutgoingHandler = std::function<void(Socket, const ArgumentsView&)>;
using DisconnectHandler = std::function<void(Socket, DisconnectReason)>;

/// A space of its own on the connections of a server: handlers, middlewares, rooms (Socket.IO,
/// "Namespaces"). Its handlers are called on the server's thread, one after the other; a socket's
/// in the order connected, events, disconnecting, disconnected, the first and the last two once
/// each. The server owns it.
class Namespace {
 public:
  Namespace(Server& server, std::string name);
  ~Namespace();
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  const std::string& name() const { return name_; }
  Server& server() { return server_; }
  std::size_t socket_count() const { return members_.size(); }

  // Who is let in, in the order of registration.
  void use(Middleware middleware);
  void use(AsyncMiddleware middleware);

  // Handlers.
  Listener on_connection(ConnectionHandler handler);
  /// For all sockets of the namespace.
  /// See event_handler() for what a handler may be.
  template <class F>
  Listener on(std::string_view event, F handler) {
    return add_handler(event, event_handler(std::move(handler)));
  }
  /// For the next one alone.
  template <class F>
  Listener once(std::string_view event, F handler) {
    return add_once(event, event_handler(std::move(handler)));
  }
  /// Before the handlers of the event itself.
  Listener on_any(EventHandler handler);
  /// What is sent to its sockets, each by itself: events and questions, the name first, when they
  /// are on their way. Not answers, nor what a client missed while it was away.
  Listener on_any_outgoing(OutgoingHandler handler);
  Listener use_events(EventFilter filter);
  /// A socket leaves, and is still in its rooms.
  Listener on_disconnecting(DisconnectHandler handler);
  Listener on_disconnect(DisconnectHandler handler);

  // To everybody in it, and the other words of Broadcast.
  Broadcast broadcast() { return {server_, this}; }
  template <class... T>
  void emit(std::string_view event, const T&... values) {
    broadcast().emit(event, values...);
  }
  void relay(const ArgumentsView& arguments) { broadcast().relay(arguments); }
  Broadcast to(std::string_view room) { return broadcast().to(room); }
  Broadcast in(std::string_view room) { return to(room); }
  Broadcast except(std::string_view room) { return broadcast().except(room); }
  // NOLINTNEXTLINE(readability-identifier-naming): the original's word is a keyword here.
  Broadcast volatile_() { return broadcast().volatile_(); }
  Broadcast compress(bool may) { return broadcast().compress(may); }
  Broadcast local() { return broadcast().local(); }
  Broadcast on(NodeId server) { return broadcast().on(server); }
  flow::task<FetchedSockets> fetch_sockets() { return broadcast().fetch_sockets(); }
  std::vector<Socket> local_sockets() { return broadcast().local_sockets(); }
  void sockets_join(std::string_view room) { broadcast().sockets_join(room); }
  void sockets_leave(std::string_view room) { broadcast().sockets_leave(room); }
  void disconnect_sockets(Socket::Scope scope = Socket::Scope::this_namespace) {
    broadcast().disconnect_sockets(scope);
  }

  // Between the servers of a cluster, about this namespace.
  /// To each other server's on_server_side(). Not what the field reserves: "connect", "connection",
  /// "new_namespace".
  template <class... T>
  void server_side_emit(std::string_view event, const T&... values) {
    server_side_relay(Message{event, values...});
  }
  void server_side_relay(const ArgumentsView& arguments);
  /// The same, and waits for what each other server answers: until each has, or has nobody who
  /// listens, or Cluster::request_timeout is over. Does not fail.
  template <class... T>
  flow::task<Answers> server_side_emit_with_ack(std::string_view event, const T&... values) {
    return server_side_ask(Message{event, values...}.take());
  }
  flow::task<Answers> server_side_ask(Arguments arguments);
  /// What other servers say so.
  Listener on_server_side(std::string_view event, ServerEventHandler handler);

  /// Told of rooms as they come and go; for adapters and people who look on.
  Rooms& rooms() { return rooms_; }

 private:
  Listener add_handler(std::string_view event, EventHandler handler);
  Listener add_once(std::string_view event, EventHandler handler);

  friend class Server;
  friend class Broadcast;
  friend class Socket;

  struct Handlers {
    std::vector<AsyncMiddleware> middlewares;
    Listeners<void(Socket)> connection;
    std::map<std::string, Listeners<void(Event&)>, std::less<>> events;
    Listeners<void(Event&)> any;
    Listeners<void(Socket, const ArgumentsView&)> any_outgoing;
    Listeners<bool(Event&)> filters;
    Listeners<void(Socket, DisconnectReason)> disconnecting;
    Listeners<void(Socket, DisconnectReason)> disconnect;
    std::map<std::string, Listeners<void(ServerEvent&)>, std::less<>> server_side;
  };

  /// Calls `call(Handlers&)` for those that it took over and its own, until one says false.
  template <class Call>
  bool each_handlers(Call call) {
    const auto inherited = parent_ ? parent_->handlers_ : nullptr;
    return (!inherited || call(*inherited)) && call(*std::shared_ptr{handlers_});
  }

  bool is_watched() const {
    return !handlers_->any_outgoing.empty() ||
           (parent_ && !parent_->handlers_->any_outgoing.empty());
  }

  /// Those of a parent and its children differ, because a parent asks its children's sockets too.
  AckId next_ack() { return AckId{(parent_ ? parent_ : this)->next_ack_++}; }

  Server& server_;
  std::string name_;
  Namespace* parent_ = nullptr;  // if it was made for a client: who lives as long as the server
  std::shared_ptr<Handlers> handlers_ = std::make_shared<Handlers>();
  std::vector<SocketId> members_;  // that have joined; their order is nobody's business
  std::size_t known_ = 0;          // the members, who is being let in, and who is leaving
  Rooms rooms_;
  std::unique_ptr<Recovery> recovery_;  // null unless Options::connection_state_recovery
  std::uint64_t next_ack_ = 0;          // shared by all its sockets, as in the field
};

}  // namespace parley::socketio
