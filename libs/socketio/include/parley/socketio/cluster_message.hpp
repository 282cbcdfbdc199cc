#pragma once

#include <parley/base/time.hpp>
#include <parley/socketio/cluster.hpp>
#include <parley/socketio/outputs.hpp>
#include <parley/socketio/packet.hpp>
#include <parley/socketio/remote_socket.hpp>
#include <parley/socketio/socket.hpp>
#include <parley/socketio/target.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace parley::socketio {

/// The kinds of messages between servers; those of the field's ClusterAdapter, and named after
/// them. Each is a value that owns what it shows, so that any thread may read it.
namespace cluster {

/// That the clients are to answer, and for how long answers are waited for.
struct Question {
  RequestId request;
  Duration time;
};
struct Broadcast {
  Target target;
  Arguments arguments;
  Flags flags;
  std::optional<Question> question = {};
  /// Counts those of its sender, so that a client that moves from one server to another gets each
  /// once; 0 unless clients may come back.
  BroadcastNumber number = 0;
};
/// How many clients a server has asked; comes before the first answer of them.
struct BroadcastClientCount {
  RequestId request;
  std::size_t clients;
};
/// Once for each client that was asked and answers or leaves in time.
struct BroadcastAck {
  RequestId request;
  std::optional<Arguments> answer;  // none if it left
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

struct FetchSockets {
  RequestId request;
  Target target;
};
struct FetchSocketsResponse {
  RequestId request;
  std::vector<SocketFacts> sockets;
};

struct ServerSideEmit {
  Arguments arguments;                    // the event's name first
  std::optional<RequestId> request = {};  // if an answer is wanted
};
struct ServerSideEmitResponse {
  RequestId request;
  std::optional<Arguments> answer;  // none if nobody listens there
};

/// A client shows `pid`, which the sender does not know (connection state recovery). Of ours.
struct FindSession {
  RequestId request;
  std::string pid;
  std::optional<std::string> offset;
};
struct MissedEvent {
  Arguments arguments;
  Flags flags;
};
/// A session that goes over to the server that has asked for it, with what its client has missed:
/// of what its old server has sent, and of the others' broadcasts up to those numbers.
struct MovedSession {
  std::string pid;
  std::string sid;
  std::vector<std::string> rooms;  // without its own
  std::string auth;
  std::optional<std::string> data;  // if it is SharedData
  std::vector<MissedEvent> missed;
  BroadcastNumber of_asker;
  std::map<NodeId, BroadcastNumber> of_others;
};
struct FindSessionResponse {
  RequestId request;
  std::optional<MovedSession> session;  // none if it has none, or not all that was missed
};

using Body = std::variant<Broadcast, BroadcastClientCount, BroadcastAck, SocketsJoin, SocketsLeave,
                          DisconnectSockets, FetchSockets, FetchSocketsResponse, ServerSideEmit,
                          ServerSideEmitResponse, FindSession, FindSessionResponse>;

}  // namespace cluster

/// What one server says to another, or to all, about one namespace.
struct ClusterMessage {
  std::string name_space;  // as clients name it; "#0" is the first dynamic one, for its children
  cluster::Body body;
};

}  // namespace parley::socketio
