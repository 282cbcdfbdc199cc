#pragma once

#include <parley/base/time.hpp>
#include <parley/flow/task.hpp>
#include <parley/socketio/cluster.hpp>
#include <parley/socketio/socket.hpp>
#include <parley/socketio/target.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::socketio {

struct FetchedSockets;

/// What came back for a question to many clients, or to the other servers.
struct Answers {
  std::vector<Arguments> values;  // one for each that answered, as they came
  bool is_complete = false;       // all have answered before the time was over
};

/// An event to many, in the making: `io.to("a").except("b").emit(…)`. A value; each word gives
/// another one.
class Broadcast {
 public:
  Broadcast(Server& server, Namespace* name_space) : server_{&server}, name_space_{name_space} {}

  Broadcast to(std::string_view room) const;
  Broadcast in(std::string_view room) const { return to(room); }
  Broadcast except(std::string_view room) const;
  /// Drops the event for whoever cannot take it right now.
  // NOLINTNEXTLINE(readability-identifier-naming): the original's word is a keyword here.
  Broadcast volatile_() const;
  /// Whether the packets may be compressed, where the transport does that.
  Broadcast compress(bool may) const;
  /// Reaches sockets of this server alone, if it is one of several (Options::cluster).
  Broadcast local() const;
  /// Reaches sockets of that server alone, which is one of Cluster::others: nobody else has to hear
  /// what concerns sockets of which it is known where they are.
  Broadcast on(NodeId server) const;

  /// See Socket::emit().
  template <class... T>
  void emit(std::string_view event, const T&... values) const {
    if (detail::may_emit(*server_, event)) relay(Message{event, values...});
  }
  void relay(const ArgumentsView& arguments) const;

  /// How long emit_with_ack() waits, 10 s unless told, or fetch_sockets().
  Broadcast timeout(Duration time) const;
  /// Sends an event and waits for what the clients answer: until all have answered or left, or the
  /// time is over. Does not fail.
  template <class... T>
  flow::task<Answers> emit_with_ack(std::string_view event, const T&... values) const {
    return ask(Message{event, values...}.take());
  }
  flow::task<Answers> ask(Arguments arguments) const;

  // The sockets themselves.
  /// Those of all servers: what they are like (remote_socket.hpp). Waits for the others until each
  /// has answered or the time is over, Cluster::request_timeout unless told. Does not fail.
  flow::task<FetchedSockets> fetch_sockets() const;
  /// Those of this server.
  std::vector<Socket> local_sockets() const;
  void sockets_join(std::string_view room) const;
  void sockets_leave(std::string_view room) const;
  void disconnect_sockets(Socket::Scope scope = Socket::Scope::this_namespace) const;

 private:
  friend class Server;

  Server* server_;
  Namespace* name_space_;  // null if the socket that it was asked of has left
  Target target_;
  Flags flags_;
  bool is_local_ = false;
  std::optional<NodeId> only_on_;
  std::optional<Duration> time_;
};

}  // namespace parley::socketio
