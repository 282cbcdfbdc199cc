#pragma once

#include <parley/flow/error.hpp>
#include <parley/flow/unseen.hpp>

#include <concepts>
#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace parley::flow {

template <class T = void>
class task;

namespace detail {

// Who is told that a task has its outcome. It says which coroutine goes on.
class Continuation {
 public:
  virtual std::coroutine_handle<> completed() noexcept = 0;

 protected:
  ~Continuation() = default;
};

// The part of a promise that does not depend on the type of the task.
class PromiseBase {
 public:
  void continue_with(Continuation& continuation) { continuation_ = &continuation; }

  /// Ends the task where it stands. Its coroutine is never resumed again, only destroyed, by
  /// whoever owns the task: that is what keeps the steps after a failed one from running.
  std::coroutine_handle<> fail(Error error) noexcept {
    set_error(std::move(error));
    return completed();
  }

  std::coroutine_handle<> completed() noexcept {
    // What continues may destroy this promise.
    return continuation_ ? continuation_->completed() : std::noop_coroutine();
  }

  std::suspend_always initial_suspend() const noexcept { return {}; }

  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <std::derived_from<PromiseBase> P>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<P> coroutine) const noexcept {
      return coroutine.promise().completed();
    }
    void await_resume() const noexcept {}
  };
  FinalAwaiter final_suspend() const noexcept { return {}; }

  /// Empty unless the task has failed.
  virtual Error* error() noexcept = 0;

  // Steps fail by value; an exception in a flow is a bug, and there is nobody who could catch it.
  [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }

 protected:
  ~PromiseBase() = default;

 private:
  virtual void set_error(Error error) noexcept = 0;

  Continuation* continuation_ = nullptr;
};

template <class T>
class PromiseOutcome : public PromiseBase {
 public:
  std::optional<Result<T>> outcome;

  Error* error() noexcept final { return outcome && !*outcome ? &outcome->error() : nullptr; }

 protected:
  ~PromiseOutcome() = default;

 private:
  void set_error(Error error) noexcept final { outcome = std::unexpected{std::move(error)}; }
};

template <class T>
class Promise final : public PromiseOutcome<T> {
 public:
  task<T> get_return_object();
  template <std::convertible_to<T> V>
  void return_value(V&& value) {
    this->outcome = Result<T>{std::forward<V>(value)};
  }
};

template <>
class Promise<void> final : public PromiseOutcome<void> {
 public:
  task<void> get_return_object();
  void return_void() { outcome = Result<>{}; }
};

// Runs a task and stands in the frame of the coroutine that waits for it.
template <class T>
class TaskAwaiter final : private Continuation {
 public:
  explicit TaskAwaiter(std::coroutine_handle<Promise<T>> task) : task_{task} {}
  TaskAwaiter(const TaskAwaiter&) = delete;
  TaskAwaiter& operator=(const TaskAwaiter&) = delete;

  bool await_ready() const noexcept { return false; }

  template <std::derived_from<PromiseBase> P>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<P> waiting) noexcept {
    waiting_ = waiting;
    waiting_promise_ = &waiting.promise();
    task_.promise().continue_with(*this);
    return task_;
  }

  T await_resume() {
    if constexpr (!std::is_void_v<T>) return *std::move(*task_.promise().outcome);
  }

 private:
  std::coroutine_handle<> completed() noexcept override {
    auto& outcome = *task_.promise().outcome;
    if (!outcome) return waiting_promise_->fail(std::move(outcome.error()));
    return waiting_;
  }

  std::coroutine_handle<Promise<T>> task_;
  std::coroutine_handle<> waiting_;
  PromiseBase* waiting_promise_ = nullptr;
};

struct TaskAccess;

}  // namespace detail

/// A flow or a step of one: a coroutine that starts when it is awaited.
///
/// Awaiting it gives its value. If it failed, the awaiting task ends right there with the same
/// error and no further step of it runs; attempt() gives the error as a value instead. A task is
/// awaited at most once, by one coroutine. Destroying it cancels it: its locals are destroyed, what
/// it awaits is cancelled in turn, and nothing resumes; never done by the task itself.
template <class T>
class [[nodiscard]] task {
 public:
  using value_type = T;
  using promise_type = detail::Promise<T>;

