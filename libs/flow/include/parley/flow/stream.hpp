#pragma once

#include <parley/flow/task.hpp>

#include <concepts>
#include <optional>

namespace parley::flow {

/// What gives one item after another: `co_await stream.next()` is the next one, or nothing once the
/// stream has stopped, and so from then on. One next() at a time; the stream stays where it is and
/// alive as long as that task. Cancelling it loses no item: the next one gives it. What it
/// fails with, its kind says. Listeners, channels and all that is made of streams are streams.
template <class In>
concept Stream = std::movable<In> && requires(In& in) {
  typename In::value_type;
  { in.next() } -> std::same_as<task<std::optional<typename In::value_type>>>;
};

}  // namespace parley::flow
