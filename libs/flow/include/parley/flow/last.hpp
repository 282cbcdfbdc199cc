#pragma once

#include <parley/flow/segments.hpp>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace parley::flow {

/// Runs all segments to their end, and gives the value of the one that was the last to succeed. If
/// all fail, so does this, with Errc::all_failed and their errors as its causes. Goes on in the
/// call that completed the last segment. Cancelling it destroys all segments.
template <class... Ts>
  requires(sizeof...(Ts) > 0)
task<OneOf<Ts...>> last(task<Ts>... segments) {
  detail::SegmentsOf<Ts...> all{segments...};
  std::vector<Error> errors;
  std::optional<std::size_t> latest;
  for (std::size_t left = sizeof...(Ts); left > 0; --left) {
    const std::size_t completed = co_await all->next();
    if (all->failed(completed)) {
      errors.push_back(all->take_error(completed));
    } else {
      latest = completed;
    }
  }
  if (!latest) co_await detail::all_failed(std::move(errors));
  co_return all.take_one(*latest);
}

}  // namespace parley::flow
