#pragma once

#include <parley/socketio/outputs.hpp>
#include <parley/socketio/packet.hpp>
#include <parley/socketio/socket.hpp>
#include <parley/socketio/target.hpp>

#include <string>
#include <variant>
#include <vector>

namespace parley::socketio {

/// The kinds of messages between servers; those of the field's ClusterAdapter, and named after
/// them. Each is a value that owns what it shows, so that any thread may read it.
namespace cluster {

struct Broadcast {
  Target target;
  Arguments arguments;
  Flags flags;
};

struct SocketsJoin {
  Target target;
  std::vector<std::string> rooms;
};
struct SocketsLeave {
  Target target;
  std::vector<std::string> rooms;
};
struct DisconnectSockets {
  Target target;
  Socket::Scope scope;
};

using Body = std::variant<Broadcast, SocketsJoin, SocketsLeave, DisconnectSockets>;

}  // namespace cluster

/// What one server says to another, or to all, about one namespace.
struct ClusterMessage {
  std::string name_space;  // as clients name it; "#0" is the first dynamic one, for its children
  cluster::Body body;
};

}  // namespace parley::socketio
