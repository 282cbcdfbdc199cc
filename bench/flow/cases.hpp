#pragma once

#include "allocations.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdlib>

namespace parley::bench {

/// What every peer does, each in its own way. `segments` operations are begun together and the host
/// completes them one after another; a peer's whole flow is begun and ended in one call.
inline constexpr std::size_t steps_in_a_row = 10;
inline constexpr std::size_t segments_of_race = 8;

/// Runs `flow` as often as the library asks for, and says how much it allocated each time. `flow`
/// gives the sum that it worked out, so that no compiler can leave it out.
template <class Flow>
void measure(benchmark::State& state, int expected, Flow flow) {
  if (flow() != expected) std::abort();  // also warms up what recycles its memory
  const std::size_t before = allocations();
  for (auto _ : state) benchmark::DoNotOptimize(flow());
  state.counters["allocations"] = benchmark::Counter(static_cast<double>(allocations() - before),
                                                     benchmark::Counter::kAvgIterations);
}

}  // namespace parley::bench
