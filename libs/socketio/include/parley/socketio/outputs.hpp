#pragma once

#include <parley/base/arena.hpp>
#include <parley/base/message.hpp>
#include <parley/socketio/cluster.hpp>
#include <parley/socketio/violation.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace parley::socketio {

/// One connection below us (an Engine.IO session); numbered by the host, never reused.
enum class ConnectionId : std::uint64_t {};

/// How a packet may travel (Socket.IO, "Emit cheatsheet").
struct Flags {
  bool is_volatile = false;  // dropped if the connection cannot take it right now
  bool compress = true;      // may be compressed, where the transport does that
  bool operator==(const Flags&) const = default;
};

// What a server wants its host to do, and to know.
struct Send {
  ConnectionId connection;
  MessageKind kind;
  Payload data;
  Flags flags = {};
  bool is_attachment = false;  // of the message before it: goes where that goes, or nowhere
  bool operator==(const Send&) const = default;
};
/// The connection is to be closed, after what was sent before. It is forgotten here already:
/// whatever the host says of it from now on is ignored.
struct Close {
  ConnectionId connection;
  std::optional<Violation> violation;  // what the client did, unless a handler wished it
  bool operator==(const Close&) const = default;
};
/// A handler that is a flow has failed. Nobody else learns of it.
struct HandlerFailed {
  std::string what;  // for the log: whose handler, and why
  bool operator==(const HandlerFailed&) const = default;
};
using Output = std::variant<Send, Close, HandlerFailed, Publish>;

}  // namespace parley::socketio
