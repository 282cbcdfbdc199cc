#include <parley/socketio/server.hpp>

#include "json.hpp"

#include <parley/base/check.hpp>

#include <algorithm>

namespace parley::socketio {

Server::Server(Options options, Entropy& entropy, Arena& arena)
    : options_{options}, sids_{entropy}, arena_{arena} {}

void Server::add(std::string name, Namespace& handler) {
  PARLEY_CHECK(name.starts_with('/') && !name.contains(',') && !find_served(name));
  PARLEY_CHECK(connections_.empty());
  served_.emplace_back(std::move(name), &handler);
}

void Server::opened(ConnectionId id, HttpRequest handshake, Time now) {
  const auto connect_by = now + options_.connect_timeout;
  const auto [added, is_new] = connections_.try_emplace(id);
  PARLEY_CHECK(is_new);
  added->second.handshake = std::move(handshake);
  added->second.connect_by = connect_by;
  unjoined_.emplace(connect_by, id);
}

void Server::received(ConnectionId id, MessageKind kind, std::string_view data, Time) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  auto& connection = found->second;
  auto packet = connection.decoder.receive(
      kind, data, {options_.max_attachments, options_.max_attachment_bytes});
  if (!packet) {
    cut(id, packet.error());
  } else if (*packet) {
    handle(id, connection, **std::move(packet));
  }
  announce_departures();
}

void Server::closed(ConnectionId id, DisconnectReason reason, Time) {
  forget(id, reason);
  announce_departures();
}

void Server::advance(Time now) {
  while (!unjoined_.empty() && unjoined_.begin()->first <= now)
    cut(unjoined_.begin()->second, Violation::connect_timeout);
}

std::optional<Time> Server::wake_at() const {
  if (unjoined_.empty()) return std::nullopt;
  return unjoined_.begin()->first;
}

std::optional<Output> Server::poll() { return outputs_.poll(); }

// A handler may end the connection or the socket, so that neither is touched after it was called.
void Server::handle(ConnectionId id, const Connection& connection, Packet packet) {
  const auto socket = find_socket(connection, packet.name_space);
  if (packet.type == PacketType::connect) {
    return socket ? cut(id, Violation::namespace_joined_already) : connect(id, packet);
  }
  if (!socket) return cut(id, Violation::namespace_not_joined);
  dispatch(*socket, std::move(packet));
}

void Server::dispatch(SocketId id, Packet packet) {
  switch (packet.type) {
    case PacketType::disconnect:
      return leave(id, DisconnectReason::client_namespace_disconnect);
    case PacketType::event:
    case PacketType::binary_event:
      return served_[find(id)->served].handler->received(
          *this, id, Event{packet.event, std::move(packet.arguments), packet.ack});
    case PacketType::ack:
    case PacketType::binary_ack:
      return take_acknowledgement(id, packet);
    case PacketType::connect:
    case PacketType::connect_error:
      break;
  }
  PARLEY_CHECK(false);  // The decoder and handle() let no other packet through.
}

void Server::connect(ConnectionId id, const Packet& packet) {
  const auto served = find_served(packet.name_space);
  if (!served) return refuse(id, packet.name_space, {"Invalid namespace", {}});

  auto& connection = connections_.at(id);
  Handshake handshake{connection.handshake, "{}"};
  if (!packet.arguments.json.empty()) handshake.auth = packet.arguments.json;
  auto& handler = *served_[*served].handler;
  if (const auto admitted = handler.admit(handshake); !admitted)
    return refuse(id, packet.name_space, admitted.error());

  unjoined_.erase({connection.connect_by, id});
  const SocketId socket{next_socket_++};
  connection.sockets.push_back(socket);
  const auto& sid = sockets_.try_emplace(socket, id, *served, sids_.next()).first->second.sid;
  const auto reply = R"({"sid":")" + sid + R"("})";
  send(id, {.type = PacketType::connect, .name_space = packet.name_space, .json = reply});
  handler.connected(*this, socket, handshake);
}

void Server::refuse(ConnectionId id, std::string_view name_space, const ConnectError& error) {
  auto reply = R"({"message":)" + quoted(error.message);
  if (!error.data.empty()) reply.append(R"(,"data":)").append(error.data);
  reply += '}';
  send(id, {.type = PacketType::connect_error, .name_space = name_space, .json = reply});
}

