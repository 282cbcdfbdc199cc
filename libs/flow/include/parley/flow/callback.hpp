#pragma once

#include <parley/flow/scheduler.hpp>
#include <parley/flow/segments.hpp>
#include <parley/flow/task.hpp>
#include <parley/flow/weak.hpp>

#include <concepts>
#include <coroutine>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace parley::flow {

namespace detail {

// A step that waits for its Done, whoever its scheduler is.
template <class T>
class CallbackStep : public Watched {
 public:
  /// The first outcome counts; the step ignores every other one.
  void complete(Result<T> outcome) {
    if (outcome_) return;
    outcome_ = std::move(outcome);
    completed();
  }

 protected:
  ~CallbackStep() = default;
  std::optional<Result<T>>& outcome() { return outcome_; }

 private:
  virtual void completed() = 0;

  std::optional<Result<T>> outcome_;
};

template <class T>
class ErrorFirst;

template <class T, Scheduler S, class F>
class CallbackAwaiter;

}  // namespace detail

/// The trigger that completes a step in callback style: what asynquence calls `done`.
///
/// It may be copied, and called late, twice or when the flow is gone: the first call counts and the
/// others do nothing. The flow goes on from its scheduler, never inside the call. When the last
/// copy dies uncalled the step fails with Errc::abandoned. Copied, called and destroyed on the
/// thread of that scheduler; it may outlive the flow and the scheduler.
template <class T = void>
class Done {
 public:
  Done(const Done&) = default;
  Done(Done&& other) noexcept : step_{other.step_} { other.step_.reset(); }
  // NOLINTNEXTLINE(performance-unnecessary-value-param): it takes either kind, and lets go last.
  Done& operator=(Done other) noexcept {
    let_go();
    step_ = other.step_;
    return *this;
  }
  ~Done() { let_go(); }

  /// The step succeeds.
  void operator()() const
    requires std::is_void_v<T>
  {
    complete(Result<T>{});
  }
  void operator()(detail::Value<T> value) const
    requires(!std::is_void_v<T>)
  {
    complete(Result<T>{std::move(value)});
  }

  /// The step fails.
  void fail(Error error) const { complete(std::unexpected{std::move(error)}); }
  void fail(std::error_code why, std::string about = {}) const {
    fail(Error{why, std::move(about)});
  }

  /// The step fails with Errc::cancelled. Only who owns a flow can stop it without an outcome.
  void abort() const { fail(Errc::cancelled); }

  /// The step ends with an outcome that somebody else had.
  void complete(Result<T> outcome) const {
    if (auto* step = step_.get()) step->complete(std::move(outcome));
  }

  /// A copy of this as a callback of Asio's and Node's kind: `(std::error_code, T)`, and
  /// `(std::error_code)` for void. Any error fails the step.
  detail::ErrorFirst<T> errcb() const { return detail::ErrorFirst<T>{*this}; }

 private:
  explicit Done(detail::CallbackStep<T>& step) : step_{step} {}

  void let_go() {
    auto* step = step_.get();
    step_.reset();
    if (step && !step->is_watched()) step->complete(std::unexpected{Error{Errc::abandoned}});
  }

  detail::WeakPointer<detail::CallbackStep<T>> step_;

  template <class, Scheduler, class>
  friend class detail::CallbackAwaiter;
};

namespace detail {

template <class T>
class ErrorFirst {
 public:
  explicit ErrorFirst(Done<T> done) : done_{std::move(done)} {}

  void operator()(std::error_code error) const
    requires std::is_void_v<T>
  {
    error ? done_.fail(error) : done_();
  }
  void operator()(std::error_code error, Value<T> value) const
    requires(!std::is_void_v<T>)
  {
    error ? done_.fail(error) : done_(std::move(value));
  }

 private:
  Done<T> done_;
};

// Stands in the frame of callback() and refers to the function there.
template <class T, Scheduler S, class F>
class CallbackAwaiter final : public CallbackStep<T>, private Waiter {
 public:
  CallbackAwaiter(S& scheduler, F& function) : scheduler_{scheduler}, function_{function} {}

  bool await_ready() const noexcept { return false; }

  template <std::derived_from<PromiseBase> P>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<P> waiting) {
    function_(Done<T>{*this});
    waiting_ = waiting;
    waiting_promise_ = &waiting.promise();
    return this->outcome() ? proceed() : std::noop_coroutine();
  }

  T await_resume() {
    if constexpr (!std::is_void_v<T>) return **std::move(this->outcome());
  }

 private:
  void completed() override {
    // While the function runs nobody waits: the flow goes on by itself when it has returned.
    if (waiting_) scheduler_.post(*this);
  }
  void wake() override { proceed().resume(); }

  std::coroutine_handle<> proceed() {
    auto& outcome = *this->outcome();
    return outcome ? waiting_ : waiting_promise_->fail(std::move(outcome.error()));
  }

  S& scheduler_;
  F& function_;
  std::coroutine_handle<> waiting_;
  PromiseBase* waiting_promise_ = nullptr;
};

}  // namespace detail

/// A step in callback style: calls `function(Done<T>)` when it is awaited, and ends when that Done
/// was called, with its value or its error, or with Errc::abandoned if nobody can call it any more.
/// Goes on from the scheduler; at once if the Done was called before the function returned. The
/// function lives as long as the step, so what it started may refer to what it captured. Cancelling
/// destroys it, and nothing that is done later resumes anything. It does not destroy its own flow.
template <class T = void, Scheduler S, std::invocable<Done<T>> F>
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): it outlives this.
task<T> callback(S& scheduler, F function) {
  detail::CallbackAwaiter<T, S, F> done{scheduler, function};
  co_return co_await done;
}

}  // namespace parley::flow
