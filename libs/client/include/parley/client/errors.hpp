#pragma once

#include <system_error>

namespace parley::client {

/// Why a step of a client failed. One that took too long is flow::Errc::timed_out.
enum class Errc {
  connect_error = 1,     // the server refused, or cannot be reached and is not tried again
  disconnected,          // the socket was, before the answer came
  too_many_attachments,  // more than Options::max_attachments in one event
  buffer_full,           // the socket is not connected and keeps enough already
  closed,                // the Client is gone
  reserved_event,        // its name means something else ("connect", "disconnect" …)
};

/// That of Errc, "parley.client".
const std::error_category& category() noexcept;

inline std::error_code make_error_code(Errc code) noexcept {
  return {static_cast<int>(code), category()};
}

}  // namespace parley::client

template <>
struct std::is_error_code_enum<parley::client::Errc> : std::true_type {};
