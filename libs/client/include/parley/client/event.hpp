#pragma once

#include <parley/base/result.hpp>
#include <parley/client/arguments.hpp>
#include <parley/socketio/client_outputs.hpp>
#include <parley/socketio/once.hpp>
#include <parley/socketio/values.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace parley::client {

namespace detail {
class Hub;
}

/// Where the answer to an event goes. The first answer counts; one that is too late, because the
/// connection is gone, goes nowhere. It may be kept for later. Moves only.
class Ack {
 public:
  Ack() = default;
  Ack(std::weak_ptr<detail::Hub> hub, socketio::client::SocketId socket,
      socketio::client::AckTicket ticket)
      : to_{To{std::move(hub), socket, ticket}} {}

  /// True until it was answered, if the server waits for an answer at all.
  explicit operator bool() const { return static_cast<bool>(to_); }

  template <class... T>
  void operator()(const T&... values) {
    answer(arguments_of(values...));
  }
  void answer(const Arguments& arguments);

 private:
  struct To {
    std::weak_ptr<detail::Hub> hub;
    socketio::client::SocketId socket;
    socketio::client::AckTicket ticket;
  };
  socketio::Once<To> to_;
};

/// An event from the server. What it shows is gone after the call of the handler; `ack` may be
/// moved away.
class Event {
 public:
  Event(std::string_view name, const Arguments& arguments, Ack answer)
      : ack{std::move(answer)}, name_{name}, arguments_{arguments} {}

  /// Unescaped; a number's text if the name is a number.
  std::string_view name() const { return name_; }
  /// As they came, the name first.
  const Arguments& arguments() const { return arguments_; }

  /// What the server sent with it, as `event.get<int, Text>()`: see socketio::arguments_as().
  template <class... T>
  Result<std::tuple<T...>, socketio::ArgumentFault> get() const {
    return values_of<T...>(arguments_, 1);
  }

  Ack ack;

 private:
  std::string_view name_;
  const Arguments& arguments_;  // of whoever calls the handler
};

}  // namespace parley::client
