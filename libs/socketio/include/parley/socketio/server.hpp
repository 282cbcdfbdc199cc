#pragma once

#include <parley/base/arena.hpp>
#include <parley/base/http.hpp>
#include <parley/base/ids.hpp>
#include <parley/base/message.hpp>
#include <parley/base/queue.hpp>
#include <parley/base/time.hpp>
#include <parley/socketio/decoder.hpp>
#include <parley/socketio/namespace.hpp>
#include <parley/socketio/packet.hpp>
#include <parley/socketio/violation.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace parley::socketio {

/// One connection below us (an Engine.IO session); numbered by the host, never reused.
enum class ConnectionId : std::uint64_t {};

// Outputs, for the host to carry.
struct Send {
  ConnectionId connection;
  MessageKind kind;
  Payload data;
  bool operator==(const Send&) const = default;
};
/// The connection is to be closed, after what was sent before. It is forgotten here already:
/// whatever the host says of it from now on is ignored.
struct Close {
  ConnectionId connection;
  std::optional<Violation> violation;  // what the client did, unless a handler wished it
  bool operator==(const Close&) const = default;
};
using Output = std::variant<Send, Close>;

enum class DisconnectScope { this_namespace, whole_connection };

/// Names and defaults are those of the field's documentation.
struct Options {
  Duration connect_timeout{45'000};  // to join a first namespace
  std::size_t max_attachments = 10;  // in one packet, either way: stock clients refuse more
  std::size_t max_attachment_bytes = 1'000'000;  // all attachments of one packet together
};

/// Socket.IO 5, server side, over connections that keep message borders: connect, namespaces,
/// events, acknowledgements, binary, disconnect, connect_error.
///
/// No I/O and no clock. After any call that is not const, drain poll() until it is empty, then wait
/// until wake_at(). A client that breaks the protocol loses its connection; no other is disturbed.
/// Handlers and `entropy` outlive it; so does `arena`, where what is sent lies: its owner may reset
/// it once the outputs are drained.
class Server {
 public:
  Server(Options options, Entropy& entropy, Arena& arena);

  /// Serves the namespace `name` ("/", "/rtc"). Before the first connection.
  void add(std::string name, Namespace& handler);

  // For the host. Not to be called by handlers.

  void opened(ConnectionId connection, HttpRequest handshake, Time now);
  void received(ConnectionId connection, MessageKind kind, std::string_view data, Time now);
  void closed(ConnectionId connection, DisconnectReason reason, Time now);
  void advance(Time now);
  std::optional<Time> wake_at() const;
  std::optional<Output> poll();

  // For handlers. All are harmless on a socket that has left.

  /// Sends an event: `arguments.json` is an array that begins with the event's name. At most
  /// Options::max_attachments.
  void emit(SocketId socket, const Arguments& arguments);
  /// The same, and asks for an acknowledgement: Namespace::acknowledged() is called with this id,
  /// once, if the client answers before it leaves.
  AckId emit_with_ack(SocketId socket, const Arguments& arguments);
  /// Answers an event that came with an AckId. Clients ignore a second answer.
  void acknowledge(SocketId socket, AckId ack, const Arguments& arguments);
  /// disconnected() is called later, once the handler that calls this has returned.
  void disconnect(SocketId socket, DisconnectScope scope);

  /// The 20 characters by which clients know the socket. Empty if it has left.
  std::string_view sid(SocketId socket) const;

 private:
  struct Served {
    std::string name;
    Namespace* handler;
    std::uint64_t next_ack = 0;  // shared by all sockets of the namespace, as in the field
  };
  struct Connection {
    HttpRequest handshake;
    Time connect_by;
    Decoder decoder;
    std::vector<SocketId> sockets;
  };
  struct Socket {
    ConnectionId connection;
    std::size_t served;  // index into served_
    std::string sid;
    std::vector<AckId> awaited;  // asked for by emit_with_ack() and not answered yet
  };
  struct Departure {
    Namespace* handler;
    SocketId socket;
    DisconnectReason reason;
  };

  void handle(ConnectionId id, const Connection& connection, Packet packet);
  void connect(ConnectionId id, const Packet& packet);
  void dispatch(SocketId id, Packet packet);
  void take_acknowledgement(SocketId id, const Packet& packet);

  void send(ConnectionId connection, const Header& header,
            const std::vector<std::string>& attachments = {});
  void send_event(const Socket& socket, std::optional<AckId> ack, const Arguments& arguments);
  void refuse(ConnectionId id, std::string_view name_space, const ConnectError& error);

  void leave(SocketId id, DisconnectReason reason);
  void forget(ConnectionId id, DisconnectReason reason);
  void cut(ConnectionId id, Violation violation);
  void announce_departures();

  std::optional<std::size_t> find_served(std::string_view name) const;
  std::optional<SocketId> find_socket(const Connection& connection, std::string_view name) const;
  Socket* find(SocketId id);

  Options options_;
  SidGenerator sids_;
  std::vector<Served> served_;
  std::unordered_map<ConnectionId, Connection> connections_;
  std::unordered_map<SocketId, Socket> sockets_;
  std::set<std::pair<Time, ConnectionId>> unjoined_;  // connections that never joined a namespace
  std::uint64_t next_socket_ = 1;
  std::vector<Departure> departures_;  // not announced yet
  Arena& arena_;
  Queue<Output> outputs_;
};

}  // namespace parley::socketio
