#pragma once

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

/// An event from a client, while its handlers are called: what it shows lies in the message that it
/// came in. A handler that goes on later takes a KeptEvent along.
class Event {
 public:
  Event(Socket from, std::string_view name, ArgumentsView arguments, Ack answer)
      : ack{std::move(answer)}, from_{from}, name_{name}, arguments_{arguments} {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  const Socket& socket() const { return from_; }
  /// Unescaped: "\u0073ignal" is "signal"; a number's text if the name is a number.
  std::string_view name() const { return name_; }
  /// As they came, the name first.
  const ArgumentsView& arguments() const { return arguments_; }
  /// The values after the name, each as a T (see arguments_as): `event.get<int, Text>()`.
  template <class... T>
  Result<std::tuple<T...>, ArgumentFault> get() const {
    return values_of<T...>(arguments_, 1);
  }

  Ack ack;

 private:
  Socket from_;
  std::string_view name_;
  ArgumentsView arguments_;
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
