#pragma once

#include <parley/flow/frames.hpp>
#include <parley/flow/scheduler.hpp>
#include <parley/flow/task.hpp>
#include <parley/flow/unseen.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace parley::flow {

namespace detail {

// The coroutine around a flow of a scope, which owns it while it stands in the ring of that scope.
// Once it has left that ring nobody does: it runs to its end in one go and frees itself.
class Child {
 public:
  class promise_type : public Link {
   public:
    static void* operator new(std::size_t size) { return Frames::allocate(size); }
    static void operator delete(void* frame, std::size_t size) noexcept {
      Frames::deallocate(frame, size);
    }

    Child get_return_object() { return Child{*this}; }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }

    void resume() { handle().resume(); }
    void destroy() { handle().destroy(); }

   private:
    std::coroutine_handle<promise_type> handle() {
      return std::coroutine_handle<promise_type>::from_promise(*this);
    }
  };

  explicit Child(promise_type& promise) : promise_{promise} {}

  promise_type& promise() { return promise_; }

  // `co_await leave_scope()` lets the coroutine own itself.
  struct Leave {
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<promise_type> child) const noexcept {
      child.promise().leave();
      return false;
    }
    void await_resume() const noexcept {}
  };
  static Leave leave_scope() { return {}; }

 private:
  promise_type& promise_;
};

// `co_await NextTurn{scheduler}` goes on from the scheduler.
template <Scheduler S>
class NextTurn final : public Waiter {
 public:
  explicit NextTurn(S& scheduler) : scheduler_{scheduler} {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> coroutine) {
    this->suspend(coroutine);
    scheduler_.post(*this);
  }
  void await_resume() const noexcept {}

 private:
  S& scheduler_;
};

// A callback that wants an error code and a value gets an empty value with an error.
template <class T, class F>
void deliver(F& callback, Result<T> outcome) {
  if constexpr (std::invocable<F&, Result<T>>) {
    callback(std::move(outcome));
  } else {
    const std::error_code error = outcome ? std::error_code{} : outcome.error().code;
    if constexpr (std::is_void_v<T>) {
      callback(error);
    } else {
      callback(error, outcome ? *std::move(outcome) : T{});
    }
  }
}

}  // namespace detail

/// The home of flows that run beside the one that made it: nothing runs detached.
///
/// The first of its flows that fails stops the others, and fails join() with its error. While that
/// error waits to be seen, what is spawned is destroyed unstarted; if nobody joins, OnUnseenError
/// is told in the destructor. Destroying it cancels what runs in it, at once; no flow that runs in
/// it does that, nor what such a flow destroys, but either may spawn into it and cancel() it. What
/// is left to do asynchronously when a flow is gone is spawned by a destructor, into a scope that
/// outlives the flow and is joined. It belongs to the thread of its scheduler.
template <Scheduler S>
class Scope {
 public:
  explicit Scope(S& scheduler) : scheduler_{scheduler} {}
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope() {
    stop_all();
    if (failure_) OnUnseenError::report(*failure_);
  }

  /// Starts a flow, in this call. It is gone as soon as it has ended. If it fails in this call the
  /// others are stopped from the scheduler, because one of them may be the caller.
  void spawn(task<> flow) { start(run(*this, std::move(flow))); }

  /// Starts a flow and hands its outcome, from the scheduler, to a plain callback: `(Result<T>)`,
  /// or `(std::error_code, T)` with an empty T if it failed, or `(std::error_code)` for void. The
  /// scope does not fail with it. The flow is gone by then, and the callback may do anything, also
  /// destroy the scope, but not throw. If the flow is cancelled the callback is destroyed uncalled.
  template <class T, class F>
  void spawn(task<T> flow, F callback) {
    start(run_for(*this, std::move(flow), std::move(callback)));
  }

  /// Ends when every flow of the scope has, also one that was spawned meanwhile; fails when one has
  /// failed, and the others are gone by then. That error is seen then, and the scope as good as
  /// new. Goes on from the scheduler; at once if nothing runs. Cancelling it cancels none of the
  /// flows. One at a time; the scope outlives it.
  task<> join() {
    co_await Ending{*this};
    if (failure_) co_await fail(*std::exchange(failure_, std::nullopt));
  }

  /// Has all that runs in it destroyed, from the scheduler because the caller may be one of them,
  /// and before a join() goes on. Until then what is spawned is destroyed unstarted.
  void cancel() {
    if (flows_.alone()) return;
    stopping_ = true;
    scheduler_.post(turn_);
  }

 private:
  class Ring final : public detail::Link {};

  class Ending final : public Waiter {
   public:
    explicit Ending(Scope& scope) : scope_{scope} {}
    bool await_ready() const noexcept { return scope_.flows_.alone(); }
    void await_suspend(std::coroutine_handle<> coroutine) {
      if (!scope_.joining_.empty()) std::abort();  // a bug: only one of the two would go on
      this->suspend(coroutine);
      scope_.joining_.push_back(*this);
    }
    void await_resume() const noexcept {}

   private:
    Scope& scope_;
  };

  class ScopesTurn final : public Waiter {
   public:
    explicit ScopesTurn(Scope& scope) : scope_{scope} {}

   private:
    void wake() override { scope_.take_turn(); }

    Scope& scope_;
  };

  // NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): it outlives this.
  static detail::Child run(Scope& scope, task<> flow) {
    Result<> outcome = co_await attempt(std::move(flow));
    co_await detail::Child::leave_scope();
    scope.ended(std::move(outcome));
  }

  template <class T, class F>
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): it outlives this.
  static detail::Child run_for(Scope& scope, task<T> flow, F callback) {
    Result<T> outcome = co_await attempt(std::move(flow));
    co_await detail::NextTurn{scope.scheduler_};
    co_await detail::Child::leave_scope();
    scope.ended({});
    detail::deliver<T>(callback, std::move(outcome));
  }

  void start(detail::Child child) {
    if (stopping_ || failure_) return child.promise().destroy();
    child.promise().join_before(flows_);
    ++starting_;
    child.promise().resume();
    --starting_;
  }

  void ended(Result<> outcome) {
    if (!outcome) return failed(std::move(outcome.error()));
    if (!flows_.alone()) return;
    stopping_ = false;
    if (!joining_.empty()) scheduler_.post(turn_);
  }

  void failed(Error error) {
    if (failure_) return OnUnseenError::report(error);
    failure_ = std::move(error);
    starting_ == 0 ? stop_all() : cancel();
    if (!joining_.empty()) scheduler_.post(turn_);
  }

  void take_turn() {
    if (stopping_) stop_all();
    // Whoever joins may destroy this scope.
    if (flows_.alone() && !joining_.empty()) joining_.wake_front();
  }

  void stop_all() {
    stopping_ = true;
    while (!flows_.alone()) {
      auto& child = static_cast<detail::Child::promise_type&>(flows_.next());
      child.leave();
      child.destroy();
    }
    stopping_ = false;
  }

  S& scheduler_;
  Ring flows_;
  WaitQueue joining_;  // at most one
  ScopesTurn turn_{*this};
  std::optional<Error> failure_;  // until a join() has failed with it
  unsigned starting_ = 0;         // calls of spawn() that have not returned
  bool stopping_ = false;         // what runs is to be destroyed
};

}  // namespace parley::flow
