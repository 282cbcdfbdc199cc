#pragma once

#include <parley/base/ids.hpp>
#include <parley/base/message.hpp>
#include <parley/base/result.hpp>
#include <parley/base/time.hpp>
#include <parley/socketio/client_outputs.hpp>
#include <parley/socketio/client_socket.hpp>
#include <parley/socketio/decoder.hpp>
#include <parley/socketio/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The client's end of Socket.IO 5. A namespace of its own, because its words mean the same as the
// server's and differ in form.
namespace parley::socketio::client {

/// A client: one connection at a time, all its namespaces, and how it comes back.
///
/// No I/O and no clock. After any call that is not const, drain poll() until it is empty, then wait
/// until wake_at(). The connection is opened for the first socket that connects and closed after
/// the last one left. When it is lost it is tried again, with growing pauses, as long as a socket
/// is active; a socket that the server disconnected or refused is not, until it is connected anew.
/// `entropy` outlives it.
class Manager {
 public:
  Manager(Options options, Entropy& entropy) : options_{options}, entropy_{entropy} {}
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  // For the application.

  /// The socket of the namespace `name` ("/", "/chat"); it is not connected by that.
  SocketId socket(std::string_view name);
  /// What the namespace is shown from the next CONNECT on: JSON text of an object, or empty.
  void show(SocketId socket, std::string auth) { at(socket).show(std::move(auth)); }
  /// Harmless if it is active. It may also be called instead of waiting for the next attempt after
  /// ReconnectFailed.
  void connect(SocketId socket, Time now);
  /// Says goodbye to the namespace; Disconnected follows if it was connected.
  void disconnect(SocketId socket);

  /// Sends an event, or keeps it until the socket is connected: `arguments.json` is an array that
  /// begins with the event's name. The id is set if an acknowledgement was asked for, and
  /// Acknowledged follows then.
  [[nodiscard]] Result<std::optional<AckId>, EmitFault> emit(SocketId socket, Arguments arguments,
                                                             EmitOptions wishes, Time now);
  /// An event that may get lost: sent only if that is possible right now.
  [[nodiscard]] Result<void, EmitFault> emit_volatile(SocketId socket, const Arguments& arguments,
                                                      Line line);
  /// Answers an event. Nothing happens if the connection by which it came is gone.
  void acknowledge(SocketId socket, AckTicket ticket, const Arguments& arguments);

  const Socket& state(SocketId socket) const { return sockets_[std::to_underlying(socket)]; }

  // For the host.

  void opened(ConnectionId connection, Time now);
  void received(ConnectionId connection, MessageKind kind, std::string_view data, Time now);
  /// It is gone, or could not be opened. `description` is for people.
  void closed(ConnectionId connection, DisconnectReason reason, const std::string& description,
              Time now);

  void advance(Time now);
  std::optional<Time> wake_at() const;
  std::optional<Output> poll() { return outputs_.poll(); }

 private:
  struct Idle {};
  struct Opening {
    ConnectionId connection;
    Time until;
  };
  struct Open {
    ConnectionId connection;
  };
  struct Waiting {
    Time until;
  };

  Socket& at(SocketId socket) { return sockets_[std::to_underlying(socket)]; }
  bool is_wanted() const;
  std::optional<ConnectionId> connection() const;
  void open(Time now);
  void close_if_unwanted();
  void lose(DisconnectReason reason, const std::string& description, Time now);
  void retry(Time now);
  bool will_retry() const;
  Duration next_delay();

  Options options_;
  Entropy& entropy_;
  std::variant<Idle, Opening, Open, Waiting> state_;
  std::vector<Socket> sockets_;  // by id; few, and never taken out
  Decoder decoder_;
  std::size_t attempts_ = 0;  // in vain, one after the other
  std::uint64_t next_connection_ = 1;
  Outputs outputs_;
};

}  // namespace parley::socketio::client
