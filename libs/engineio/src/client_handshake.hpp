#pragma once

#include <parley/base/time.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace parley::engineio::client {

/// What a server says in its `open` packet (Engine.IO 4, "Handshake").
struct ServerHandshake {
  std::string sid;
  bool offers_websocket = false;
  Duration ping_interval{};
  Duration ping_timeout{};
  std::size_t max_payload = 0;  // bytes; 0 if it says nothing
};

/// Empty if `json` is not such an object. Keys that we do not know are ignored.
std::optional<ServerHandshake> parse_handshake(std::string_view json);

}  // namespace parley::engineio::client
