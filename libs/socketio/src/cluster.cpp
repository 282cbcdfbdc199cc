// Several servers that act as one: what this one tells the others, and what it does when they tell
// it something. Whoever publishes does its own part itself.

#include "core.hpp"

#include <parley/base/check.hpp>

#include <algorithm>
#include <array>
#include <concepts>

namespace parley::socketio {

namespace {

template <class T>
concept Response =
    std::same_as<T, cluster::BroadcastClientCount> || std::same_as<T, cluster::BroadcastAck> ||
    std::same_as<T, cluster::FetchSocketsResponse> ||
    std::same_as<T, cluster::ServerSideEmitResponse> ||
    std::same_as<T, cluster::FindSessionResponse>;

/// Empty if the first of them is not a text.
std::string event_name(const ArgumentsView& arguments) {
  return Json{arguments.json}[0].as<std::string>().value_or("");
}

// The field's servers have events of these names among themselves.
bool may_be_emitted(std::string_view event) {
  constexpr std::array<std::string_view, 4> reserved{"", "connect", "connection", "new_namespace"};
  return std::ranges::find(reserved, event) == reserved.end();
}

}  // namespace

bool Server::Core::reaches_others(const Broadcast& broadcast) const {
  return has_others() && !broadcast.is_local_ && broadcast.name_space_;
}

std::size_t Server::Core::others_of(const Broadcast& broadcast) const {
  if (!reaches_others(broadcast)) return 0;
  return broadcast.only_on_ ? 1 : options.cluster->others.size();
}

Namespace* Server::Core::own_part(const Broadcast& broadcast) const {
  return broadcast.only_on_ ? nullptr : broadcast.name_space_;
}

void Server::Core::publish(std::string about, cluster::Body body, std::optional<NodeId> to) {
  outputs.push(Publish{to, std::make_shared<const ClusterMessage>(
                               ClusterMessage{std::move(about), std::move(body)})});
}

void Server::Core::publish(const Broadcast& broadcast, cluster::Body body) {
  if (reaches_others(broadcast))
    publish(broadcast.name_space_->name(), std::move(body), broadcast.only_on_);
}

void Server::Core::heard(NodeId from, const ClusterMessage& message) {
  const auto hear = [&]<class Each>(const Each& body) {
    if constexpr (Response<Each>) {
      const auto request = requests_.find(body.request);
      if (request != requests_.end()) request->second(from, message.body);
    } else {
      apply(from, message.name_space, body);
    }
  };
  std::visit(hear, message.body);
}

// None if nobody has asked for it here; nobody is in it then.
Namespace* Server::Core::named(std::string_view name) const {
  if (const auto found = namespaces.find(name); found != namespaces.end())
    return found->second.get();
  const auto is_it = [&](const auto& parent) { return parent.second->name() == name; };
  const auto parent = std::ranges::find_if(parents, is_it);
  return parent == parents.end() ? nullptr : parent->second.get();
}

void Server::Core::apply(NodeId from, const std::string& about,
                         const cluster::Broadcast& broadcast) {
  if (broadcast.question) return answer_for(from, about, broadcast);
  const Origin origin{from, broadcast.number};
  if (origin.number > 0) known_.note(origin);
  emit(named(about), broadcast.target, broadcast.arguments, broadcast.flags, origin);
}

void Server::Core::apply(NodeId, const std::string& about, const cluster::SocketsJoin& join) {
  for (const auto id : select(named(about), join.target))
    for (const auto& room : join.rooms) Socket{server, id}.join(room);
}

void Server::Core::apply(NodeId, const std::string& about, const cluster::SocketsLeave& leave) {
  for (const auto id : select(named(about), leave.target))
    for (const auto& room : leave.rooms) Socket{server, id}.leave(room);
}

void Server::Core::apply(NodeId, const std::string& about,
                         const cluster::DisconnectSockets& disconnect) {
  for (const auto id : select(named(about), disconnect.target))
    Socket{server, id}.disconnect(disconnect.scope);
}

void Server::Core::apply(NodeId from, const std::string& about,
                         const cluster::FetchSockets& fetch) {
  publish(about, cluster::FetchSocketsResponse{fetch.request, facts_of(named(about), fetch.target)},
          from);
}

// Who asks need not wait for a server on which nobody listens.
void Server::Core::apply(NodeId from, const std::string& about,
                         const cluster::ServerSideEmit& emit) {
  const auto name = event_name(emit.arguments);
  ServerEvent event{from, name, emit.arguments,
                    emit.request ? ServerAck{{&server, from, *emit.request, about}} : ServerAck{}};
  bool is_heard = false;
  if (auto* name_space = named(about)) {
    name_space->each_handlers([&](Namespace::Handlers& handlers) {
      const auto listeners = handlers.server_side.find(name);
      if (listeners == handlers.server_side.end()) return true;
      return listeners->second.each_while([&](const ServerEventHandler& handler) {
        is_heard = true;
        handler(event);
        return true;
      });
    });
  }
  if (emit.request && !is_heard)
    publish(about, cluster::ServerSideEmitResponse{*emit.request, std::nullopt}, from);
}

void Server::Core::apply(NodeId from, const std::string& about, const cluster::FindSession& find) {
  auto* name_space = named(about);
  std::optional<cluster::MovedSession> session;
  if (name_space && name_space->recovery_)
    session = give_away(*name_space, {find.pid, find.offset}, from);
  publish(about, cluster::FindSessionResponse{find.request, std::move(session)}, from);
}

void Namespace::server_side_relay(const ArgumentsView& arguments) {
  PARLEY_CHECK(may_be_emitted(event_name(arguments)));
  auto& core = *server_.core_;
  if (core.has_others()) core.publish(name_, cluster::ServerSideEmit{arguments.kept()});
}

flow::task<Answers> Namespace::server_side_ask(Arguments arguments) {
  PARLEY_CHECK(may_be_emitted(event_name(arguments)));
  return Server::Core::ask_servers(server_.core_.get(), name_, std::move(arguments));
}

Listener Namespace::on_server_side(std::string_view event, ServerEventHandler handler) {
  return handlers_->server_side[std::string{event}].add(std::move(handler));
}

void ServerAck::relay(const ArgumentsView& values) {
  if (const auto to = to_.take())
    to->server->core_->publish(
        to->name_space, cluster::ServerSideEmitResponse{to->request, values.kept()}, to->node);
}

Broadcast RemoteSocket::room() const {
  return Broadcast{*server_, server_->core_->named(name_space_)}.to(id);
}

}  // namespace parley::socketio
