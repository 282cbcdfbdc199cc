#pragma once

#include <parley/base/http.hpp>
#include <parley/base/result.hpp>
#include <parley/socketio/packet.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::socketio {

/// One client in one namespace; numbered by the server, never reused. Not the sid that clients see.
enum class SocketId : std::uint64_t {};

/// An event from a client. `arguments.json` begins with the event's name, as on the wire.
struct Event {
  std::string_view name;  // unescaped: "\u0073ignal" is "signal"; a number's text if it is a number
  Arguments arguments;
  std::optional<AckId> ack;  // set if the client waits for Server::acknowledge()
};

/// Why a socket left its namespace; text() gives the words of the field's documentation.
enum class DisconnectReason {
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

/// What a client showed when it connected.
struct Handshake {
  HttpRequest request;      // the one that opened the connection below
  std::string auth = "{}";  // JSON object of the CONNECT packet
};

/// Why a CONNECT is refused: the client sees it as `connect_error`.
struct ConnectError {
  std::string message;
  std::string data;  // JSON text, or empty for none
};

class Server;

/// What one namespace does with its sockets. The server calls it, on its own thread and never from
/// within a call that it makes to the server; it may call the server back.
///
/// A socket's calls come in the order connected, received..., disconnected, and each of connected
/// and disconnected exactly once.
class Namespace {
 public:
  virtual ~Namespace() = default;
  virtual Result<void, ConnectError> admit(const Handshake&) { return {}; }
  virtual void connected(Server& server, SocketId socket, const Handshake& handshake) = 0;
  virtual void received(Server& server, SocketId socket, const Event& event) = 0;
  virtual void acknowledged(Server&, SocketId, AckId, const Arguments&) {}
  virtual void disconnected(Server& server, SocketId socket, DisconnectReason reason) = 0;
};

}  // namespace parley::socketio
