#pragma once

#include <parley/flow/segments.hpp>

#include <cstddef>

namespace parley::flow {

/// The first segment to complete decides, by success or by failure. All others are gone before the
/// race goes on, which it does in the call that completed that segment. Segments are started in
/// order until one has completed. A failure says in Error::segment whose it was. Cancelling it
/// destroys all segments.
template <class... Ts>
  requires(sizeof...(Ts) > 0)
task<OneOf<Ts...>> race(task<Ts>... segments) {
  detail::SegmentsOf<Ts...> all{segments...};
  const std::size_t completed = co_await all->next();
  if (all->failed(completed)) co_await all->fail_as(completed);
  co_return all.take_one(completed);
}

}  // namespace parley::flow
