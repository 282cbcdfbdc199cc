#pragma once

#include <parley/flow/scheduler.hpp>

#include <coroutine>

namespace parley::flow {

/// Something that becomes true, once, for all who await it; those who come later do not wait.
/// Waiters go on from the scheduler, in the order of arrival, not inside set(). To wait never
/// fails, and can be cancelled. It belongs to the thread of its scheduler and should outlive its
/// waiters: they wait for nothing once it is gone.
template <Scheduler S>
class Event {
 public:
  explicit Event(S& scheduler) : scheduler_{scheduler} {}

  void set() {
    set_ = true;
    while (!waiters_.empty()) scheduler_.post(waiters_.front());
  }
  bool is_set() const { return set_; }

  auto operator co_await() { return Awaiter{*this}; }

 private:
  class Awaiter final : public Waiter {
   public:
    explicit Awaiter(Event& event) : event_{event} {}
    bool await_ready() const noexcept { return event_.set_; }
    void await_suspend(std::coroutine_handle<> coroutine) {
      this->suspend(coroutine);
      event_.waiters_.push_back(*this);
    }
    void await_resume() const noexcept {}

   private:
    Event& event_;
  };

  S& scheduler_;
  WaitQueue waiters_;
  bool set_ = false;
};

}  // namespace parley::flow
