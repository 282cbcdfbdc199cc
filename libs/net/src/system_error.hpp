#pragma once

#include <cerrno>
#include <system_error>

namespace parley::net {

/// Why the system call before this failed.
inline std::error_code last_error() { return {errno, std::system_category()}; }

/// Nothing is wrong: there is nothing to read, or no room to write, for the moment.
inline bool is_only_for_now(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace parley::net
