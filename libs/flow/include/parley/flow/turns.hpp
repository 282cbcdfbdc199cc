#pragma once

#include <parley/flow/gate.hpp>
#include <parley/flow/scheduler.hpp>
#include <parley/flow/task.hpp>

#include <coroutine>
#include <utility>

namespace parley::flow {

template <class Token, Scheduler S>
class Turn;

namespace detail {

template <class Token, Scheduler S, class Step>
task<> play(Turn<Token, S>& turn, Step& step) {
  co_await turn.begin();
  co_await step(turn);
  turn.pass_on();
}

}  // namespace detail

/// What steps share that take turns. Only the one whose turn it is runs, so the token is its own
/// until it passes the turn; awaiting anything else keeps the turn. take_turns() owns it.
template <class Token, Scheduler S>
class Turn {
 public:
  Turn(S& scheduler, Token token) : scheduler_{scheduler}, token_{std::move(token)} {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  Token& token() { return token_; }

  /// `co_await turn.pass()` gives each other step that has not ended its turn, in the order of the
  /// round, and goes on from the scheduler when the turn comes back; at once if there is no other.
  /// It never fails.
  auto pass() { return Awaiter{*this, Has::turn}; }

 private:
  enum class Has { nothing, turn };

  class Awaiter final : public Waiter {
   public:
    Awaiter(Turn& turn, Has has) : turn_{turn}, has_{has} {}
    bool await_ready() const noexcept { return has_ == Has::turn && turn_.waiting_.empty(); }
    void await_suspend(std::coroutine_handle<> coroutine) {
      this->suspend(coroutine);
      turn_.waiting_.push_back(*this);
      if (has_ == Has::turn || !turn_.is_somebodys_) turn_.pass_on();
    }
    void await_resume() const noexcept {}

   private:
    Turn& turn_;
    Has has_;
  };

  // Also the first step waits for the scheduler, so that all others are in the round by then.
  auto begin() { return Awaiter{*this, Has::nothing}; }
  void pass_on() {
    is_somebodys_ = !waiting_.empty();
    if (is_somebodys_) scheduler_.post(waiting_.front());
  }

  S& scheduler_;
  Token token_;
  WaitQueue waiting_;  // in the order of the round, without the one whose turn it is
  bool is_somebodys_ = false;

  template <class AnyToken, Scheduler AnyScheduler, class Step>
  friend task<> detail::play(Turn<AnyToken, AnyScheduler>& turn, Step& step);
};

/// Steps that take turns over a token, which this gives when all have ended. `step(turn)` makes the
/// task of each; the first turn is that of the first, from the scheduler, and a step begins with
/// its first turn. The first failure decides: all are gone before this fails with it, and
/// Error::segment says whose it was. Cancelling it stops all. The steps live as long as this does.
template <Scheduler S, class Token, class... Steps>
  requires(sizeof...(Steps) > 0)
task<Token> take_turns(S& scheduler, Token token, Steps... steps) {
  Turn<Token, S> turn{scheduler, std::move(token)};
  co_await gate(detail::play(turn, steps)...);
  co_return std::move(turn.token());
}

}  // namespace parley::flow
