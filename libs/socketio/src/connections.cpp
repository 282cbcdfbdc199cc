// What the host says of connections: messages to packets, packets to whom they concern, and the
// end.

#include "core.hpp"

#include <parley/base/check.hpp>

#include <algorithm>
#include <utility>

namespace parley::socketio {

Server::Core::Core(Server& owner, Options given, Entropy& entropy, Arena& memory)
    : server{owner},
      options{std::move(given)},
      arena{memory},
      outputs{owner.outputs_},
      sids_{entropy},
      pids_{entropy},
      flows_{scheduler} {}

Server::Core::~Core() = default;

void Server::Core::opened(ConnectionId id, const HttpRequest& handshake, Time now, Peer peer) {
  const auto connect_by = now + options.connect_timeout;
  const bool is_v3 = peer.revision == Revision::v3;
  const bool is_new = connections_.insert(
      id, std::make_unique<Connection>(Connection{.handshake = Handshake{handshake},
                                                  .revision = peer.revision,
                                                  .transport = peer.transport,
                                                  .connect_by = connect_by,
                                                  .sid = std::string{is_v3 ? peer.sid : ""}}));
  PARLEY_CHECK(is_new);
  unjoined_.emplace(connect_by, id);
  ++traffic.opened;
  if (peer.transport == Transport::polling) ++polling;
  // Socket.IO 2: the main namespace is joined by connecting.
  if (is_v3) connect(id, "/", {});
}

// A handler may end the connection, and so change what its sockets are.
void Server::Core::upgraded(ConnectionId id) {
  auto* connection = find_open(id);
  if (!connection || connection->transport == Transport::websocket) return;
  connection->transport = Transport::websocket;
  --polling;
  if (on_upgrade.empty()) return;
  const auto sockets = connection->sockets;
  for (const auto socket : sockets) {
    const auto* state = find_present(socket);
    if (state && state->phase == Phase::joined) on_upgrade.call(Socket{server, socket});
  }
}

void Server::Core::received(ConnectionId id, MessageKind kind, std::string_view data) {
  auto* connection = find_open(id);
  if (!connection) return;
  ++traffic.packets_in;
  traffic.bytes_in += data.size();
  const auto packet =
      connection->decoder.receive(kind, data,
                                  {.max_attachments = options.max_attachments,
                                   .max_attachment_bytes = options.max_attachment_bytes,
                                   .parser = options.parser});
  if (!packet) return cut(id, packet.error());
  watch_attachments(id, *connection);
  if (*packet) handle(id, *connection, **packet);
}

void Server::Core::watch_attachments(ConnectionId id, Connection& connection) {
  if (connection.decoder.is_waiting() == connection.attachments_by.has_value()) return;
  if (connection.attachments_by) {
    incomplete_.erase({*connection.attachments_by, id});
    connection.attachments_by.reset();
  } else {
    connection.attachments_by = scheduler.now() + options.attachments_time;
    incomplete_.emplace(*connection.attachments_by, id);
  }
}

void Server::Core::closed(ConnectionId id, DisconnectReason reason) { forget(id, reason); }

void Server::Core::expire(Time now) {
  while (!unjoined_.empty() && unjoined_.begin()->first <= now)
    cut(unjoined_.begin()->second, Violation::connect_timeout);
  while (!incomplete_.empty() && incomplete_.begin()->first <= now)
    cut(incomplete_.begin()->second, Violation::attachments_timeout);
  if (sweep_at_ && *sweep_at_ <= now) sweep(now);
}

std::optional<Time> Server::Core::wake_at() {
  if (!departures_.empty()) return scheduler.now();
  auto soonest = scheduler.wake_at();
  const auto consider = [&](Time at) { soonest = soonest ? std::min(*soonest, at) : at; };
  if (!unjoined_.empty()) consider(unjoined_.begin()->first);
  if (!incomplete_.empty()) consider(incomplete_.begin()->first);
  if (sweep_at_) consider(*sweep_at_);
  return soonest;
}

// Handlers cause departures too, of their own sockets even, and make flows ready, which may do the
// same: until nobody has anything left.
void Server::Core::settle() {
  do {
    scheduler.advance(scheduler.now());
    announce_departures();
  } while (scheduler.wake_at() == scheduler.now());
  for (const auto id : closed_) connections_.erase(id);
  closed_.clear();
  for (const auto& name : std::exchange(spare_, {})) {
    const auto child = namespaces.find(name);
    if (child == namespaces.end() || !is_spare(*child->second)) continue;
    namespaces.erase(child);
    --children_;
  }
}

void Server::Core::announce_departures() {
  while (!departures_.empty()) {
    const auto departure = departures_.front();
    departures_.pop_front();
    announce(departure);
  }
}

void Server::Core::cut(ConnectionId id, Violation violation) {
  outputs.push(Close{id, violation});
  forget(id, DisconnectReason::forced_close);
}

void Server::Core::spawn(flow::task<> flow, std::string what) {
  flows_.spawn(std::move(flow), [this, what = std::move(what)](flow::Result<> outcome) {
    if (outcome) return;
    const auto& error = outcome.error();
    auto why = what + " failed: " + error.code.message();
    if (!error.context.empty()) why += " (" + error.context + ")";
    outputs.push(HandlerFailed{std::move(why)});
  });
}

// A handler may end the connection or the socket, so that neither is touched after it was called.
void Server::Core::handle(ConnectionId id, Connection& connection, const Packet& packet) {
  auto name = packet.name_space;
  auto auth = packet.arguments.json;
  if (connection.revision == Revision::v3) name = name.substr(0, name.find('?'));
  const auto socket = find_socket(connection, name);
  if (packet.type == PacketType::connect) {
    if (!socket) return connect(id, packet.name_space, auth);
    // A client of revision 3 is in the main namespace already, and some ask for it all the same.
    if (connection.revision == Revision::v3 && name == "/") return;
    return cut(id, Violation::namespace_joined_already);
  }
  if (!socket || sockets_.find(*socket)->phase != Phase::joined)
    return cut(id, Violation::namespace_not_joined);
  handle(*socket, packet);
}

void Server::Core::handle(SocketId id, const Packet& packet) {
  switch (packet.type) {
    case PacketType::disconnect:
      return leave(id, DisconnectReason::client_namespace_disconnect);
    case PacketType::event:
    case PacketType::binary_event:
      return dispatch(id, packet);
    case PacketType::ack:
    case PacketType::binary_ack:
      return take_acknowledgement(id, packet);
    case PacketType::connect:
    case PacketType::connect_error:
      break;
  }
  PARLEY_CHECK(false);  // The decoder and the other handle() let no other packet through.
}

void Server::Core::dispatch(SocketId id, const Packet& packet) {
  const Socket socket{server, id};
  Event event{socket, packet.event, packet.arguments,
              packet.ack ? Ack{socket, *packet.ack} : Ack{}};
  const auto call = [&](Listeners<void(Event&)>& listeners) {
    return listeners.each_while([&](const EventHandler& handler) {
      handler(event);
      return find_present(id) != nullptr;
    });
  };
  const auto call_named = [&](auto& listeners) {
    const auto named = listeners.find(packet.event);
    return named == listeners.end() || call(named->second);
  };
  auto& name_space = *sockets_.find(id)->name_space;
  const auto extras = sockets_.find(id)->extras;
  const bool wanted = name_space.each_handlers([&](Namespace::Handlers& handlers) {
    return call(handlers.any) && handlers.filters.each_while([&](const EventFilter& filter) {
      return filter(event) && find_present(id) != nullptr;
    });
  });
  if (!wanted || (extras && !call(extras->any))) return;
  if (!name_space.each_handlers(
          [&](Namespace::Handlers& handlers) { return call_named(handlers.events); }))
    return;
  if (extras) call_named(extras->events);
}

void Server::Core::take_acknowledgement(SocketId id, const Packet& packet) {
  if (!packet.ack) return;
  auto awaited = awaited_.extract({id, *packet.ack});
  if (awaited) awaited.mapped()(packet.arguments);  // else it is late, or was never asked for
}

void Server::Core::forget(ConnectionId id, DisconnectReason reason) {
  auto* connection = find_open(id);
  if (!connection) return;
  for (const auto socket : std::exchange(connection->sockets, {})) leave(socket, reason);
  unjoined_.erase({connection->connect_by, id});
  if (connection->attachments_by) incomplete_.erase({*connection->attachments_by, id});
  // The handlers of its sockets may still want to know what the client showed.
  connection->is_open = false;
  ++traffic.closed[reason];
  if (connection->transport == Transport::polling) --polling;
  closed_.push_back(id);
}

void Server::Core::announce(const Departure& departure) {
  const auto [id, reason] = departure;
  fail_awaited(id);
  auto& name_space = *sockets_.find(id)->name_space;
  const Socket socket{server, id};
  const auto extras = sockets_.find(id)->extras;
  name_space.each_handlers([&](Namespace::Handlers& handlers) {
    handlers.disconnecting.call(socket, reason);
    return true;
  });
  if (extras) extras->disconnecting.call(reason);
  auto session = session_of(*sockets_.find(id), reason);
  name_space.rooms_.leave_all(id, sockets_.find(id)->rooms);
  name_space.each_handlers([&](Namespace::Handlers& handlers) {
    handlers.disconnect.call(socket, reason);
    return true;
  });
  if (extras) extras->disconnect.call(reason);
  if (session) keep(*sockets_.find(id), *std::move(session));
  remove(id);
}

void Server::Core::fail_awaited(SocketId id) {
  for (;;) {
    const auto next = awaited_.lower_bound({id, AckId{0}});
    if (next == awaited_.end() || next->first.first != id) return;
    awaited_.extract(next).mapped()(std::unexpected{AckFault::disconnected});
  }
}

Server::Core::Connection* Server::Core::find_open(ConnectionId id) {
  const auto* found = connections_.find(id);
  return found && (*found)->is_open ? found->get() : nullptr;
}

std::optional<SocketId> Server::Core::find_socket(const Connection& connection,
                                                  std::string_view name) const {
  const auto found = std::ranges::find_if(connection.sockets, [&](SocketId id) {
    return sockets_.find(id)->name_space->name() == name;
  });
  if (found == connection.sockets.end()) return std::nullopt;
  return *found;
}

}  // namespace parley::socketio
