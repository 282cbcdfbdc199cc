// A client that comes back to another server than the one where it was: its session goes over.
//
// What it has missed is what its old server has kept of what it heard, and what the new one has
// heard that the old one has not. Servers hear each other in order, so that a number for each says
// how much that is: the old one says how far it has heard, and the new one gives the client of its
// own log what is beyond, and nothing of what it hears later and the old one already had. What was
// missed is put into the new one's log for that client alone, which from then on is like any other.

#include "missing.hpp"
#include "request.hpp"

#include <algorithm>

namespace parley::socketio {

namespace {

struct Elsewhere {
  std::optional<std::pair<NodeId, cluster::MovedSession>> found = {};
  Missing missing = {};
};

bool is_for(const Target& target, std::string_view sid, const std::vector<std::string>& rooms) {
  const auto is_in = [&](const std::string& room) {
    return room == sid || std::ranges::find(rooms, room) != rooms.end();
  };
  return (target.rooms.empty() || std::ranges::any_of(target.rooms, is_in)) &&
         std::ranges::none_of(target.except, is_in);
}

/// Whether it is among what a session brings along from `old`.
bool is_brought(const Origin& origin, NodeId old, const cluster::MovedSession& moved) {
  if (origin.number == 0 || origin.node == old) return true;
  if (!origin.node) return origin.number <= moved.of_asker;
  const auto known = moved.of_others.find(*origin.node);
  return known != moved.of_others.end() && origin.number <= known->second;
}

/// Whether `log` still has all that the session does not bring along.
bool has_the_rest(const RecoveryLog& log, NodeId old, const cluster::MovedSession& moved) {
  const auto is_gone_and_brought = [&](const auto& each) {
    return each.second == 0 || is_brought({each.first, each.second}, old, moved);
  };
  return log.gone().own <= moved.of_asker &&
         std::ranges::all_of(log.gone().others, is_gone_and_brought);
}

}  // namespace

// The socket waits as for a middleware that takes its time, under an id that nobody has seen.
flow::task<> Server::Core::find_elsewhere(Core* core, SocketId id, std::string about, Shown shown) {
  const auto elsewhere = std::make_shared<Elsewhere>();
  elsewhere->missing.expect(core->options.cluster->others.size());
  const Request request{core, [elsewhere](NodeId from, const cluster::Body& body) {
                          const auto* response = std::get_if<cluster::FindSessionResponse>(&body);
                          if (!response) return;
                          if (!response->session) return elsewhere->missing.one_came();
                          elsewhere->found.emplace(from, *response->session);
                          elsewhere->missing.enough();
                        }};
  core->publish(about, cluster::FindSession{request.id(), shown.pid, shown.offset});
  auto missing = std::shared_ptr<Missing>{elsewhere, &elsewhere->missing};
  co_await Missing::wait(&core->scheduler, std::move(missing),
                         core->options.cluster->request_timeout);
  --core->searches_;

  auto* name_space = core->named(about);
  std::optional<Session> session;
  if (elsewhere->found && name_space)
    session = core->take_over(*name_space, elsewhere->found->first, elsewhere->found->second);
  if (session)
    session->moved = std::make_shared<const Moved>(
        Moved{elsewhere->found->second.of_others, std::move(shown.offset)});
  if (core->sockets_.find(id)) {
    // Its client may have come before, and gone again when its session had not come yet.
    if (!session) session = core->take_absent(*name_space, shown).session;
    core->become(id, std::move(session));
  } else if (session) {  // its client has gone again meanwhile
    name_space->recovery_->absent.keep(*std::move(session), core->scheduler.now());
    core->want_sweep();
  }
}

void Server::Core::become(SocketId id, std::optional<Session> session) {
  auto& state = *sockets_.find(id);
  const bool skips_middlewares = session && options.connection_state_recovery->skip_middlewares;
  if (session) {
    by_sid_.erase(state.id());
    std::ranges::copy(session->sid, state.sid.begin());
    by_sid_.emplace(state.id(), id);
    if (skips_middlewares) state.more().auth = session->auth;
  }
  make_recoverable(id, std::move(session));
  skips_middlewares ? join(id) : let_in(id);
}

std::optional<cluster::MovedSession> Server::Core::give_away(Namespace& name_space,
                                                             const Shown& shown, NodeId to) {
  auto session = take_session(name_space, shown).session;
  if (!session) return std::nullopt;
  auto heard = known_.others;
  if (session->moved)
    for (const auto& [node, number] : session->moved->had)
      heard[node] = std::max(heard[node], number);
  const auto* data = std::any_cast<SharedData>(&session->data);
  cluster::MovedSession moved{.pid = std::move(session->pid),
                              .sid = std::move(session->sid),
                              .rooms = std::move(session->rooms),
                              .auth = std::move(session->auth),
                              .data = data ? std::optional{data->json} : std::nullopt,
                              .missed = {},
                              .of_asker = heard[to],
                              .of_others = {}};
  heard.erase(to);
  moved.of_others = std::move(heard);
  name_space.recovery_->log.each_after(
      session->progress.covered, [&](Position, const RecoveryLog::Entry& event) {
        if (session->moved && session->moved->has(event.origin)) return;
        if (!is_for(event.target, moved.sid, moved.rooms)) return;
        moved.missed.push_back(
            {{without_offset(event.arguments.json), event.arguments.attachments}, event.flags});
      });
  return moved;
}

std::optional<Session> Server::Core::take_over(Namespace& name_space, NodeId from,
                                               const cluster::MovedSession& moved) {
  auto& log = name_space.recovery_->log;
  if (!has_the_rest(log, from, moved)) return std::nullopt;
  auto missed = moved.missed;
  log.each_after(log.dropped(), [&](Position, const RecoveryLog::Entry& event) {
    if (is_brought(event.origin, from, moved)) return;
    if (!is_for(event.target, moved.sid, moved.rooms)) return;
    missed.push_back(
        {{without_offset(event.arguments.json), event.arguments.attachments}, event.flags});
  });

  const auto began = log.last();
  for (auto& event : missed) {
    event.arguments.json = with_offset(event.arguments.json, log.next_offset());
    log.append({{.rooms = {moved.sid}, .except = {}}, std::move(event.arguments), event.flags},
               scheduler.now());
    want_sweep();
  }
  Session session{.pid = moved.pid,
                  .sid = moved.sid,
                  .rooms = moved.rooms,
                  .auth = moved.auth,
                  .data = {},
                  .progress = {began, began, began}};
  if (moved.data) session.data = SharedData{*moved.data};
  return session;
}

}  // namespace parley::socketio
