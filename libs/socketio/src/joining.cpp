// From a client's CONNECT to the connection handlers, or to its refusal.

#include "core.hpp"
#include "json.hpp"

#include <algorithm>

namespace parley::socketio {

namespace {

/// What a client of revision 3 says of itself stands in a query behind the namespace's name.
std::string auth_of(const Query& query) {
  std::string json = "{";
  for (const auto& [key, value] : query.entries()) {
    if (json.size() > 1) json += ',';
    json.append(quoted(key)).append(":").append(quoted(value));
  }
  return json += '}';
}

/// Starts the middleware in a flow of its own, so that one that throws at once fails it too.
flow::task<Result<void, ConnectError>> verdict_of(AsyncMiddleware middleware, Socket socket) {
  co_return co_await middleware(socket);
}

std::string text_of(const flow::Error& error) {
  return error.context.empty() ? error.code.message() : error.context;
}

}  // namespace

void Server::Core::connect(ConnectionId id, std::string_view name, std::string_view auth) {
  std::string from_query;
  if (connection_at(id).revision == Revision::v3 && name.contains('?')) {
    from_query = auth_of(Query{name});
    auth = from_query;
    name = name.substr(0, name.find('?'));
  }
  if (connection_at(id).sockets.size() >= options.namespaces_max)
    return send_refusal(id, name, {.message = "Too many namespaces"});
  auto* name_space = find_namespace(name, auth.empty() ? "{}" : auth);
  if (!name_space) return send_refusal(id, name, {.message = "Invalid namespace"});
  const bool is_recoverable = name_space->recovery_ && connection_at(id).revision == Revision::v4;
  auto shown = is_recoverable ? shown_in(auth) : Shown{};
  auto [is_known, session] = shown.pid.empty() ? Taken{} : take_session(*name_space, shown);
  if (!find_open(id)) return;  // by a handler that heard of the socket that the client had before
  if (!shown.pid.empty() && !is_known && may_search()) {
    const auto socket = add_socket(id, *name_space, auth, sids_.next());
    ++searches_;
    return spawn(find_elsewhere(this, socket, name_space->name(), std::move(shown)), "recovery");
  }
  const bool skips_middlewares = session && options.connection_state_recovery->skip_middlewares;
  const auto socket = add_socket(id, *name_space, skips_middlewares ? session->auth : auth,
                                 session ? session->sid : sids_.next());
  make_recoverable(socket, std::move(session));
  skips_middlewares ? join(socket) : let_in(socket);
}

// The usual case needs no flow.
void Server::Core::let_in(SocketId id) {
  auto& name_space = *sockets_.find(id)->name_space;
  const bool is_open_to_all = name_space.each_handlers(
      [](const Namespace::Handlers& handlers) { return handlers.middlewares.empty(); });
  if (is_open_to_all) return join(id);
  spawn(admit(id), "a middleware of " + name_space.name());
}

Namespace* Server::Core::find_namespace(std::string_view name, std::string_view auth) {
  if (const auto found = namespaces.find(name); found != namespaces.end())
    return found->second.get();
  if (!name.starts_with('/') || name.contains(',')) return nullptr;
  for (const auto& [matches, parent] : parents) {
    if (!matches(name, auth)) continue;
    if (children_ >= options.child_namespaces_max) return nullptr;
    ++children_;
    auto& made = server.of(name);
    made.parent_ = parent.get();
    if (server.on_new_namespace) server.on_new_namespace(made);
    return &made;
  }
  return nullptr;
}

SocketId Server::Core::add_socket(ConnectionId id, Namespace& name_space, std::string_view auth,
                                  std::string_view sid) {
  auto& connection = connection_at(id);
  const auto socket = sockets_.emplace(SocketState{.connection = id, .name_space = &name_space});
  ++name_space.known_;
  auto& state = *sockets_.find(socket);
  std::ranges::copy(sid, state.sid.begin());
  if (connection.revision == Revision::v3)
    state.more().own_id =
        name_space.name() == "/" ? connection.sid : name_space.name() + '#' + connection.sid;
  if (!auth.empty() && auth != "{}") state.more().auth = auth;
  connection.sockets.push_back(socket);
  by_sid_.emplace(state.id(), socket);
  return socket;
}

// Middlewares of the parent first. The list may grow meanwhile, the socket may be gone after each.
flow::task<> Server::Core::admit(SocketId id) {
  const Socket socket{server, id};
  auto& name_space = *sockets_.find(id)->name_space;
  for (auto* owner : {name_space.parent_, &name_space}) {
    for (std::size_t next = 0; owner && next < owner->handlers_->middlewares.size(); ++next) {
      auto asked = verdict_of(owner->handlers_->middlewares[next], socket);
      auto verdict = co_await flow::attempt(std::move(asked));
      if (!sockets_.find(id)) co_return;
      if (!verdict) {
        refuse(id, {.message = text_of(verdict.error())});
        co_return;
      }
      if (!*verdict) {
        refuse(id, verdict->error());
        co_return;
      }
    }
  }
  join(id);
}

// What the client missed goes out before the reply, and whatever the handlers send after it.
void Server::Core::join(SocketId id) {
  if (!send_missed(id)) return;
  auto& state = *sockets_.find(id);
  auto& name_space = *state.name_space;
  auto& connection = connection_at(state.connection);
  unjoined_.erase({connection.connect_by, state.connection});
  state.phase = Phase::joined;
  state.member = static_cast<std::uint32_t>(name_space.members_.size());
  name_space.members_.push_back(id);
  if (state.recoverable) by_pid_.emplace(state.recoverable->pid, id);

  std::string reply;  // clients of revision 3 expect none
  if (connection.revision == Revision::v4) {
    reply.append(R"({"sid":")").append(state.id()).append("\"");
    if (state.recoverable) reply.append(R"(,"pid":")").append(state.recoverable->pid).append("\"");
    reply += '}';
  }
  send_packet(state.connection,
              {.type = PacketType::connect, .name_space = name_space.name(), .json = reply});
  name_space.each_handlers([&](Namespace::Handlers& handlers) {
    handlers.connection.call(Socket{server, id});
    return true;
  });
}

