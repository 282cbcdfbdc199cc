#pragma once

#include <cstddef>

namespace parley::bench {

/// How often operator new was called so far, by anybody in the program.
std::size_t allocations();

}  // namespace parley::bench
