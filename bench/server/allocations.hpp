#pragma once

#include <cstdint>

namespace parley::bench {

/// Where operator new counts how often it was called, by anybody in the program: in the first eight
/// bytes of this file, from now on, so that bench_load can look on.
void count_allocations_in(const char* path);

}  // namespace parley::bench
