#pragma once

#include <parley/base/time.hpp>
#include <parley/flow/task.hpp>
#include <parley/socketio/disconnect_reason.hpp>
#include <parley/socketio/handshake.hpp>
#include <parley/socketio/listeners.hpp>
#include <parley/socketio/message.hpp>
#include <parley/socketio/outputs.hpp>
#include <parley/socketio/packet.hpp>

#include <any>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::socketio {

class Broadcast;
class Event;
class Namespace;
class Server;

namespace detail {
/// False for a reserved name, of which the host is told.
bool may_emit(Server& server, std::string_view event);
}  // namespace detail

/// One client in one namespace; numbered by the server, never reused. Not the sid that clients see.
enum class SocketId : std::uint64_t {};

/// One client in one namespace, for as long as it is there (Socket.IO, "The Socket instance"). A
/// light copy: the server holds the socket. Everything is harmless once it has left, what is asked
/// of it then is empty, and what is sent to it goes nowhere. The server outlives it.
class Socket {
 public:
  Socket(Server& server, SocketId id) : server_{&server}, id_{id} {}

  SocketId number() const { return id_; }
  /// True from the connection handler until `disconnected`.
  bool connected() const;
  /// Whether its client came back, with the id, rooms and data that it had (Socket.IO, "Connection
  /// state recovery"); of its data only SharedData, if it was another server's. The handlers of a
  /// single socket are not among what it had.
  bool recovered() const;
  /// The 20 characters by which clients know it, and a room with nobody else in it.
  std::string_view id() const;
  /// Null once it has left, as what follows.
  Namespace* name_space() const;
  Server& server() const { return *server_; }

  /// What its sockets in other namespaces share with it; empty once it has left.
  std::optional<ConnectionId> connection() const;
  /// What carries its messages at the moment; empty once it has left.
  std::optional<Transport> transport() const;
  const Handshake* handshake() const;
  /// JSON object that the client sent along to be let in; "{}" if none.
  std::string_view auth() const;

  /// Sends an event: `socket.emit("moved", 3, 4)`. What values may be says JsonWriter. An event
  /// with more than Options::max_attachments different Bytes, or of a reserved name ("connect",
  /// "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"), is not sent,
  /// and the host is told.
  template <class... T>
  void emit(std::string_view event, const T&... values) const {
    if (detail::may_emit(*server_, event)) relay(Message{event, values...});
  }
  /// The same of arguments that are on the wire's form already, the event's name first.
  void relay(const ArgumentsView& arguments, Flags flags = {}) const;

  /// Sends an event and waits for the client's acknowledgement: its values, for values_of(). Fails
  /// with AckFault::disconnected if the client leaves first, and with AckFault::reserved_event if
  /// it may not be sent; flow::within() limits the time.
  template <class... T>
  flow::task<Arguments> emit_with_ack(std::string_view event, const T&... values) const {
    return ask(Message{event, values...}.take());
  }
  flow::task<Arguments> ask(Arguments arguments) const;

  // Rooms.
  /// Returns false if it would be in more than Options::rooms_max.
  bool join(std::string_view room) const;
  void leave(std::string_view room) const;
  /// Its own first, and then in the order in which it joined them.
  std::vector<std::string> rooms() const;
  /// To everybody else in the room; chains on.
  Broadcast to(std::string_view room) const;
  Broadcast except(std::string_view room) const;
  /// To everybody else in the namespace.
  Broadcast broadcast() const;

  // Handlers of this socket alone; those of all sockets of a namespace belong to the namespace.
  /// See event_handler().
  template <class F>
  Listener on(std::string_view event, F handler) const;
  /// For the next one alone.
  template <class F>
  Listener once(std::string_view event, F handler) const;
  /// See Namespace::on_any_outgoing().
  Listener on_any_outgoing(std::function<void(const ArgumentsView&)> handler) const;
  Listener on_any(std::function<void(Event&)> handler) const;
  /// It leaves, and is still in its rooms.
  Listener on_disconnecting(std::function<void(DisconnectReason)> handler) const;
  Listener on_disconnect(std::function<void(DisconnectReason)> handler) const;

  /// A place for whatever the application keeps of a socket; null once it has left.
  std::any* data() const;

  enum class Scope { this_namespace, whole_connection };
  /// Handlers of the disconnection are called later, once the handler that calls this has returned.
  void disconnect(Scope scope = Scope::this_namespace) const;

  friend bool operator==(const Socket& a, const Socket& b) { return a.id_ == b.id_; }

 private:
  Listener add_handler(std::string_view event, std::function<void(Event&)> handler) const;
  Listener add_once(std::string_view event, std::function<void(Event&)> handler) const;

  Server* server_;
  SocketId id_;
};

}  // namespace parley::socketio
