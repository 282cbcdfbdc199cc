#pragma once

#include <string>
#include <vector>

namespace parley::socketio {

/// Which sockets of a namespace: those in any of the rooms (all if none is named), each once, but
/// none that is in one of `except` (Socket.IO, "Rooms").
struct Target {
  std::vector<std::string> rooms;
  std::vector<std::string> except;
  bool operator==(const Target&) const = default;
};

}  // namespace parley::socketio
