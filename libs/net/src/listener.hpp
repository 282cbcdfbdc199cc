#pragma once

#include "descriptor.hpp"

#include <parley/net/server.hpp>

#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

namespace parley::net {

/// Somebody who came in.
struct Accepted {
  Descriptor socket;
  std::string address;  // of the peer: "127.0.0.1"
};

/// One door for each address that a name stands for, all on one port.
struct Listener {
  std::uint16_t port;
  std::vector<Descriptor> doors;
};

/// Port 0 picks a free one.
[[nodiscard]] Result<Listener, ListenError> open_listener(const std::string& address,
                                                          std::uint16_t port);

/// Lets in one who waits at `door`. An error says why nobody can be let in: would_block if nobody
/// is there, or else that this machine is short of something.
[[nodiscard]] Result<Accepted, std::error_code> accept_at(const Descriptor& door);

}  // namespace parley::net
