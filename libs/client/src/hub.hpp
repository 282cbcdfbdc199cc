#pragma once

#include "asio.hpp"
#include "chance.hpp"
#include "environment.hpp"
#include "line.hpp"

#include <parley/client/client.hpp>
#include <parley/client/event.hpp>
#include <parley/flow/callback.hpp>
#include <parley/socketio/client.hpp>
#include <parley/socketio/listeners.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::client::detail {

/// How an event goes out.
struct Wishes {
  std::optional<Duration> limit;
  bool is_volatile = false;
};

/// What a Client and its Sockets share: the core, the lines that carry its connections, the timer,
/// and who listens. Owned by the Client and by what Asio has under way for it.
class Hub : public std::enable_shared_from_this<Hub> {
 public:
  using SocketId = socketio::client::SocketId;

  Hub(Scheduler& scheduler, Url url, Options options);

  /// The Client is gone.
  void stop();
  bool is_stopped() const { return stopped_; }

  Scheduler& scheduler() { return scheduler_; }
  const Url& url() const { return environment_.url; }

  SocketId socket(std::string_view name);
  const socketio::client::Socket& state(SocketId id) const { return manager_.state(id); }
  void show(SocketId id, std::string auth) { manager_.show(id, std::move(auth)); }
  void open(SocketId id);
  void disconnect(SocketId id);
  flow::Result<> emit(SocketId id, Arguments arguments, const Wishes& wishes);
  void acknowledge(SocketId id, socketio::client::AckTicket ticket, const Arguments& arguments);

  // Whoever waits.
  void connect(SocketId id, flow::Done<> done);
  void ask(SocketId id, Arguments arguments, const Wishes& wishes, flow::Done<Arguments> done);
  void close(flow::Done<> done);

  struct SocketListeners {
    std::map<std::string, socketio::Listeners<void(Event&)>, std::less<>> events;
    socketio::Listeners<void(Event&)> any;
    socketio::Listeners<void()> connect;
    socketio::Listeners<void(const ConnectError&)> connect_error;
    socketio::Listeners<void(const Disconnected&)> disconnect;
  };
  SocketListeners& listeners(SocketId id) { return listeners_[id]; }
  socketio::Listeners<void(std::size_t)> reconnect_attempt;
  socketio::Listeners<void(std::size_t)> reconnect;
  socketio::Listeners<void()> reconnect_failed;

 private:
  using ConnectionId = socketio::client::ConnectionId;

  void want_turn();
  void take_turn();
  void give_way();
  void drain();
  bool drain(ConnectionId connection, Line& line);
  void set_alarm();
  std::optional<Time> wake_at() const;
  void end_lines();

  // What the core says.
  void handle(const socketio::client::OpenConnection& output);
  void handle(const socketio::client::CloseConnection& output);
  void handle(socketio::client::Send& output);
  void handle(const socketio::client::Connected& output);
  void handle(const ConnectError& output);
  void handle(const Disconnected& output);
  void handle(const socketio::client::Received& output);
  void handle(socketio::client::Acknowledged& output);
  void handle(const socketio::client::ReconnectAttempt& output);
  void handle(const socketio::client::Reconnected& output);
  void handle(const socketio::client::ReconnectFailed& output);

  // What a line says.
  void handle(ConnectionId id, const engineio::client::Opened& output);
  void handle(ConnectionId, const engineio::client::Upgraded&) {}
  void handle(ConnectionId id, const engineio::client::Received& output);
  void handle(ConnectionId id, const engineio::client::Closed& output);
  void handle(ConnectionId id, const auto& output) { lines_.at(id)->carry(output); }

  void fail_connects(SocketId id, const flow::Error& why);

  Scheduler& scheduler_;
  Chance chance_;
  Environment environment_;
  engineio::client::Options engineio_options_;
  socketio::client::Manager manager_;
  std::vector<SocketId> sockets_;
  std::map<ConnectionId, std::unique_ptr<Line>> lines_;
  std::vector<ConnectionId> ended_;  // of lines_, to be taken out after the turn
  std::map<SocketId, SocketListeners> listeners_;
  std::map<SocketId, SocketListeners> retired_;  // one of them may be what stops this
  std::map<SocketId, std::vector<flow::Done<>>> connecting_;
  std::map<std::pair<SocketId, socketio::AckId>, flow::Done<Arguments>> asked_;
  std::vector<flow::Done<>> closing_;
  SteadyTimer timer_;
  std::optional<Time> alarm_;
  bool turn_wanted_ = false;
  bool gives_way_ = false;  // the rest of the turn is one of its own
  bool stopped_ = false;
};

}  // namespace parley::client::detail
