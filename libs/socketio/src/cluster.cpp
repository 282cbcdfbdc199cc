// Several servers that act as one: what this one tells the others, and what it does when they tell
// it something. Whoever publishes does its own part itself.

#include "core.hpp"

#include <algorithm>

namespace parley::socketio {

bool Server::Core::reaches_others(const Broadcast& broadcast) const {
  return options.cluster && !options.cluster->others.empty() && !broadcast.is_local_ &&
         broadcast.name_space_;
}

void Server::Core::publish(const Namespace& about, cluster::Body body, std::optional<NodeId> to) {
  outputs.push(Publish{
      to, std::make_shared<const ClusterMessage>(ClusterMessage{about.name(), std::move(body)})});
}

// Nobody is in a namespace that is not there.
void Server::Core::heard(NodeId, const ClusterMessage& message) {
  auto* about = named(message.name_space);
  if (!about) return;
  std::visit([&](const auto& body) { apply(*about, body); }, message.body);
}

Namespace* Server::Core::named(std::string_view name) const {
  if (const auto found = namespaces.find(name); found != namespaces.end())
    return found->second.get();
  const auto is_it = [&](const auto& parent) { return parent.second->name() == name; };
  const auto parent = std::ranges::find_if(parents, is_it);
  return parent == parents.end() ? nullptr : parent->second.get();
}

void Server::Core::apply(Namespace& about, const cluster::Broadcast& broadcast) {
  emit(&about, broadcast.target, broadcast.arguments, broadcast.flags);
}

void Server::Core::apply(Namespace& about, const cluster::SocketsJoin& join) {
  for (const auto id : select(&about, join.target))
    for (const auto& room : join.rooms) Socket{server, id}.join(room);
}

void Server::Core::apply(Namespace& about, const cluster::SocketsLeave& leave) {
  for (const auto id : select(&about, leave.target))
    for (const auto& room : leave.rooms) Socket{server, id}.leave(room);
}

void Server::Core::apply(Namespace& about, const cluster::DisconnectSockets& disconnect) {
  for (const auto id : select(&about, disconnect.target))
    Socket{server, id}.disconnect(disconnect.scope);
}

}  // namespace parley::socketio
