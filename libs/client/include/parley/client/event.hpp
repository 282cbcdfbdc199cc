#pragma once

#include <parley/client/arguments.hpp>
#include <parley/socketio/client_outputs.hpp>
#include <parley/socketio/event_view.hpp>
#include <parley/socketio/once.hpp>

#include <memory>
#include <string>
#include <string_view>
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

/// An event from the server. `ack` may be moved away.
class Event : public socketio::EventView {
 public:
  Event(std::string_view name, const Arguments& arguments, Ack answer)
      : EventView{name, arguments}, ack{std::move(answer)} {}

  Ack ack;
};

}  // namespace parley::client
