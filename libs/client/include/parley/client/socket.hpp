#pragma once

#include <parley/base/time.hpp>
#include <parley/client/arguments.hpp>
#include <parley/client/errors.hpp>
#include <parley/client/event.hpp>
#include <parley/client/subscription.hpp>
#include <parley/flow/task.hpp>
#include <parley/socketio/client_outputs.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley::client {

using socketio::client::ConnectError;
using socketio::client::Disconnected;
using socketio::client::DisconnectReason;

using EventHandler = std::function<void(Event&)>;

/// How events are sent on a socket: `socket.timeout(5s).emit_with_ack("ask", 1)`. A value; each
/// word gives another one.
class Emitter {
 public:
  Emitter(std::weak_ptr<detail::Hub> hub, socketio::client::SocketId id)
      : hub_{std::move(hub)}, id_{id} {}

  /// Sends an event, or keeps it until the socket is connected. Fails with
  /// Errc::too_many_attachments, Errc::buffer_full, Errc::reserved_event and Errc::closed.
  template <class... T>
  flow::Result<> emit(std::string_view event, const T&... values) const {
    return emit(arguments_of(event, values...));
  }
  /// `arguments.json` is an array that begins with the event's name.
  flow::Result<> emit(Arguments arguments) const;

  /// Sends an event, when it is awaited, and waits for what the server answers. Fails as emit()
  /// does, with Errc::disconnected, and with flow::Errc::timed_out if there is a limit (timeout(),
  /// or Options::ack_timeout). Whoever awaits it itself goes on, from the scheduler, before the
  /// listeners of what came after the answer on the wire; cancelling it forgets the answer.
  template <class... T>
  flow::task<Arguments> emit_with_ack(std::string_view event, const T&... values) const {
    return emit_with_ack(arguments_of(event, values...));
  }
  flow::task<Arguments> emit_with_ack(Arguments arguments) const;

  /// With a time limit for acknowledgements.
  Emitter timeout(Duration limit) const;
  /// For events that may get lost: they are sent only if that is possible right now.
  // NOLINTNEXTLINE(readability-identifier-naming): the original's word is a keyword here.
  Emitter volatile_() const;

 protected:
  std::weak_ptr<detail::Hub> hub_;
  socketio::client::SocketId id_;

 private:
  std::optional<Duration> limit_;
  bool is_volatile_ = false;
};

/// One namespace of a server (the documentation's "The Socket instance", client side). A light
/// copy: the Client holds the socket. Harmless when that is gone.
class Socket : public Emitter {
 public:
  using Emitter::Emitter;

  /// Ends when the socket is connected: at once if it is. It fails with Errc::connect_error if the
  /// server refuses, or cannot be reached and is not tried again; as long as it is tried again,
  /// this waits: `within()` limits the time. Cancelling it leaves the socket connecting.
  flow::task<> connect() const;
  /// Begins to connect, and goes on by itself.
  void open() const;
  /// Leaves the namespace, and does not come back by itself.
  void disconnect() const;

  /// What the namespace is shown from the next connect on: `auth` of the documentation. JSON text
  /// of an object.
  void auth(std::string json) const;

  bool connected() const;
  /// Whether the last connect found everything as it was (connection state recovery).
  bool recovered() const;
  /// By which the server knows the socket; empty unless connected.
  std::string id() const;

  // Handlers are called on the thread of the scheduler, outside of all flows, and may do anything,
  // also destroy the Client.
  Subscription on(std::string_view event, EventHandler handler) const;
  /// Of every event, before the handlers of that one.
  Subscription on_any(EventHandler handler) const;
  Subscription on_connect(std::function<void()> handler) const;
  Subscription on_connect_error(std::function<void(const ConnectError&)> handler) const;
  Subscription on_disconnect(std::function<void(const Disconnected&)> handler) const;
};

}  // namespace parley::client
