#include <parley/socketio/rooms.hpp>

#include <algorithm>

namespace parley::socketio {

bool Rooms::join(SocketId socket, Joined& joined, std::string_view room) {
  auto found = rooms_.find(room);
  if (found == rooms_.end()) {
    found = rooms_.try_emplace(std::string{room}).first;
    on_create.call(room);
  }
  if (!found->second.insert(socket).second) return false;
  joined.push_back(&found->first);
  on_join.call(room, socket);
  return true;
}

void Rooms::leave(SocketId socket, Joined& joined, std::string_view room) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end() || found->second.erase(socket) == 0) return;
  std::erase(joined, &found->first);
  const auto name = found->second.empty() ? rooms_.extract(found).key() : found->first;
  on_leave.call(name, socket);
  if (!rooms_.contains(name)) on_delete.call(name);
}

void Rooms::leave_all(SocketId socket, Joined& joined) {
  while (!joined.empty()) leave(socket, joined, std::string{*joined.back()});
}

const Rooms::Members* Rooms::find(std::string_view room) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? nullptr : &found->second;
}

bool Rooms::contains(std::string_view room, SocketId socket) const {
  const auto* members = find(room);
  return members && members->contains(socket);
}

}  // namespace parley::socketio
