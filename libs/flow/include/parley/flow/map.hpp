#pragma once

#include <parley/flow/segments.hpp>

#include <cstddef>
#include <cstdlib>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

namespace parley::flow {

/// How many may run at a time.
struct AtOnce {
  std::size_t limit;  // at least one
};

namespace detail {

template <class Range, class Step>
using MappedTo = std::invoke_result_t<Step&, std::ranges::range_reference_t<Range>>::value_type;

template <class T>
using Values = std::conditional_t<std::is_void_v<T>, void, std::vector<Value<T>>>;

template <class T>
std::vector<T> unwrap(std::vector<std::optional<T>> wrapped) {
  std::vector<T> values;
  values.reserve(wrapped.size());
  for (auto& value : wrapped) values.push_back(*std::move(value));
  return values;
}

}  // namespace detail

/// A gate over a range: `step(item)` makes a task for each item, and this gives their values in the
/// order of the items when all have succeeded; of tasks without a value, nothing. A step is made
/// just before it starts, which is when fewer than the limit are running. The first failure
/// decides: all are gone before this fails with it, Error::segment says which item's it was, and
/// no further step is made. The range and `step` live as long as this does, so that a task may
/// refer to its item. Goes on in the call that completed the last step. Cancelling it destroys
/// all steps.
template <std::ranges::forward_range Range, class Step>
task<detail::Values<detail::MappedTo<Range, Step>>> map(Range range, AtOnce at_once, Step step) {
  using T = detail::MappedTo<Range, Step>;
  if (at_once.limit == 0) std::abort();  // a bug: nothing would ever run

  const auto size = static_cast<std::size_t>(std::ranges::distance(range));
  std::vector<std::optional<detail::Value<T>>> values(size);
  std::vector<detail::Segment> held(size);
  detail::Segments all{held};
  auto item = std::ranges::begin(range);
  std::size_t made = 0;
  for (std::size_t completed_so_far = 0; completed_so_far < size; ++completed_so_far) {
    while (made < size && made - completed_so_far < at_once.limit && !all.has_completed()) {
      held[made++].hold(step(*item++));
      all.start_one();
    }
    const std::size_t completed = co_await all.next();
    if (all.failed(completed)) co_await all.fail_as(completed);
    values[completed] = held[completed].template take<T>();
    held[completed].stop();
  }
  if constexpr (!std::is_void_v<T>) co_return detail::unwrap(std::move(values));
}

}  // namespace parley::flow
