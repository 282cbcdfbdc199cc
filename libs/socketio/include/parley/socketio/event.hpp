#pragma once

#include <parley/socketio/event_view.hpp>
#include <parley/socketio/once.hpp>
#include <parley/socketio/packet.hpp>
#include <parley/socketio/socket.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace parley::socketio {

/// Where the answer to an event goes. The first answer is sent and the others are not.
class Ack {
 public:
  Ack() = default;
  Ack(Socket socket, AckId id) : to_{To{socket, id}} {}

  /// True until it was answered, if the client waits for an answer at all.
  explicit operator bool() const { return static_cast<bool>(to_); }
  /// What the client's callback is to be called with: `event.ack("ok", 7)`.
  template <class... T>
  void operator()(const T&... values) {
    relay(Message{values...});
  }
  /// The same of values that are on the wire's form already: `values.json` is an array.
  void relay(const ArgumentsView& values);

 private:
  struct To {
    Socket socket;
    AckId id;
  };
  Once<To> to_;
};

/// An event from a client, while its handlers are called. A handler that goes on later takes a
/// KeptEvent along.
class Event : public EventView {
 public:
  Event(Socket from, std::string_view name, const ArgumentsView& arguments, Ack answer)
      : EventView{name, arguments}, ack{std::move(answer)}, from_{from} {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  const Socket& socket() const { return from_; }

  Ack ack;

 private:
  Socket from_;
};

/// An event as its own: for a handler that is a flow.
struct KeptEvent {
  explicit KeptEvent(Event& event)
      : socket{event.socket()},
        name{event.name()},
        arguments{event.arguments().kept()},
        ack{std::move(event.ack)} {}

  /// The values after the name, each as a T.
  template <class... T>
  Result<std::tuple<T...>, ArgumentFault> get() const {
    return values_of<T...>(arguments, 1);
  }

  Socket socket;
  std::string name;
  Arguments arguments;
  Ack ack;
};

}  // namespace parley::socketio
