#pragma once

#include <parley/flow/error.hpp>
#include <parley/flow/frames.hpp>
#include <parley/flow/unseen.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace parley::flow {

template <class T = void>
class task;

namespace detail {

// Who is told that a task has its outcome, if it is not simply awaited. It says which coroutine
// goes on.
class Continuation {
 public:
  virtual std::coroutine_handle<> completed() noexcept = 0;

 protected:
  ~Continuation() = default;
};

// The part of a promise that does not depend on the type of the task.
class PromiseBase {
 public:
  static void* operator new(std::size_t size) { return Frames::allocate(size); }
  static void operator delete(void* frame, std::size_t size) noexcept {
    Frames::deallocate(frame, size);
  }

  /// The coroutine that goes on when this one has succeeded. It fails as this one fails.
  void continue_with(std::coroutine_handle<> awaiting, PromiseBase& its_promise) {
    awaiting_ = awaiting;
    awaiting_promise_ = &its_promise;
  }
  void continue_with(Continuation& continuation) { continuation_ = &continuation; }

  bool failed() const { return error_ != nullptr; }
  /// Of a task that has failed.
  const Error& error() const { return *error_; }
  std::unique_ptr<Error> take_error() { return std::move(error_); }

  /// Ends the task where it stands. Its coroutine is never resumed again, only destroyed, by
  /// whoever owns the task: that is what keeps the steps after a failed one from running.
  std::coroutine_handle<> fail(std::unique_ptr<Error> error) noexcept {
    error_ = std::move(error);
    return completed();
  }
  std::coroutine_handle<> fail(Error error) {
    return fail(std::make_unique<Error>(std::move(error)));
  }

  // What continues may destroy this promise.
  std::coroutine_handle<> completed() noexcept {
    if (!awaiting_promise_) return tell_continuation();
    return failed() ? fail_awaiting() : awaiting_;
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

  // An exception is a failure, and is thrown again in whoever awaits the task.
  void unhandled_exception() { error_ = std::make_unique<Error>(std::current_exception()); }

  void rethrow_if_failed() const {
#ifdef __cpp_exceptions
    if (failed()) [[unlikely]]
      rethrow();
#endif
  }

 protected:
  ~PromiseBase() = default;

 private:
  std::coroutine_handle<> tell_continuation() noexcept {
    return continuation_ ? continuation_->completed() : std::noop_coroutine();
  }
  [[gnu::cold]] std::coroutine_handle<> fail_awaiting() noexcept {
    return error_->exception ? awaiting_ : awaiting_promise_->fail(std::move(error_));
  }

#ifdef __cpp_exceptions
  [[noreturn, gnu::cold]] void rethrow() const { std::rethrow_exception(error_->exception); }
#endif

  std::coroutine_handle<> awaiting_;
  PromiseBase* awaiting_promise_ = nullptr;
  Continuation* continuation_ = nullptr;
  std::unique_ptr<Error> error_;  // away from here, because few tasks have one
};

template <class T>
class Promise final : public PromiseBase {
 public:
  task<T> get_return_object();
  template <std::convertible_to<T> V>
  void return_value(V&& value) {
    value_.emplace(std::forward<V>(value));
  }

  /// Of a task that has succeeded.
  T take_value() { return *std::move(value_); }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> final : public PromiseBase {
 public:
  task<void> get_return_object();
  void return_void() {}
  void take_value() {}
};

// How a task that has completed ended. It has failed no longer.
template <class T>
void take_result(Promise<T>& promise, std::optional<Result<T>>& result) {
  if (promise.failed()) {
    result.emplace(std::unexpect, std::move(*promise.take_error()));
  } else if constexpr (std::is_void_v<T>) {
    result.emplace();
  } else {
    result.emplace(promise.take_value());
  }
}

// Runs a task and stands in the frame of the coroutine that waits for it.
template <class T>
class TaskAwaiter {
 public:
  explicit TaskAwaiter(std::coroutine_handle<Promise<T>> task) : task_{task} {}

  bool await_ready() const noexcept { return false; }
  template <std::derived_from<PromiseBase> P>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<P> awaiting) noexcept {
    task_.promise().continue_with(awaiting, awaiting.promise());
    return task_;
  }
  T await_resume() {
    task_.promise().rethrow_if_failed();
    return task_.promise().take_value();
  }

 private:
  std::coroutine_handle<Promise<T>> task_;
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
  static Promise<T>& promise(const task<T>& of) {
    return of.coroutine_.promise();
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
  Result<T> await_resume() {
    std::optional<Result<T>> result;
    take_result(TaskAccess::promise(step_), result);
    return *std::move(result);
  }

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
/// Goes on in the call that completed the step; cancelling it destroys the step.
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
class Running final : private detail::Continuation {
 public:
  explicit Running(task<T> flow) : flow_{std::move(flow)} {
    promise().continue_with(*this);
    detail::TaskAccess::coroutine(flow_).resume();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    if (promise().failed()) [[unlikely]]
      OnUnseenError::report(promise().error());
  }

  /// Empty while it runs; to find it so is not to have looked.
  const std::optional<Result<T>>& outcome() const {
    if (has_ended_ && !outcome_) detail::take_result(promise(), outcome_);
    return outcome_;
  }

 private:
  detail::Promise<T>& promise() const { return detail::TaskAccess::promise(flow_); }

  std::coroutine_handle<> completed() noexcept override {
    has_ended_ = true;
    return std::noop_coroutine();
  }

  task<T> flow_;
  bool has_ended_ = false;
  mutable std::optional<Result<T>> outcome_;  // out of the flow, once somebody looks at it
};

}  // namespace parley::flow
