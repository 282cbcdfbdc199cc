#pragma once

#include <parley/base/http.hpp>
#include <parley/base/time.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace parley::engineio {

/// Which pages may talk to us. A request without an Origin header (a program) is always let in, and
/// so is a page of our own: one whose Origin is the request's Host.
struct Origins {
  std::vector<std::string> allowed;  // "https://school.example", or "*" for all

  bool admit(const HttpRequest& request) const;
};

/// Names and defaults are those of the field's documentation (Engine.IO, "Server options"); the
/// last two are ours.
struct Options {
  std::string path = "/socket.io/";  // a prefix of the request's path
  Duration ping_interval{25'000};
  Duration ping_timeout{20'000};
  Duration upgrade_timeout{10'000};
  std::size_t max_http_buffer_size = 1'000'000;  // bytes: a POST's body, a WebSocket message
  bool allow_eio3 = false;                       // let in clients of Socket.IO 1 and 2
  Origins origins = {};
  std::size_t sessions_max = 100'000;           // a handshake beyond is refused with a 503
  std::size_t buffered_bytes_max = 16'000'000;  // kept for a polling client that does not poll
};

}  // namespace parley::engineio
