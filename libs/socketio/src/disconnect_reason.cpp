#include <parley/socketio/namespace.hpp>

#include <parley/base/check.hpp>

namespace parley::socketio {

std::string_view text(DisconnectReason reason) {
  switch (reason) {
    case DisconnectReason::client_namespace_disconnect:
      return "client namespace disconnect";
    case DisconnectReason::server_namespace_disconnect:
      return "server namespace disconnect";
    case DisconnectReason::server_shutting_down:
      return "server shutting down";
    case DisconnectReason::ping_timeout:
      return "ping timeout";
    case DisconnectReason::transport_close:
      return "transport close";
    case DisconnectReason::transport_error:
      return "transport error";
    case DisconnectReason::parse_error:
      return "parse error";
    case DisconnectReason::forced_close:
      return "forced close";
    case DisconnectReason::forced_server_close:
      return "forced server close";
  }
  PARLEY_CHECK(false);  // Every reason has its words.
}

}  // namespace parley::socketio
