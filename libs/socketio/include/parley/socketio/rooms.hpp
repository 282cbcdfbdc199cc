#pragma once

#include <parley/socketio/listeners.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::socketio {

enum class SocketId : std::uint64_t;

/// Who is in which room of one namespace. A room is there as long as somebody is in it. The room
/// that each socket is by itself is not kept here.
class Rooms {
 public:
  using Members = std::set<SocketId>;
  /// What a socket remembers: the rooms that it is in, as iterators would.
  using Joined = std::vector<const std::string*>;

  /// False if it was in it already.
  bool join(SocketId socket, Joined& joined, std::string_view room);
  void leave(SocketId socket, Joined& joined, std::string_view room);
  void leave_all(SocketId socket, Joined& joined);

  /// Empty if there is no such room.
  const Members* find(std::string_view room) const;
  bool contains(std::string_view room, SocketId socket) const;
  const std::map<std::string, Members, std::less<>>& all() const { return rooms_; }

  // Socket.IO, "Room events".
  Listeners<void(std::string_view room)> on_create;
  Listeners<void(std::string_view room)> on_delete;
  Listeners<void(std::string_view room, SocketId)> on_join;
  Listeners<void(std::string_view room, SocketId)> on_leave;

 private:
  std::map<std::string, Members, std::less<>> rooms_;
};

}  // namespace parley::socketio