void Server::Core::refuse(SocketId id, const ConnectError& error) {
  const auto& state = *sockets_.find(id);
  send_refusal(state.connection, state.name_space->name(), error);
  std::erase(connection_at(state.connection).sockets, id);
  remove(id);
}

void Server::Core::send_refusal(ConnectionId id, std::string_view name_space,
                                const ConnectError& error) {
  const bool is_known = namespaces.contains(name_space);
  std::string reply;
  if (connection_at(id).revision == Revision::v3 && is_known) {
    // Clients of revision 3 expect a bare value.
    reply = error.data.empty() ? quoted(error.message) : error.data;
  } else {
    reply = R"({"message":)" + quoted(error.message);
    if (!error.data.empty()) reply.append(R"(,"data":)").append(error.data);
    reply += '}';
  }
  send_packet(id, {.type = PacketType::connect_error, .name_space = name_space, .json = reply});
}

// The socket's entry goes; whoever was to hear of it has.
void Server::Core::remove(SocketId id) {
  auto& state = *sockets_.find(id);
  auto& name_space = *state.name_space;
  name_space.rooms_.leave_all(id, state.rooms);
  by_sid_.erase(state.id());
  sockets_.erase(id);
  --name_space.known_;
  if (is_spare(name_space)) spare_.push_back(name_space.name());
}

// Nobody is there, and nobody can come back to it.
bool Server::Core::is_spare(const Namespace& name_space) const {
  return options.cleanup_empty_child_namespaces && name_space.parent_ && name_space.known_ == 0 &&
         (!name_space.recovery_ || name_space.recovery_->absent.empty());
}

}  // namespace parley::socketio
