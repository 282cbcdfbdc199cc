#pragma once

#include <parley/flow/segments.hpp>
#include <parley/flow/stream.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace parley::flow {

namespace detail {

// Several streams, each with a place for an item that has come and was not given yet. It is outside
// of the tasks, so that cancelling them loses nothing.
template <Stream... Ins>
class Inputs {
 public:
  static constexpr std::size_t size = sizeof...(Ins);

  explicit Inputs(Ins... streams) : streams_{std::move(streams)...} {}

  template <std::size_t index>
  auto& item() {
    return std::get<index>(items_);
  }
  bool has_stopped(std::size_t index) const { return stopped_[index]; }

  /// Gives the index of a stream that had no item and now has one or has stopped; some stream must
  /// have neither. Begins to ask with stream `first`. Fails as the first stream that does, and
  /// Error::segment says which one it was.
  task<std::size_t> next(std::size_t first) {
    std::array<Segment, size> held;
    std::array<std::size_t, size> asked{};
    std::size_t asks = 0;
    for (std::size_t nth = 0; nth < size; ++nth) {
      const std::size_t index = (first + nth) % size;
      if (stopped_[index] || has_item(index)) continue;
      held[asks].hold(ask(index));
      asked[asks++] = index;
    }
    Segments all{held};
    const std::size_t completed = co_await all.next();
    const std::size_t index = asked[completed];
    if (all.failed(completed)) {
      Error error = all.take_error(completed);
      error.segment = index;
      all.stop();
      co_await fail(std::move(error));
    }
    stopped_[index] = !has_item(index);
    co_return index;
  }

 private:
  template <std::size_t index>
  task<> ask_for() {
    item<index>() = co_await std::get<index>(streams_).next();
  }

  task<> ask(std::size_t wanted) {
    return with_indices([&]<std::size_t... index>(std::index_sequence<index...>) {
      using Ask = task<> (Inputs::*)();
      static constexpr std::array<Ask, size> asks{&Inputs::ask_for<index>...};
      return (this->*asks[wanted])();
    });
  }
  bool has_item(std::size_t wanted) {
    return with_indices([&]<std::size_t... index>(std::index_sequence<index...>) {
      return ((index == wanted && item<index>().has_value()) || ...);
    });
  }
  static auto with_indices(auto function) { return function(std::index_sequence_for<Ins...>{}); }

  std::tuple<Ins...> streams_;
  std::tuple<std::optional<typename Ins::value_type>...> items_;
  std::array<bool, size> stopped_{};
};

}  // namespace detail

/// What merge() gives.
template <Stream In, Stream... Ins>
  requires(std::is_same_v<typename In::value_type, typename Ins::value_type> && ...)
class Merged {
 public:
  using value_type = In::value_type;

  explicit Merged(In in, Ins... ins) : inputs_{std::move(in), std::move(ins)...} {}

  task<std::optional<value_type>> next() {
    while (!have_all_stopped()) {
      if (auto item = take_item()) co_return item;
      first_ = 1 + co_await inputs_.next(first_);
    }
    co_return std::nullopt;
  }

 private:
  using Indices = std::index_sequence_for<In, Ins...>;

  bool have_all_stopped() const {
    for (std::size_t index = 0; index < inputs_.size; ++index) {
      if (!inputs_.has_stopped(index)) return false;
    }
    return true;
  }
  std::optional<value_type> take_item() { return take_item(Indices{}); }
  template <std::size_t... index>
  std::optional<value_type> take_item(std::index_sequence<index...>) {
    std::optional<value_type> item;
    ((item || (item = std::exchange(inputs_.template item<index>(), std::nullopt))) || ...);
    return item;
  }

  detail::Inputs<In, Ins...> inputs_;
  std::size_t first_ = 0;  // behind the one that was served last: none has to wait for ever
};

/// The items of all, as they come; if several streams have some already, from one after another.
/// Stops when all have, and fails as the first that does, with Error::segment for its number.
template <Stream... Ins>
Merged<Ins...> merge(Ins... ins) {
  return Merged<Ins...>{std::move(ins)...};
}

/// What zip() gives.
template <Stream... Ins>
class Zipped {
 public:
  using value_type = std::tuple<typename Ins::value_type...>;

  explicit Zipped(Ins... ins) : inputs_{std::move(ins)...} {}

  task<std::optional<value_type>> next() {
    for (;;) {
      if (auto items = take_items(Indices{})) co_return items;
      if (has_one_stopped()) co_return std::nullopt;
      co_await inputs_.next(0);
    }
  }

 private:
  using Indices = std::index_sequence_for<Ins...>;

  template <std::size_t... index>
  std::optional<value_type> take_items(std::index_sequence<index...>) {
    if (!(inputs_.template item<index>() && ...)) return std::nullopt;
    return value_type{*std::exchange(inputs_.template item<index>(), std::nullopt)...};
  }
  bool has_one_stopped() const {
    for (std::size_t index = 0; index < inputs_.size; ++index) {
      if (inputs_.has_stopped(index)) return true;
    }
    return false;
  }

  detail::Inputs<Ins...> inputs_;
};

/// A tuple of an item of each: of the first of each, then of the second, and so on. Stops when one
/// of them has, which leaves the others' items without a partner; fails as the first that does,
/// with Error::segment for its number.
template <Stream... Ins>
  requires(sizeof...(Ins) > 0)
Zipped<Ins...> zip(Ins... ins) {
  return Zipped<Ins...>{std::move(ins)...};
}

/// What sample() gives.
template <Stream In, Stream Ticks>
class Sampled {
 public:
  using value_type = In::value_type;

  Sampled(In in, Ticks ticks) : inputs_{std::move(in), std::move(ticks)} {}

  task<std::optional<value_type>> next() {
    for (;;) {
      if (auto& item = inputs_.template item<0>()) latest_ = std::exchange(item, std::nullopt);
      if (std::exchange(inputs_.template item<1>(), std::nullopt) && latest_) {
        co_return std::exchange(latest_, std::nullopt);
      }
      if (inputs_.has_stopped(1) || (inputs_.has_stopped(0) && !latest_)) co_return std::nullopt;
      co_await inputs_.next(0);
    }
  }

 private:
  detail::Inputs<In, Ticks> inputs_;
  std::optional<value_type> latest_;
};

/// At each tick the latest item, if one came since the tick before. Stops when there can be none:
/// when the ticks have stopped, or the stream has and its latest item was given. Fails as the first
/// that does; Error::segment is 0 for the stream, 1 for the ticks.
template <Stream In, Stream Ticks>
Sampled<In, Ticks> sample(In in, Ticks ticks) {
  return {std::move(in), std::move(ticks)};
}

}  // namespace parley::flow
