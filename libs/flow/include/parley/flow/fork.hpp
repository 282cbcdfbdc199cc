#pragma once

#include <parley/flow/scheduler.hpp>
#include <parley/flow/task.hpp>
#include <parley/flow/unseen.hpp>
#include <parley/flow/weak.hpp>

#include <concepts>
#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

namespace parley::flow {

/// A flow of which any number of others await the outcome: it is tapped, not consumed.
///
/// It starts at once, in the constructor. `co_await fork` gives `const T&`, which is valid as long
/// as the fork is, or ends the awaiting task with a copy of the flow's error. Who awaits goes on
/// from the scheduler, in the order of arrival; who comes late, at once. Cancelling one of them
/// affects neither the flow nor the others. Destroying the fork cancels the flow, and those who
/// still await it fail with Errc::cancelled. A failure that nobody saw by then is told
/// OnUnseenError. It is not destroyed by its own flow. It belongs to the thread of its scheduler.
template <class T, Scheduler S>
class Fork {
 public:
  Fork(S& scheduler, task<T> flow) : scheduler_{scheduler}, running_{run(*this, std::move(flow))} {}
  Fork(const Fork&) = delete;
  Fork& operator=(const Fork&) = delete;
  ~Fork() {
    release();
    if (state_.outcome && !*state_.outcome && !state_.seen) {
      OnUnseenError::report(state_.outcome->error());
    }
  }

  auto operator co_await() & { return Awaiter{*this}; }

 private:
  struct State : detail::Watched {
    std::optional<Result<T>> outcome;
    bool seen = false;
  };

  class Awaiter final : private Waiter {
   public:
    explicit Awaiter(Fork& fork) : waiters_{fork.waiters_}, state_{fork.state_} {}

    bool await_ready() const noexcept { return false; }

    template <std::derived_from<detail::PromiseBase> P>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<P> waiting) {
      waiting_ = waiting;
      waiting_promise_ = &waiting.promise();
      if (state_.get()->outcome) return proceed();
      waiters_.push_back(*this);
      return std::noop_coroutine();
    }

    std::add_lvalue_reference_t<const T> await_resume() const {
      if constexpr (!std::is_void_v<T>) return **state_.get()->outcome;
    }

   private:
    void wake() override { proceed().resume(); }

    std::coroutine_handle<> proceed() {
      State* state = state_.get();
      if (!state) return waiting_promise_->fail(Error{Errc::cancelled});
      state->seen = true;
      if (!*state->outcome) return waiting_promise_->fail(state->outcome->error());
      return waiting_;
    }

    WaitQueue& waiters_;
    detail::WeakPointer<State> state_;  // the fork may die between the end of its flow and a turn
    std::coroutine_handle<> waiting_;
    detail::PromiseBase* waiting_promise_ = nullptr;
  };

  static task<> run(Fork& fork, task<T> flow) {
    fork.state_.outcome = co_await attempt(std::move(flow));
    fork.release();
  }

  void release() {
    while (!waiters_.empty()) scheduler_.post(waiters_.front());
  }

  S& scheduler_;
  State state_;
  WaitQueue waiters_;
  Running<> running_;  // last: it uses the others
};

}  // namespace parley::flow
