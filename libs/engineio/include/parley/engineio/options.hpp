#pragma once

#include <parley/base/http.hpp>
#include <parley/base/result.hpp>
#include <parley/base/time.hpp>
#include <parley/engineio/cors.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace parley::engineio {

enum class Transport : std::uint8_t { polling, websocket };

enum class SameSite : std::uint8_t { strict, lax, none };

/// The cookie that a polling handshake sets to the sid, so that a proxy can find the server again
/// ("sticky sessions"). We never read it.
struct Cookie {
  std::string name = "io";
  std::string path = "/";
  std::optional<std::string> domain = {};
  std::optional<std::chrono::seconds> max_age = {};  // none: until the browser is closed
  bool http_only = true;
  bool secure = false;
  SameSite same_site = SameSite::lax;
};

/// Responses to polls that are this large and hold a packet worth it are packed, as gzip or
/// deflate, if the client takes that (RFC 9110, section 12.5.3).
struct HttpCompression {
  std::size_t threshold = 1'024;  // bytes
};

/// Compression of WebSocket messages (RFC 7692), for clients that offer it.
struct PerMessageDeflate {
  std::size_t threshold = 1024;  // bytes; a smaller message is sent as it is
};

/// Looks at a handshake; the error is the text that a client is refused with.
using AllowRequest = std::function<Result<void, std::string>(const HttpRequest& handshake)>;

/// Adds what it likes to the fields of the response to `request`.
using AddHeaders = std::function<void(std::vector<HttpField>& fields, const HttpRequest& request)>;

/// Names and defaults are those of the field's documentation (Engine.IO, "Server options"); the
/// last four are ours. What stands here as a function is called from within the server's calls,
/// and calls none of them itself.
struct Options {
  std::string path = "/socket.io/";  // a prefix of the request's path
  bool add_trailing_slash = true;    // to the path, if it has none; else one that it has goes
  std::vector<Transport> transports = {Transport::polling, Transport::websocket};
  bool allow_upgrades = true;
  Duration ping_interval{25'000};
  Duration ping_timeout{20'000};
  Duration upgrade_timeout{10'000};
  std::size_t max_http_buffer_size = 1'000'000;  // bytes: a POST's body, a WebSocket message
  std::optional<HttpCompression> http_compression = HttpCompression{};
  AllowRequest allow_request = {};
  AddHeaders initial_headers = {};  // to the first response of a session
  AddHeaders headers = {};          // to every response of a session, a 101 too
  std::optional<Cookie> cookie = {};
  std::optional<std::string> initial_packet = {};  // a message that comes with the handshake
  std::optional<PerMessageDeflate> per_message_deflate = {};
  bool allow_eio3 = false;  // let in clients of Socket.IO 1 and 2
  Cors cors = {};
  std::size_t sessions_max = 100'000;           // a handshake beyond is refused with a 503
  std::size_t buffered_bytes_max = 16'000'000;  // kept for a polling client that does not poll
  std::optional<std::uint32_t> packets_per_second_max = {};  // received in a session; else it ends
  std::optional<unsigned> shard = {};  // of SidGenerator, where several servers share the clients
};

}  // namespace parley::engineio
