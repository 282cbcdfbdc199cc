#pragma once

#include <parley/flow/scheduler.hpp>
#include <parley/flow/task.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

namespace parley::flow {

/// How often until() tries and how long it waits in between. A pause of zero still lets the
/// scheduler turn, but without a limit it is a loop that only the step's success ends.
template <class Duration>
struct Retry {
  std::size_t attempts = std::numeric_limits<std::size_t>::max();  // at least one
  Duration pause{};                      // between the first attempt and the second
  unsigned growth = 1;                   // each pause is so many times the one before,
  Duration pause_max = Duration::max();  // but no longer than this
};

/// One attempt of until(), which owns it. A step may take it by reference.
class Attempt {
 public:
  explicit Attempt(std::size_t number) : number_{number} {}
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  /// From 1.
  std::size_t number() const { return number_; }

  /// `co_await attempt.break_off(error)` ends the step and its until with that error.
  auto break_off(Error error) {
    broken_off_ = true;
    return fail(std::move(error));
  }
  bool is_broken_off() const { return broken_off_; }

 private:
  std::size_t number_;
  bool broken_off_ = false;
};

namespace detail {

template <class Step>
auto make_step(Step& step, Attempt& attempt) {
  if constexpr (std::invocable<Step&, Attempt&>) {
    return step(attempt);
  } else {
    return step();
  }
}

template <class Step>
using StepValue = decltype(make_step(std::declval<Step&>(), std::declval<Attempt&>()))::value_type;

template <class Duration>
Duration next_pause(const Retry<Duration>& retry, Duration pause) {
  // By division, because the product may not fit.
  if (retry.growth > 1 && pause > retry.pause_max / retry.growth) return retry.pause_max;
  return std::min(pause * retry.growth, retry.pause_max);
}

}  // namespace detail

/// Repeats a step until it succeeds, and gives its value. `step()` or `step(Attempt&)` makes the
/// task of each attempt, and lives as long as this does: the task may refer to what it captured.
/// What an attempt left behind is gone before the pause begins. Fails with the error of the attempt
/// that was the last or that broke off. Goes on in the call that completed the step. Cancelling it
/// destroys the attempt, or ends the pause.
template <Scheduler S, class Step>
task<detail::StepValue<Step>> until(S& scheduler, Retry<typename S::duration> retry, Step step) {
  auto pause = std::min(retry.pause, retry.pause_max);
  for (std::size_t number = 1;; ++number) {
    Attempt trial{number};
    Result<detail::StepValue<Step>> result = co_await attempt(detail::make_step(step, trial));
    if (result || trial.is_broken_off() || number >= retry.attempts) {
      co_return co_await require(std::move(result));
    }
    co_await sleep(scheduler, pause);
    pause = detail::next_pause(retry, pause);
  }
}

}  // namespace parley::flow
