#include <parley/base/check.hpp>

#ifndef __wasm__
#include <cstdio>
#endif
#include <cstdlib>

namespace parley::detail {

void check_failed([[maybe_unused]] const char* expression, [[maybe_unused]] const char* file,
                  [[maybe_unused]] int line) noexcept {
#ifdef __wasm__
  __builtin_trap();  // stdio would cost more than the rest of the module
#else
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, expression);
  std::abort();
#endif
}

}  // namespace parley::detail