void Server::take_acknowledgement(SocketId id, const Packet& packet) {
  auto& socket = *find(id);
  const auto awaited = std::ranges::find(socket.awaited, packet.ack);
  if (awaited == socket.awaited.end()) return;  // late, or never asked for
  socket.awaited.erase(awaited);
  served_[socket.served].handler->acknowledged(*this, id, *packet.ack, packet.arguments);
}

void Server::emit(SocketId id, const Arguments& arguments) {
  if (const auto* socket = find(id)) send_event(*socket, std::nullopt, arguments);
}

AckId Server::emit_with_ack(SocketId id, const Arguments& arguments) {
  auto* socket = find(id);
  if (!socket) return AckId{};
  const AckId ack{served_[socket->served].next_ack++};
  socket->awaited.push_back(ack);
  send_event(*socket, ack, arguments);
  return ack;
}

void Server::acknowledge(SocketId id, AckId ack, const Arguments& arguments) {
  const auto* socket = find(id);
  if (!socket) return;
  const auto count = arguments.attachments.size();
  send(socket->connection,
       {.type = count > 0 ? PacketType::binary_ack : PacketType::ack,
        .attachments = count,
        .name_space = served_[socket->served].name,
        .ack = ack,
        .json = arguments.json},
       arguments.attachments);
}

void Server::disconnect(SocketId id, DisconnectScope scope) {
  const auto* socket = find(id);
  if (!socket) return;
  const auto connection = socket->connection;
  if (scope == DisconnectScope::this_namespace) {
    send(connection, {.type = PacketType::disconnect, .name_space = served_[socket->served].name});
    return leave(id, DisconnectReason::server_namespace_disconnect);
  }
  for (const auto each : connections_.at(connection).sockets)
    send(connection,
         {.type = PacketType::disconnect, .name_space = served_[find(each)->served].name});
  outputs_.push(Close{connection, std::nullopt});
  forget(connection, DisconnectReason::server_namespace_disconnect);
}

std::string_view Server::sid(SocketId id) const {
  const auto found = sockets_.find(id);
  return found == sockets_.end() ? std::string_view{} : found->second.sid;
}

void Server::send_event(const Socket& socket, std::optional<AckId> ack,
                        const Arguments& arguments) {
  const auto count = arguments.attachments.size();
  send(socket.connection,
       {.type = count > 0 ? PacketType::binary_event : PacketType::event,
        .attachments = count,
        .name_space = served_[socket.served].name,
        .ack = ack,
        .json = arguments.json},
       arguments.attachments);
}

void Server::send(ConnectionId connection, const Header& header,
                  const std::vector<std::string>& attachments) {
  PARLEY_CHECK(attachments.size() <= options_.max_attachments);
  outputs_.push(Send{connection, MessageKind::text, Payload{arena_, encode(header)}});
  for (const auto& attachment : attachments)
    outputs_.push(Send{connection, MessageKind::binary, Payload{arena_, attachment}});
}

void Server::leave(SocketId id, DisconnectReason reason) {
  const auto found = sockets_.find(id);
  std::erase(connections_.at(found->second.connection).sockets, id);
  departures_.emplace_back(served_[found->second.served].handler, id, reason);
  sockets_.erase(found);
}

void Server::forget(ConnectionId id, DisconnectReason reason) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  while (!found->second.sockets.empty()) leave(found->second.sockets.front(), reason);
  unjoined_.erase({found->second.connect_by, id});
  connections_.erase(found);
}

void Server::cut(ConnectionId id, Violation violation) {
  outputs_.push(Close{id, violation});
  forget(id, DisconnectReason::forced_close);
}

// Handlers cause departures too, their own sockets' even: they are told one after the other, here.
void Server::announce_departures() {
  while (!departures_.empty()) {
    const auto [handler, socket, reason] = departures_.front();
    departures_.erase(departures_.begin());
    handler->disconnected(*this, socket, reason);
  }
}

std::optional<std::size_t> Server::find_served(std::string_view name) const {
  const auto found = std::ranges::find(served_, name, &Served::name);
  if (found == served_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - served_.begin());
}

std::optional<SocketId> Server::find_socket(const Connection& connection,
                                            std::string_view name) const {
  const auto found = std::ranges::find_if(connection.sockets, [&](SocketId id) {
    return served_[sockets_.at(id).served].name == name;
  });
  if (found == connection.sockets.end()) return std::nullopt;
  return *found;
}

Server::Socket* Server::find(SocketId id) {
  const auto found = sockets_.find(id);
  return found == sockets_.end() ? nullptr : &found->second;
}

}  // namespace parley::socketio
