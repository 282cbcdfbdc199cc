#pragma once

#include <parley/socketio/cluster.hpp>
#include <parley/socketio/event_view.hpp>
#include <parley/socketio/once.hpp>
#include <parley/socketio/packet.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace parley::socketio {

class Server;

/// Where the answer to another server's event goes. The first answer is sent and the others are
/// not. A handler that answers later takes it along; the server outlives it.
class ServerAck {
 public:
  struct To {
    Server* server;
    NodeId node;
    cluster::RequestId request;
    std::string name_space;
  };

  ServerAck() = default;
  explicit ServerAck(To to) : to_{std::move(to)} {}

  /// True until it was answered, if the other server waits for an answer at all.
  explicit operator bool() const { return static_cast<bool>(to_); }
  template <class... T>
  void operator()(const T&... values) {
    relay(Message{values...});
  }
  /// The same of values that are on the wire's form already: `values.json` is an array.
  void relay(const ArgumentsView& values);

 private:
  Once<To> to_;
};

/// What another server of the cluster said by server_side_emit().
class ServerEvent : public EventView {
 public:
  ServerEvent(NodeId from, std::string_view name, const ArgumentsView& arguments, ServerAck answer)
      : EventView{name, arguments}, ack{std::move(answer)}, from_{from} {}
  ServerEvent(const ServerEvent&) = delete;
  ServerEvent& operator=(const ServerEvent&) = delete;

  NodeId from() const { return from_; }

  ServerAck ack;

 private:
  NodeId from_;
};

using ServerEventHandler = std::function<void(ServerEvent&)>;

}  // namespace parley::socketio
