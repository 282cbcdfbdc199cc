#pragma once

#include <cstdint>
#include <string_view>

namespace parley::socketio {

/// Why a socket left its namespace; text() gives the words of the field's documentation.
enum class DisconnectReason : std::uint8_t {
  client_namespace_disconnect,
  server_namespace_disconnect,
  server_shutting_down,
  ping_timeout,
  transport_close,
  transport_error,
  parse_error,
  forced_close,
  forced_server_close,
};
std::string_view text(DisconnectReason reason);

}  // namespace parley::socketio
