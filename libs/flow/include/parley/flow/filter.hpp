#pragma once

#include <parley/flow/stream.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace parley::flow {

/// What filter() gives.
template <Stream In, std::predicate<const typename In::value_type&> Keep>
class Filtered {
 public:
  using value_type = In::value_type;

  Filtered(In in, Keep keep) : in_{std::move(in)}, keep_{std::move(keep)} {}

  task<std::optional<value_type>> next() {
    for (;;) {
      std::optional<value_type> item = co_await in_.next();
      if (!item || std::invoke(keep_, std::as_const(*item))) co_return item;
    }
  }

 private:
  In in_;
  Keep keep_;
};

/// The items of which `keep(item)` is true. Stops and fails as its stream does.
template <Stream In, std::predicate<const typename In::value_type&> Keep>
Filtered<In, Keep> filter(In in, Keep keep) {
  return {std::move(in), std::move(keep)};
}

/// What transform() gives.
template <Stream In, std::invocable<typename In::value_type> Function>
class Transformed {
 public:
  using value_type = std::decay_t<std::invoke_result_t<Function&, typename In::value_type>>;

  Transformed(In in, Function function) : in_{std::move(in)}, function_{std::move(function)} {}

  task<std::optional<value_type>> next() {
    std::optional<typename In::value_type> item = co_await in_.next();
    if (!item) co_return std::nullopt;
    co_return std::invoke(function_, *std::move(item));
  }

 private:
  In in_;
  Function function_;
};

/// `function(item)` in place of each item. Stops and fails as its stream does. For functions that
/// have to wait there is react().
template <Stream In, std::invocable<typename In::value_type> Function>
Transformed<In, Function> transform(In in, Function function) {
  return {std::move(in), std::move(function)};
}

/// How many different items distinct() remembers; of more, the oldest is forgotten. With one it
/// leaves out only what repeats the item before.
struct Remembered {
  std::size_t limit = 256;  // at least one
};

/// What distinct() gives.
template <Stream In>
  requires std::equality_comparable<typename In::value_type> &&
           std::copyable<typename In::value_type>
class Distinct {
 public:
  using value_type = In::value_type;

  Distinct(In in, Remembered remembered) : in_{std::move(in)}, remembered_{remembered} {}

  task<std::optional<value_type>> next() {
    for (;;) {
      std::optional<value_type> item = co_await in_.next();
      if (!item || remember(*item)) co_return item;
    }
  }

 private:
  /// Whether it is new.
  bool remember(const value_type& item) {
    if (std::ranges::find(seen_, item) != seen_.end()) return false;
    if (seen_.size() == remembered_.limit) seen_.pop_front();
    seen_.push_back(item);
    return true;
  }

  In in_;
  Remembered remembered_;
  std::deque<value_type> seen_;  // linear, bounded by its limit
};

/// Each item once, as far as it is remembered. Stops and fails as its stream does.
template <Stream In>
Distinct<In> distinct(In in, Remembered remembered = {}) {
  return {std::move(in), remembered};
}

}  // namespace parley::flow
