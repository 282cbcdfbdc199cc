#pragma once

#include <parley/flow/segments.hpp>

#include <cstddef>
#include <optional>
#include <tuple>

namespace parley::flow {

/// Several things at once: starts the segments in order and gives their values, in order, when all
/// have succeeded. The first failure decides: all segments are gone before the gate fails with it,
/// and Error::segment says which one it was. Goes on in the call that completed the last segment.
/// Cancelling it destroys all segments.
template <class... Ts>
task<std::tuple<detail::Value<Ts>...>> gate(task<Ts>... segments) {
  detail::SegmentsOf<Ts...> all{segments...};
  const std::optional<std::size_t> failed = co_await all->first_failure();
  if (failed) co_await all->fail_as(*failed);
  co_return all.take_values();
}

}  // namespace parley::flow
