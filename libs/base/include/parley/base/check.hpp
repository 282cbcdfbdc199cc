#pragma once

namespace parley::detail {
[[noreturn]] void check_failed(const char* expression, const char* file, int line) noexcept;
}

/// States what only a bug of ours can make false. Always on; prints the expression and its place
/// and aborts. Never used on what a peer sent.
#define PARLEY_CHECK(condition)       \
  ((condition) ? static_cast<void>(0) \
               : ::parley::detail::check_failed(#condition, __FILE__, __LINE__))
