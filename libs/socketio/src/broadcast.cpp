#include "core.hpp"

#include <algorithm>
#include <iterator>

namespace parley::socketio {

Broadcast Broadcast::to(std::string_view room) const {
  auto more = *this;
  more.target_.rooms.emplace_back(room);
  return more;
}

Broadcast Broadcast::except(std::string_view room) const {
  auto more = *this;
  more.target_.except.emplace_back(room);
  return more;
}

Broadcast Broadcast::volatile_() const {
  auto more = *this;
  more.flags_.is_volatile = true;
  return more;
}

Broadcast Broadcast::compress(bool may) const {
  auto more = *this;
  more.flags_.compress = may;
  return more;
}

Broadcast Broadcast::timeout(Duration time) const {
  auto more = *this;
  more.time_ = time;
  return more;
}

Broadcast Broadcast::local() const {
  auto more = *this;
  more.is_local_ = true;
  return more;
}

Broadcast Broadcast::on(NodeId server) const {
  auto more = *this;
  more.only_on_ = server;
  return more;
}

void Broadcast::relay(const ArgumentsView& arguments) const {
  auto& core = *server_->core_;
  if (!core.may_send(arguments)) return;
  const bool reaches_others = core.reaches_others(*this);
  const auto number = reaches_others ? core.next_broadcast() : 0;
  core.emit(core.own_part(*this), target_, arguments, flags_, {.number = number});
  if (!reaches_others) return;
  core.publish(
      *this,
      cluster::Broadcast{
          .target = target_, .arguments = arguments.kept(), .flags = flags_, .number = number});
}

std::vector<Socket> Broadcast::local_sockets() const {
  auto& core = *server_->core_;
  std::vector<Socket> sockets;
  for (const auto id : core.select(core.own_part(*this), target_))
    sockets.emplace_back(*server_, id);
  return sockets;
}

// The others are told first: handlers of rooms that come and go may do something more.
void Broadcast::sockets_join(std::string_view room) const {
  server_->core_->publish(*this, cluster::SocketsJoin{target_, {std::string{room}}});
  for (const auto& socket : local_sockets()) socket.join(room);
}

void Broadcast::sockets_leave(std::string_view room) const {
  server_->core_->publish(*this, cluster::SocketsLeave{target_, {std::string{room}}});
  for (const auto& socket : local_sockets()) socket.leave(room);
}

void Broadcast::disconnect_sockets(Socket::Scope scope) const {
  server_->core_->publish(*this, cluster::DisconnectSockets{target_, scope});
  for (const auto& socket : local_sockets()) socket.disconnect(scope);
}

std::vector<SocketId> Server::Core::select(const Namespace* from, const Target& target) const {
  std::vector<SocketId> selected;
  if (!from) return selected;
  select_in(*from, target, selected);
  for (const auto& [name, child] : namespaces)
    if (child->parent_ == from) select_in(*child, target, selected);
  return selected;
}

void Server::Core::select_in(const Namespace& name_space, const Target& target,
                             std::vector<SocketId>& selected) const {
  if (target.rooms.empty()) {
    std::ranges::copy_if(name_space.members_, std::back_inserter(selected),
                         [&](SocketId id) { return !is_in_any(name_space, target.except, id); });
    return;
  }
  std::vector<SocketId> found;
  for (const auto& room : target.rooms) {
    const auto own = by_sid_.find(room);
    if (own != by_sid_.end() && sockets_.find(own->second)->name_space == &name_space)
      found.push_back(own->second);
    if (const auto* members = name_space.rooms_.find(room))
      found.insert(found.end(), members->begin(), members->end());
  }
  // One room's members are sorted already.
  if (!std::ranges::is_sorted(found)) std::ranges::sort(found);
  const auto twice = std::ranges::unique(found);
  std::ranges::copy_if(found.begin(), twice.begin(), std::back_inserter(selected),
                       [&](SocketId id) {
                         return sockets_.find(id)->phase == Phase::joined &&
                                !is_in_any(name_space, target.except, id);
                       });
}

bool Server::Core::is_in_any(const Namespace& name_space, const std::vector<std::string>& rooms,
                             SocketId id) const {
  return std::ranges::any_of(rooms, [&](const std::string& room) {
    return name_space.rooms_.contains(room, id) || sockets_.find(id)->id() == room;
  });
}

void Server::Core::emit(const Namespace* from, const Target& target, const ArgumentsView& arguments,
                        Flags flags, Origin origin) {
  if (!options.connection_state_recovery)
    return send_to_all(select(from, target), std::nullopt, arguments, flags);
  if (!from) return;
  const auto emit_in = [&](const Namespace& name_space) {
    if (name_space.recovery_)
      emit_recoverably(name_space, target, select(&name_space, target), arguments, {flags, origin});
  };
  emit_in(*from);
  for (const auto& [name, child] : namespaces)
    if (child->parent_ == from) emit_in(*child);
}

// A packet names its namespace, so that it is the same for all of one namespace only.
void Server::Core::send_to_all(const std::vector<SocketId>& sockets, std::optional<AckId> ack,
                               const ArgumentsView& arguments, Flags flags) {
  const Namespace* encoded_for = nullptr;
  Encoded packet;
  for (const auto id : sockets) {
    const auto& state = *sockets_.find(id);
    if (encoded_for != state.name_space) {
      encoded_for = state.name_space;
      packet = encode_event(*encoded_for, ack, arguments);
    }
    send(state.connection, packet, flags);
  }
  show_sent(sockets, arguments);
}

}  // namespace parley::socketio
