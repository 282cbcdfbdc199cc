#pragma once

#include <parley/flow/waiter.hpp>

#include <algorithm>
#include <concepts>
#include <coroutine>
#include <optional>

namespace parley::flow {

/// A waiter with a time. It is set by Scheduler::wake() and no longer is when it is destroyed.
template <class TimePoint>
class Timer : public Waiter {
 public:
  TimePoint at() const { return at_; }
  void at(TimePoint time) { at_ = time; }

 protected:
  ~Timer() = default;

 private:
  TimePoint at_{};
};

/// What a host supplies. Everything of one scheduler runs on one thread, one waiter after another
/// and never inside a call of post() or wake(): a flow is not re-entered, and any flow can cancel
/// another one. The scheduler outlives the flows that it runs.
template <class S>
concept Scheduler = requires(S& scheduler, const S& constant, Waiter& waiter,
                             Timer<typename S::time_point>& timer, typename S::time_point time) {
  typename S::duration;
  { constant.now() } -> std::same_as<typename S::time_point>;
  scheduler.post(waiter);       // wakes it soon, after those posted before
  scheduler.wake(timer, time);  // wakes it at that time, after those set before for the same time
};

/// A scheduler that its host cranks by hand: run() after something was delivered, advance() when
/// wake_at() is reached, never from inside a flow. `Clock` gives the types only; nobody reads it.
template <class Clock>
class ManualScheduler {
 public:
  using time_point = typename Clock::time_point;
  using duration = typename Clock::duration;

  explicit ManualScheduler(time_point now = {}) : now_{now} {}

  time_point now() const { return now_; }

  void post(Waiter& waiter) { ready_.push_back(waiter); }

  void wake(Timer<time_point>& timer, time_point at) {
    timer.at(at);
    timers_.insert(timer, [at](Waiter& other) { return as_timer(other).at() <= at; });
  }

  /// Wakes all that are ready, and those whom they make ready, until nobody is.
  void run() {
    while (!ready_.empty()) ready_.wake_front();
  }

  /// Moves the time on to `now`, stopping at each timer on the way. Time never runs backwards.
  void advance(time_point now) {
    run();
    while (!timers_.empty() && next_timer().at() <= now) {
      now_ = std::max(now_, next_timer().at());
      timers_.wake_front();
      run();
    }
    now_ = std::max(now_, now);
  }

  /// When advance() next has something to do.
  std::optional<time_point> wake_at() {
    if (!ready_.empty()) return now_;
    if (!timers_.empty()) return next_timer().at();
    return std::nullopt;
  }

 private:
  static Timer<time_point>& as_timer(Waiter& waiter) {
    return static_cast<Timer<time_point>&>(waiter);
  }
  Timer<time_point>& next_timer() { return as_timer(timers_.front()); }

  time_point now_;
  WaitQueue ready_;
  WaitQueue timers_;  // by time
};

namespace detail {

// A time from now: the end of time if the clock has none so late.
template <Scheduler S>
S::time_point time_in(const S& scheduler, typename S::duration duration) {
  const auto now = scheduler.now();
  const auto end = S::time_point::max();
  if (duration > S::duration::zero() && now > end - duration) return end;
  return now + duration;
}

template <Scheduler S>
class Sleep final : public Timer<typename S::time_point> {
 public:
  Sleep(S& scheduler, typename S::duration duration) : scheduler_{scheduler}, duration_{duration} {}

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> coroutine) {
    this->suspend(coroutine);
    scheduler_.wake(*this, time_in(scheduler_, duration_));
  }
  void await_resume() const noexcept {}

 private:
  S& scheduler_;
  typename S::duration duration_;
};

}  // namespace detail

/// `co_await sleep(scheduler, 3s)` goes on when the time has passed, from the scheduler. It never
/// fails; cancelling it takes its timer along.
template <Scheduler S>
auto sleep(S& scheduler, typename S::duration duration) {
  return detail::Sleep<S>{scheduler, duration};
}

}  // namespace parley::flow
