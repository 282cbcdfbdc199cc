// Connection state recovery: what is kept of whom, and how a client gets it back.

#include "core.hpp"

namespace parley::socketio {

namespace {

// What is kept is looked at so often, not whenever a piece of it runs out.
constexpr Duration sweep_interval{10'000};

// Those of Socket.IO, "Connection state recovery": neither end wished the disconnection.
bool is_recoverable(DisconnectReason reason) {
  switch (reason) {
    case DisconnectReason::transport_error:
    case DisconnectReason::transport_close:
    case DisconnectReason::forced_close:
    case DisconnectReason::ping_timeout:
    case DisconnectReason::server_shutting_down:
    case DisconnectReason::forced_server_close:
      return true;
    case DisconnectReason::client_namespace_disconnect:
    case DisconnectReason::server_namespace_disconnect:
    case DisconnectReason::parse_error:
      return false;
  }
  return false;
}

}  // namespace

std::unique_ptr<Recovery> Server::Core::make_recovery() {
  const auto& wished = options.connection_state_recovery;
  if (!wished) return nullptr;
  auto tag = pids_.next().substr(0, RecoveryLog::tag_size);
  return std::make_unique<Recovery>(
      Recovery{RecoveryLog{*wished, std::move(tag), known_}, AbsentSessions{*wished}});
}

void Server::Core::emit_recoverably(const Namespace& name_space, const Target& target,
                                    std::span<const SocketId> sockets,
                                    const ArgumentsView& arguments, const Recoverably& how) {
  const auto& [flags, origin] = how;
  auto& log = name_space.recovery_->log;
  // Clients take any string at an event's end for an offset, also that of a volatile one.
  const auto offset = flags.is_volatile ? log.last_offset() : log.next_offset();
  const auto json = with_offset(arguments.json, offset);
  const ArgumentsView with_it{json, arguments.attachments};
  const auto marked = encode_event(name_space, std::nullopt, with_it);
  if (!flags.is_volatile) {
    log.append({target, with_it.kept(), flags, origin}, scheduler.now());
    want_sweep();
  }

  std::optional<Encoded> plain;
  for (const auto id : sockets) {
    const auto& state = *sockets_.find(id);
    if (!state.recoverable) {
      if (!plain) plain = encode_event(name_space, std::nullopt, arguments);
      send(state.connection, *plain, flags);
      continue;
    }
    // Who is still being let in again gets it with what was missed, in the order of the offsets.
    if (state.phase == Phase::admitting && state.recoverable->is_recovered) continue;
    if (state.recoverable->moved && state.recoverable->moved->has(origin)) continue;
    send(state.connection, marked, flags);
    state.recoverable->progress.sent = log.last();
  }
  show_sent(sockets, arguments);
}

// What the client had before, if it shows that it may have it. A socket of it that nobody knows to
// be dead yet is ended for that.
Server::Core::Taken Server::Core::take_session(Namespace& name_space, const Shown& shown) {
  const auto present = by_pid_.find(shown.pid);
  if (present != by_pid_.end() && sockets_.find(present->second)->name_space == &name_space)
    displace(present->second);
  return take_absent(name_space, shown);
}

Server::Core::Taken Server::Core::take_absent(Namespace& name_space, const Shown& shown) {
  auto session = name_space.recovery_->absent.take(shown.pid, scheduler.now());
  if (!session) return {};
  // One that came from another server goes on from what its client showed then, or has got since.
  const bool is_of_then = session->moved && session->moved->offset == shown.offset;
  const auto progress = name_space.recovery_->log.resumed(session->progress,
                                                          is_of_then ? std::nullopt : shown.offset);
  if (!progress) return {.is_known = true};
  if (session->moved && !is_of_then && progress->sent == progress->began) return {.is_known = true};
  session->progress = *progress;
  return {true, std::move(session)};
}

void Server::Core::displace(SocketId old) {
  const auto connection = sockets_.find(old)->connection;
  leave(old, DisconnectReason::transport_close);
  if (connection_at(connection).sockets.empty()) {
    outputs.push(Close{connection, std::nullopt});
    forget(connection, DisconnectReason::transport_close);
  }
  announce_departures();
}

void Server::Core::make_recoverable(SocketId id, std::optional<Session> session) {
  auto& state = *sockets_.find(id);
  const auto* recovery = state.name_space->recovery_.get();
  if (!recovery || connection_at(state.connection).revision == Revision::v3) return;
  if (!session) {
    const auto last = recovery->log.last();
    state.recoverable =
        std::make_unique<Recoverable>(Recoverable{pids_.next(), {last, last, last}});
    return;
  }
  state.recoverable = std::make_unique<Recoverable>(
      Recoverable{std::move(session->pid), session->progress, true, std::move(session->moved)});
  if (session->data.has_value()) state.more().data = std::move(session->data);
  for (const auto& room : session->rooms) state.name_space->rooms_.join(id, state.rooms, room);
}

// False if middlewares took so long that not all is there any more. The client is told nothing of
// that: its next connection begins anew.
bool Server::Core::send_missed(SocketId id) {
  const auto& state = *sockets_.find(id);
  if (!state.recoverable || !state.recoverable->is_recovered) return true;
  const auto& name_space = *state.name_space;
  const auto& log = name_space.recovery_->log;
  auto& progress = state.recoverable->progress;
  if (!log.reaches(progress.covered)) {
    outputs.push(Close{state.connection, std::nullopt});
    forget(state.connection, DisconnectReason::transport_close);
    return false;
  }
  log.each_after(progress.covered, [&](Position position, const RecoveryLog::Entry& event) {
    const auto& [rooms, except] = event.target;
    if (state.recoverable->moved && state.recoverable->moved->has(event.origin)) return;
    if (!rooms.empty() && !is_in_any(name_space, rooms, id)) return;
    if (is_in_any(name_space, except, id)) return;
    send_event(state, std::nullopt, event.arguments, event.flags);
    progress.sent = position;
  });
  return true;
}

std::optional<Session> Server::Core::session_of(const SocketState& state,
                                                DisconnectReason reason) const {
  if (!state.recoverable || !is_recoverable(reason)) return std::nullopt;
  Session session{.pid = state.recoverable->pid,
                  .sid = std::string{state.id()},
                  .rooms = {},
                  .auth = state.extras ? state.extras->auth : "{}",
                  .data = {},
                  .progress = state.recoverable->progress,
                  .moved = state.recoverable->moved};
  for (const auto* room : state.rooms) session.rooms.push_back(*room);
  return session;
}

void Server::Core::keep(SocketState& state, Session session) {
  if (state.extras) session.data = std::move(state.extras->data);
  state.name_space->recovery_->absent.keep(std::move(session), scheduler.now());
  want_sweep();
}

void Server::Core::sweep(Time now) {
  sweep_at_.reset();
  for (const auto& [name, name_space] : namespaces) {
    auto* recovery = name_space->recovery_.get();
    if (!recovery) continue;
    recovery->log.sweep(now);
    recovery->absent.sweep(now);
    if (!recovery->log.empty() || !recovery->absent.empty()) want_sweep();
    if (is_spare(*name_space)) spare_.push_back(name);
  }
}

void Server::Core::want_sweep() {
  if (!sweep_at_) sweep_at_ = scheduler.now() + sweep_interval;
}

}  // namespace parley::socketio