  task(task&& other) noexcept : coroutine_{std::exchange(other.coroutine_, nullptr)} {}
  task& operator=(task&& other) noexcept {
    if (this != &other) {
      cancel();
      coroutine_ = std::exchange(other.coroutine_, nullptr);
    }
    return *this;
  }
  ~task() { cancel(); }

  /// What destroying it does, now. Harmless if repeated.
  void cancel() {
    if (const auto coroutine = std::exchange(coroutine_, nullptr)) coroutine.destroy();
  }

  auto operator co_await() && noexcept { return detail::TaskAwaiter<T>{coroutine_}; }

 private:
  explicit task(std::coroutine_handle<promise_type> coroutine) : coroutine_{coroutine} {}

  std::coroutine_handle<promise_type> coroutine_;

  friend promise_type;
  friend detail::TaskAccess;
};

namespace detail {

template <class T>
task<T> Promise<T>::get_return_object() {
  return task<T>{std::coroutine_handle<Promise>::from_promise(*this)};
}
inline task<void> Promise<void>::get_return_object() {
  return task<void>{std::coroutine_handle<Promise>::from_promise(*this)};
}

// For what is built on tasks: segments, within, Running.
struct TaskAccess {
  template <class T>
  static std::coroutine_handle<Promise<T>> release(task<T> from) {
    return std::exchange(from.coroutine_, nullptr);
  }
  template <class T>
  static std::coroutine_handle<Promise<T>> coroutine(const task<T>& of) {
    return of.coroutine_;
  }
  template <class T>
  static std::optional<Result<T>>& outcome(const task<T>& of) {
    return of.coroutine_.promise().outcome;
  }
};

template <class T>
class AttemptAwaiter final : private Continuation {
 public:
  explicit AttemptAwaiter(task<T> step) : step_{std::move(step)} {}
  AttemptAwaiter(const AttemptAwaiter&) = delete;
  AttemptAwaiter& operator=(const AttemptAwaiter&) = delete;

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) noexcept {
    waiting_ = waiting;
    const auto coroutine = TaskAccess::coroutine(step_);
    coroutine.promise().continue_with(*this);
    return coroutine;
  }
  Result<T> await_resume() { return *std::move(TaskAccess::outcome(step_)); }

 private:
  std::coroutine_handle<> completed() noexcept override { return waiting_; }

  task<T> step_;
  std::coroutine_handle<> waiting_;
};

template <class T>
class RequireAwaiter {
 public:
  explicit RequireAwaiter(Result<T> result) : result_{std::move(result)} {}

  bool await_ready() const noexcept { return result_.has_value(); }
  template <std::derived_from<PromiseBase> P>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<P> waiting) noexcept {
    return waiting.promise().fail(std::move(result_.error()));
  }
  T await_resume() {
    if constexpr (!std::is_void_v<T>) return *std::move(result_);
  }

 private:
  Result<T> result_;
};

}  // namespace detail

/// `co_await attempt(step())` gives the step's Result: a failure does not end the awaiting task.
template <class T>
auto attempt(task<T> step) {
  return detail::AttemptAwaiter<T>{std::move(step)};
}

/// `co_await require(result)` gives the value of a Result; an error ends the awaiting task with it.
template <class T>
auto require(Result<T> result) {
  return detail::RequireAwaiter<T>{std::move(result)};
}

/// `co_await fail(error)` ends the awaiting task. Nothing after it runs.
inline auto fail(Error error) {
  return detail::RequireAwaiter<void>{std::unexpected{std::move(error)}};
}

/// A flow that something sets going which is not a flow itself. It starts at once, in the
/// constructor, and runs until its outcome or until this is destroyed, which cancels it. If it has
/// failed by then and nobody looked at that outcome, OnUnseenError is told.
template <class T = void>
class Running {
 public:
  explicit Running(task<T> flow) : flow_{std::move(flow)} {
    detail::TaskAccess::coroutine(flow_).resume();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    const auto& ended = detail::TaskAccess::outcome(flow_);
    if (ended && !*ended && !seen_) OnUnseenError::report(ended->error());
  }

  /// Empty while it runs; to find it so is not to have looked.
  const std::optional<Result<T>>& outcome() const {
    const auto& ended = detail::TaskAccess::outcome(flow_);
    if (ended) seen_ = true;
    return ended;
  }

 private:
  task<T> flow_;
  mutable bool seen_ = false;
};

}  // namespace parley::flow
