#pragma once

#include <string>
#include <string_view>

namespace parley::bench {

/// The 101 that answers a client that wants a WebSocket with Engine.IO 4, or what refuses it.
struct Handshake {
  bool is_accepted;
  std::string response;
};

/// `head` is a whole request up to and with its empty line.
Handshake shake_hands(std::string_view head);

}  // namespace parley::bench
