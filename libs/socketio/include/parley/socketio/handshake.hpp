#pragma once

#include <parley/base/http.hpp>
#include <parley/base/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::socketio {

/// Which Engine.IO protocol a client speaks: the clients of Socket.IO 1 and 2 speak revision 3, and
/// then expect a few things above it to be different too.
enum class Revision { v3, v4 };

/// What carries a connection's messages at the moment; text() gives the field's word.
enum class Transport : std::uint8_t { polling, websocket };
std::string_view text(Transport transport);

/// What a client showed when its connection was opened (Socket.IO, "Handshake details"). One block
/// of memory, because it is kept as long as the connection. Its views hold as long as it stays
/// where it is.
class Handshake {
 public:
  explicit Handshake(const HttpRequest& request);

  std::string_view url() const { return part(0); }
  /// The client's, as the server saw it.
  std::string_view address() const { return part(1); }

  /// The first header field of that name (without regard to case), or empty.
  std::optional<std::string_view> header(std::string_view name) const;
  /// In the order in which they came, their names in lower case.
  std::vector<std::pair<std::string_view, std::string_view>> headers() const;

  /// Whether a page asked (it sent an Origin).
  bool xdomain() const { return header("origin").has_value(); }

  /// Whether the connection is encrypted up to the server.
  bool secure() const { return is_secure_; }
  /// When it was opened, and the same as JavaScript's Date writes it, in UTC.
  std::chrono::sys_time<Duration> issued() const { return issued_; }
  std::string time() const;

  Query query() const { return Query{url()}; }

 private:
  std::string_view part(std::size_t number) const;

  std::string
      text_;  // URL, address, and names and values of the fields, each with a zero behind it
  std::chrono::sys_time<Duration> issued_;
  bool is_secure_;
};

/// Why a CONNECT is refused: the client sees it as `connect_error`.
struct ConnectError {
  std::string message;
  std::string data = {};  // JSON text, or empty for none
};

}  // namespace parley::socketio
