#pragma once

#include <parley/flow/segments.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace parley::flow {

/// All segments must fail; gives their errors as they came, each with its segment. The first
/// success decides: all segments are gone before this fails with Errc::unwanted_success, and
/// Error::segment says which one it was; its value is lost. Goes on in the call that completed the
/// last segment. Cancelling it destroys all segments.
template <class... Ts>
task<std::vector<Error>> none(task<Ts>... segments) {
  detail::SegmentsOf<Ts...> all{segments...};
  std::vector<Error> errors;
  for (std::size_t left = sizeof...(Ts); left > 0; --left) {
    const std::size_t completed = co_await all->next();
    if (!all->failed(completed)) {
      Error error{Errc::unwanted_success};
      error.segment = completed;
      all->stop();
      co_await fail(std::move(error));
    }
    errors.push_back(all->take_error(completed));
  }
  co_return errors;
}

}  // namespace parley::flow
