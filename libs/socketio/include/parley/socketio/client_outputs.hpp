#pragma once

#include <parley/base/message.hpp>
#include <parley/base/result.hpp>
#include <parley/base/time.hpp>
#include <parley/socketio/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace parley::socketio::client {

/// A namespace as one client uses it; numbered by the Manager.
enum class SocketId : std::uint64_t {};
/// One attempt at a connection below us (an Engine.IO session); numbered by the Manager, never
/// reused.
enum class ConnectionId : std::uint64_t {};

/// Why a socket is no longer connected; text() gives the words of the field's documentation.
enum class DisconnectReason : std::uint8_t {
  io_server_disconnect,
  io_client_disconnect,
  ping_timeout,
  transport_close,
  transport_error,
  parse_error,
};
std::string_view text(DisconnectReason reason);

/// What an event came with that wants to be acknowledged. Good for the connection that it came by.
struct AckTicket {
  ConnectionId connection;
  AckId ack;
  bool operator==(const AckTicket&) const = default;
};

// Outputs for the host. There is one connection at a time; one that is closed may linger below.
struct OpenConnection {
  ConnectionId connection;
  bool operator==(const OpenConnection&) const = default;
};
struct Send {
  ConnectionId connection;
  MessageKind kind;
  std::string data;
  bool operator==(const Send&) const = default;
};
/// To be closed after what was sent before. Whatever the host says of it from now on is ignored.
struct CloseConnection {
  ConnectionId connection;
  bool operator==(const CloseConnection&) const = default;
};

// Outputs for the application. Those of one socket come in the order Connected, Received...,
// Disconnected.
struct Connected {
  SocketId socket;
  std::string sid;
  bool recovered;  // the server knows us still: rooms, and the events that we missed, are there
  bool operator==(const Connected&) const = default;
};
/// The connection or the namespace could not be had: `connect_error` in the field.
struct ConnectError {
  SocketId socket;
  std::string message;
  std::string data;  // JSON text of what the server adds, or empty
  bool will_retry;   // false if the server refused, or if reconnecting is off
  bool operator==(const ConnectError&) const = default;
};
struct Disconnected {
  SocketId socket;
  DisconnectReason reason;
  std::string description;  // for people
  bool operator==(const Disconnected&) const = default;
};
/// An event. `arguments.json` begins with its name, as on the wire.
struct Received {
  SocketId socket;
  std::string event;  // unescaped; a number's text if the name is a number
  Arguments arguments;
  std::optional<AckTicket> ticket;  // set if the server waits for Manager::acknowledge()
  bool operator==(const Received&) const = default;
};
enum class AckFault : std::uint8_t { timed_out, disconnected };
/// What became of an event that asked for an acknowledgement; exactly once for each.
struct Acknowledged {
  SocketId socket;
  AckId ack;
  Result<Arguments, AckFault> answer;
  bool operator==(const Acknowledged&) const = default;
};
/// The connection is tried again: the how-manieth time in a row.
struct ReconnectAttempt {
  std::size_t attempt;
  bool operator==(const ReconnectAttempt&) const = default;
};
/// The connection is there again, after so many attempts. The sockets follow.
struct Reconnected {
  std::size_t attempts;
  bool operator==(const Reconnected&) const = default;
};
/// All attempts were in vain; the next one is the application's to begin.
struct ReconnectFailed {
  bool operator==(const ReconnectFailed&) const = default;
};

using Output =
    std::variant<OpenConnection, Send, CloseConnection, Connected, ConnectError, Disconnected,
                 Received, Acknowledged, ReconnectAttempt, Reconnected, ReconnectFailed>;

}  // namespace parley::socketio::client
