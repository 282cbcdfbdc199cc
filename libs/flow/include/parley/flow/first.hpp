#pragma once

#include <parley/flow/segments.hpp>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace parley::flow {

/// The first segment to succeed wins. All others are gone before this goes on, which it does in the
/// call that completed the winner. Segments are started in order until one has succeeded. If all
/// fail, so does this, with Errc::all_failed and their errors as its causes. Cancelling it
/// destroys all segments.
template <class... Ts>
  requires(sizeof...(Ts) > 0)
task<OneOf<Ts...>> first(task<Ts>... segments) {
  detail::SegmentsOf<Ts...> all{segments...};
  std::vector<Error> errors;
  std::optional<std::size_t> winner;
  for (std::size_t left = sizeof...(Ts); left > 0 && !winner; --left) {
    const std::size_t completed = co_await all->next();
    if (all->failed(completed)) {
      errors.push_back(all->take_error(completed));
    } else {
      winner = completed;
    }
  }
  if (!winner) co_await detail::all_failed(std::move(errors));
  co_return all.take_one(*winner);
}

}  // namespace parley::flow
