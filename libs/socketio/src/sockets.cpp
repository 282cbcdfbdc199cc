// What handlers do with a socket.

#include "core.hpp"
#include "understand.hpp"

#include <parley/base/check.hpp>
#include <parley/flow/callback.hpp>
#include <parley/socketio/msgpack.hpp>

#include <algorithm>

namespace parley::socketio {

Server::Core::SocketState* Server::Core::find_present(SocketId id) {
  auto* state = sockets_.find(id);
  return state && state->phase != Phase::leaving ? state : nullptr;
}

bool Server::Core::may_send(const ArgumentsView& arguments) {
  const auto count = arguments.attachments.size();
  if (count <= options.max_attachments) return true;
  server.report("not sent: " + std::to_string(count) + " attachments, " +
                std::to_string(options.max_attachments) + " at most");
  return false;
}

// `header` is that of the packet without its attachments.
Server::Core::Encoded Server::Core::encode_packet(Header header,
                                                  std::span<const std::string> attachments) {
  PARLEY_CHECK(attachments.size() <= options.max_attachments);
  if (options.parser == Parser::msgpack)
    return {MessageKind::binary, Payload{arena, encode_msgpack(header, attachments)}, {}};
  if (!attachments.empty()) {
    header.type = with_attachments(header.type);
    header.attachments = attachments.size();
  }
  Encoded packet{MessageKind::text, encode(header, arena), {}};
  packet.attachments.reserve(attachments.size());
  for (const auto& attachment : attachments) packet.attachments.emplace_back(arena, attachment);
  return packet;
}

Server::Core::Encoded Server::Core::encode_event(const Namespace& name_space,
                                                 std::optional<AckId> ack,
                                                 const ArgumentsView& arguments) {
  return encode_packet({.type = PacketType::event,
                        .name_space = name_space.name(),
                        .ack = ack,
                        .json = arguments.json},
                       arguments.attachments);
}

void Server::Core::send(ConnectionId to, const Encoded& packet, Flags flags) {
  traffic.packets_out += 1 + packet.attachments.size();
  traffic.bytes_out += packet.message.view().size();
  outputs.push(Send{to, packet.kind, packet.message, flags});
  for (const auto& attachment : packet.attachments) {
    traffic.bytes_out += attachment.view().size();
    outputs.push(Send{to, MessageKind::binary, attachment, flags, true});
  }
}

void Server::Core::emit(SocketId to, const ArgumentsView& arguments, Flags flags) {
  const auto* state = find_present(to);
  if (!state || !may_send(arguments)) return;
  if (!state->recoverable) {
    send_event(*state, std::nullopt, arguments, flags);
    return show_sent({&to, 1}, arguments);
  }
  const Target target{.rooms = {std::string{state->id()}}, .except = {}};
  emit_recoverably(*state->name_space, target, std::span{&to, 1}, arguments, {flags});
}

void Server::Core::send_event(const SocketState& to, std::optional<AckId> ack,
                              const ArgumentsView& arguments, Flags flags) {
  send(to.connection, encode_event(*to.name_space, ack, arguments), flags);
}

// After all of them were sent it, because handlers may do anything. Nearly always there are none,
// and that is found out without taking hold of anything.
void Server::Core::show_sent(std::span<const SocketId> sockets, const ArgumentsView& arguments) {
  for (const auto id : sockets) {
    const auto* state = find_present(id);
    const bool is_watched = state && (state->name_space->is_watched() ||
                                      (state->extras && !state->extras->any_outgoing.empty()));
    if (!is_watched) continue;
    const auto extras = state->extras;
    state->name_space->each_handlers([&](Namespace::Handlers& handlers) {
      handlers.any_outgoing.call(Socket{server, id}, arguments);
      return find_present(id) != nullptr;
    });
    if (extras && find_present(id)) extras->any_outgoing.call(arguments);
  }
}

AckId Server::Core::ask(SocketId to, const ArgumentsView& arguments, AckHandler&& handler) {
  const auto& state = *find_present(to);
  const auto ack = state.name_space->next_ack();
  awaited_.try_emplace({to, ack}, std::move(handler));
  send_event(state, ack, arguments, {});
  show_sent({&to, 1}, arguments);
  return ack;
}

void Server::Core::acknowledge(SocketId to, AckId ack, const ArgumentsView& values) {
  const auto* state = find_present(to);
  if (!state || !may_send(values)) return;
  const Header header{.type = PacketType::ack,
                      .name_space = state->name_space->name(),
                      .ack = ack,
                      .json = values.json};
  send(state->connection, encode_packet(header, values.attachments), {});
}

void Server::Core::disconnect(SocketId id, Socket::Scope scope) {
  const auto* state = find_present(id);
  if (!state) return;
  const auto connection = state->connection;
  if (scope == Socket::Scope::this_namespace) {
    send_packet(connection,
                {.type = PacketType::disconnect, .name_space = state->name_space->name()});
    return leave(id, DisconnectReason::server_namespace_disconnect);
  }
  for (const auto each : connection_at(connection).sockets) {
    const auto& other = *sockets_.find(each);
    if (other.phase == Phase::joined)
      send_packet(connection,
                  {.type = PacketType::disconnect, .name_space = other.name_space->name()});
  }
  outputs.push(Close{connection, std::nullopt});
  forget(connection, DisconnectReason::server_namespace_disconnect);
}

void Server::Core::leave(SocketId id, DisconnectReason reason) {
  auto& state = *sockets_.find(id);
  std::erase(connection_at(state.connection).sockets, id);
  if (state.phase == Phase::admitting) {
    // Its client may come back once more.
    const bool was_away = state.recoverable && state.recoverable->is_recovered;
    if (auto session = session_of(state, reason); session && was_away)
      keep(state, *std::move(session));
    return remove(id);
  }
  state.phase = Phase::leaving;
  if (state.recoverable) {
    by_pid_.erase(state.recoverable->pid);
    state.recoverable->progress.covered = state.name_space->recovery_->log.last();
  }
  auto& members = state.name_space->members_;
  sockets_.find(members.back())->member = state.member;
  members[state.member] = members.back();
  members.pop_back();
  departures_.push_back({id, reason});
}

const Handshake* Server::Core::handshake_of(SocketId id) {
  const auto* state = sockets_.find(id);
  return state ? &connection_at(state->connection).handshake : nullptr;
}

std::optional<Transport> Server::Core::transport_of(SocketId id) {
  const auto* state = sockets_.find(id);
  return state ? std::optional{connection_at(state->connection).transport} : std::nullopt;
}

bool Socket::connected() const {
  const auto* state = server_->core_->find(id_);
  return state && state->phase == Server::Core::Phase::joined;
}

bool Socket::recovered() const {
  const auto* state = server_->core_->find(id_);
  return state && state->recoverable && state->recoverable->is_recovered;
}

std::string_view Socket::id() const {
  const auto* state = server_->core_->find(id_);
  return state ? state->id() : std::string_view{};
}

Namespace* Socket::name_space() const {
  const auto* state = server_->core_->find(id_);
  return state ? state->name_space : nullptr;
}

std::optional<ConnectionId> Socket::connection() const {
  const auto* state = server_->core_->find(id_);
  return state ? std::optional{state->connection} : std::nullopt;
}

std::optional<Transport> Socket::transport() const { return server_->core_->transport_of(id_); }

const Handshake* Socket::handshake() const { return server_->core_->handshake_of(id_); }

std::string_view Socket::auth() const {
  const auto* state = server_->core_->find(id_);
  return state && state->extras ? std::string_view{state->extras->auth} : "{}";
}

void Socket::relay(const ArgumentsView& arguments, Flags flags) const {
  server_->core_->emit(id_, arguments, flags);
}

flow::task<Arguments> Socket::ask(Arguments arguments) const {
  return Server::Core::question(server_->core_.get(), id_, std::move(arguments));
}

// A question that nobody waits for any more is forgotten.
flow::task<Arguments> Server::Core::question(Core* core, SocketId to, Arguments arguments) {
  struct Pending {
    Core* core;
    SocketId to;
    std::optional<AckId> ack = {};
    ~Pending() {
      if (ack) core->forget(to, *ack);
    }
  } pending{core, to};
  auto ask = [&](flow::Done<Arguments> done) {
    if (!core->find_present(to)) return done.fail(AckFault::not_connected);
    if (is_reserved_event(Json{arguments.json}[0].as<std::string>().value_or("")))
      return done.fail(AckFault::reserved_event);
    if (arguments.attachments.size() > core->options.max_attachments)
      return done.fail(AckFault::too_many_attachments);
    pending.ack =
        core->ask(to, arguments, [done = std::move(done)](Result<ArgumentsView, AckFault> answer) {
          answer ? done(answer->kept()) : done.fail(answer.error());
        });
  };
  co_return co_await flow::callback<Arguments>(core->scheduler, std::move(ask));
}

bool Socket::join(std::string_view room) const {
  auto& core = *server_->core_;
  auto* state = core.find_present(id_);
  if (!state) return false;
  auto& rooms = state->name_space->rooms_;
  if (room == state->id() || rooms.contains(room, id_)) return true;
  if (state->rooms.size() >= core.options.rooms_max) return false;
  return rooms.join(id_, state->rooms, room);
}

void Socket::leave(std::string_view room) const {
  if (auto* state = server_->core_->find_present(id_))
    state->name_space->rooms_.leave(id_, state->rooms, room);
}

std::vector<std::string> Socket::rooms() const {
  const auto* state = server_->core_->find(id_);
  if (!state) return {};
  std::vector<std::string> names{std::string{state->id()}};
  for (const auto* room : state->rooms) names.push_back(*room);
  return names;
}

Broadcast Socket::broadcast() const { return Broadcast{*server_, name_space()}.except(id()); }
Broadcast Socket::to(std::string_view room) const { return broadcast().to(room); }
Broadcast Socket::except(std::string_view room) const { return broadcast().except(room); }

Listener Socket::add_handler(std::string_view event, EventHandler handler) const {
  auto* state = server_->core_->find_present(id_);
  if (!state) return {};
  return state->more().events[std::string{event}].add(std::move(handler));
}

Listener Socket::add_once(std::string_view event, EventHandler handler) const {
  auto* state = server_->core_->find_present(id_);
  if (!state) return {};
  return detail::add_once(state->more().events[std::string{event}], std::move(handler));
}

Listener Socket::on_any_outgoing(std::function<void(const ArgumentsView&)> handler) const {
  auto* state = server_->core_->find_present(id_);
  return state ? state->more().any_outgoing.add(std::move(handler)) : Listener{};
}

Listener Socket::on_any(EventHandler handler) const {
  auto* state = server_->core_->find_present(id_);
  return state ? state->more().any.add(std::move(handler)) : Listener{};
}

Listener Socket::on_disconnecting(std::function<void(DisconnectReason)> handler) const {
  auto* state = server_->core_->find_present(id_);
  return state ? state->more().disconnecting.add(std::move(handler)) : Listener{};
}

Listener Socket::on_disconnect(std::function<void(DisconnectReason)> handler) const {
  auto* state = server_->core_->find_present(id_);
  return state ? state->more().disconnect.add(std::move(handler)) : Listener{};
}

std::any* Socket::data() const {
  auto* state = server_->core_->find(id_);
  return state ? &state->more().data : nullptr;
}

void Socket::disconnect(Scope scope) const { server_->core_->disconnect(id_, scope); }

bool detail::may_emit(Server& server, std::string_view event) {
  const bool may = !is_reserved_event(event);
  if (!may) server.report("not sent: the event name " + std::string{event} + " is reserved");
  return may;
}

void detail::run_flow(Event& event, flow::task<> flow) {
  const auto* name_space = event.socket().name_space();
  auto what = (name_space ? name_space->name() : "") + ": " + std::string{event.name()};
  event.socket().server().spawn(std::move(flow), std::move(what));
}

void detail::report_unfit(const Event& event, ArgumentFault fault) {
  const auto* name_space = event.socket().name_space();
  event.socket().server().report(
      (name_space ? name_space->name() : "") + ": " + std::string{event.name()} + ": argument " +
      std::to_string(fault.index) + ": " + std::string{text(fault.fault)});
}

void Ack::relay(const ArgumentsView& values) {
  if (const auto to = to_.take())
    to->socket.server().core_->acknowledge(to->socket.number(), to->id, values);
}

}  // namespace parley::socketio
