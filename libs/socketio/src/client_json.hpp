#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parley::socketio::client {

/// The payload of a server's CONNECT.
struct ConnectReply {
  std::string sid;  // empty if the server is of another protocol
  std::string pid;  // empty if it has no connection state recovery
};
ConnectReply read_connect_reply(std::string_view json);

/// The payload of a CONNECT_ERROR.
struct Refusal {
  std::string message;
  std::string data;  // JSON text, or empty
};
Refusal read_refusal(std::string_view json);

/// The payload of our CONNECT: `auth`, an object or empty, and in front of it what recovery needs,
/// so that the application's keys win. `offset` is a JSON string, or empty. Empty if there is
/// nothing to say.
std::string connect_payload(std::string_view auth, std::string_view pid, std::string_view offset);

/// The last element of a valid array, as written, if it is a string.
std::optional<std::string_view> last_string(std::string_view array);

}  // namespace parley::socketio::client
