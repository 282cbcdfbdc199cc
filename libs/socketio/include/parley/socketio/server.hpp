#pragma once

#include <parley/base/arena.hpp>
#include <parley/base/http.hpp>
#include <parley/base/ids.hpp>
#include <parley/base/message.hpp>
#include <parley/base/queue.hpp>
#include <parley/base/time.hpp>
#include <parley/flow/scheduler.hpp>
#include <parley/flow/task.hpp>
#include <parley/socketio/disconnect_reason.hpp>
#include <parley/socketio/handshake.hpp>
#include <parley/socketio/namespace.hpp>
#include <parley/socketio/options.hpp>
#include <parley/socketio/outputs.hpp>
#include <parley/socketio/packet.hpp>
#include <parley/socketio/socket.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace parley::socketio {

/// Whom the host met below: what it speaks, and the id of its session, which clients of revision 3
/// expect to find again above.
struct Peer {
  Revision revision = Revision::v4;
  std::string_view sid = {};
  Transport transport = Transport::websocket;  // that it begins with
};

/// What came and went in all, in messages of Engine.IO: a packet, or an attachment of one.
struct Traffic {
  std::uint64_t packets_in = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t packets_out = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t opened = 0;                          // connections
  std::map<DisconnectReason, std::uint64_t> closed;  // connections, by why
};

/// Why an acknowledgement never came.
enum class AckFault : std::uint8_t {
  disconnected = 1,
  not_connected,
  reserved_event,
  too_many_attachments,
};
std::error_code make_error_code(AckFault fault) noexcept;

/// Socket.IO, server side (`io` in the field's documentation), over connections that keep message
/// borders: protocol 5, and 4 for clients of revision 3.
///
/// No I/O and no clock. After any call of the host that is not const, it drains poll() until that
/// is empty, and then waits until wake_at(). A client that breaks the protocol loses its
/// connection; no other is disturbed. Handlers run within the host's calls, on its thread, and may
/// call anything here but what is for the host. `entropy` outlives it; so does `arena`, where what
/// is sent lies: its owner may reset it once the outputs are drained.
class Server {
 public:
  using Scheduler = flow::ManualScheduler<HostClock>;
  /// Whether there is a namespace of that name for a client that shows `auth` (JSON).
  using NameMatcher = std::function<bool(std::string_view name, std::string_view auth)>;

  Server(Options options, Entropy& entropy, Arena& arena);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  // For applications.

  /// The namespace `name` ("/", "/rtc"), made if there is none. It begins with '/' and has no
  /// comma.
  Namespace& of(std::string_view name);
  /// Makes a namespace whenever a client asks for one that there is not but `matches`. What is
  /// registered at the one returned here holds for all of them, and what it emits reaches all.
  Namespace& of(NameMatcher matches);
  /// Called when a namespace was made for a client.
  std::function<void(Namespace&)> on_new_namespace;
  /// Calls `call` with each namespace that there is now, in the order of their names; it makes
  /// none.
  void each_namespace(const std::function<void(Namespace&)>& call);
  /// Called with every namespace: those that there are now, and others as soon as they come into
  /// being, whoever wants them. Not with what of(NameMatcher) gives.
  Listener on_namespace(std::function<void(Namespace&)> handler);
  /// Called when a client goes on by WebSocket that began by polling, for each of its sockets.
  Listener on_upgrade(std::function<void(Socket)> handler);

  /// Where flows of handlers go on; its time is the host's.
  Scheduler& scheduler();
  /// Runs a flow beside the handlers, until it ends or the server does. If it fails the host is
  /// told, with `what` it was.
  void spawn(flow::task<> flow, std::string what);
  /// Tells the host of something that a handler could not do, for its log.
  void report(std::string what);

  /// How many connections there are, whatever they have joined.
  std::size_t connection_count() const;
  /// How many of them poll.
  std::size_t polling_count() const;
  /// What went over all of them since the beginning.
  const Traffic& traffic() const;
  /// How many servers act as one, this one included.
  std::size_t server_count() const;

  // For the host. Not to be called by handlers.

  void opened(ConnectionId connection, const HttpRequest& handshake, Time now, Peer peer = {});
  /// A connection that began by polling goes on by WebSocket.
  void upgraded(ConnectionId connection, Time now);
  void received(ConnectionId connection, MessageKind kind, std::string_view data, Time now);
  void closed(ConnectionId connection, DisconnectReason reason, Time now);
  /// What another server of the cluster published, to this one or to all.
  void heard(NodeId from, const ClusterMessage& message, Time now);
  void advance(Time now);
  std::optional<Time> wake_at() const;
  std::optional<Output> poll() { return outputs_.poll(); }
  /// The same, shown to `handle(Output&)` where it lies; false if there is none. `handle` calls
  /// nothing here that is not const.
  template <class Handle>
  bool poll(Handle handle) {
    return outputs_.poll(std::move(handle));
  }

 private:
  friend class Ack;
  friend class Broadcast;
  friend class Namespace;
  friend class RemoteSocket;
  friend class ServerAck;
  friend class Socket;

  class Core;
  Queue<Output> outputs_;
  std::unique_ptr<Core> core_;
};

}  // namespace parley::socketio

template <>
struct std::is_error_code_enum<parley::socketio::AckFault> : std::true_type {};
