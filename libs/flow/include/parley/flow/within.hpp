#pragma once

#include <parley/flow/scheduler.hpp>
#include <parley/flow/task.hpp>

namespace parley::flow {

namespace detail {

// Stands in the frame of within() and refers to the step there.
template <Scheduler S, class T>
class WithinAwaiter final : private Continuation, private Timer<typename S::time_point> {
 public:
  WithinAwaiter(S& scheduler, typename S::duration limit, task<T>& step)
      : scheduler_{scheduler}, limit_{limit}, step_{step} {}

  bool await_ready() const noexcept { return false; }

  template <std::derived_from<PromiseBase> P>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<P> waiting) noexcept {
    waiting_ = waiting;
    waiting_promise_ = &waiting.promise();
    scheduler_.wake(*this, time_in(scheduler_, limit_));
    const auto coroutine = TaskAccess::coroutine(step_);
    coroutine.promise().continue_with(*this);
    return coroutine;
  }

  T await_resume() { return TaskAccess::promise(step_).take_value(); }

 private:
  std::coroutine_handle<> completed() noexcept override {
    this->leave();
    auto& promise = TaskAccess::promise(step_);
    return promise.failed() ? waiting_promise_->fail(promise.take_error()) : waiting_;
  }

  void wake() override {
    step_.cancel();
    waiting_promise_->fail(Error{Errc::timed_out}).resume();
  }

  S& scheduler_;
  typename S::duration limit_;
  task<T>& step_;
  std::coroutine_handle<> waiting_;
  PromiseBase* waiting_promise_ = nullptr;
};

}  // namespace detail

/// The step, if it completes in time, which counts from when this is awaited. When the limit is
/// reached the step is cancelled, is gone, and then this fails with Errc::timed_out, in the
/// scheduler's call; otherwise it goes on, or fails as the step does, in the call that completed
/// the step. Cancelling it destroys the step and takes its timer along.
template <Scheduler S, class T>
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): it outlives this.
task<T> within(S& scheduler, typename S::duration limit, task<T> step) {
  detail::WithinAwaiter<S, T> in_time{scheduler, limit, step};
  co_return co_await in_time;
}

}  // namespace parley::flow
