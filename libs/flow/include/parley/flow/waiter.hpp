#pragma once

#include <coroutine>

namespace parley::flow {

namespace detail {

// A member of a ring, or of none.
class Link {
 public:
  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// Whether no other is in its ring.
  bool alone() const { return !next_ || next_ == this; }

  Link& next() const { return *next_; }
  Link& previous() const { return *previous_; }

  void leave() {
    if (!next_) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = nullptr;
  }
  void join_before(Link& other) {
    leave();
    if (!other.next_) other.previous_ = other.next_ = &other;
    previous_ = other.previous_;
    next_ = &other;
    previous_->next_ = this;
    other.previous_ = this;
  }

 protected:
  ~Link() { leave(); }

 private:
  Link* previous_ = nullptr;
  Link* next_ = nullptr;
};

}  // namespace detail

/// Something that waits in a queue until it is its turn. It is in one queue at a time and leaves it
/// when it is destroyed: that is why nothing resumes after a flow was cancelled. The awaiters of
/// the library are made of it, and so are those of a host.
class Waiter : public detail::Link {
 public:
  /// It is its turn. Called by the scheduler, with the waiter in no queue; it may destroy itself.
  void take_turn() {
    if (coroutine_) return coroutine_.resume();
    wake();
  }

 protected:
  ~Waiter() = default;

  /// What its turn resumes; where that is nothing, wake() is called.
  void suspend(std::coroutine_handle<> coroutine) { coroutine_ = coroutine; }

 private:
  virtual void wake() {}

  std::coroutine_handle<> coroutine_;
};

/// Waiters in the order in which they came. It may die before them: they then wait for nothing.
class WaitQueue : private detail::Link {
 public:
  ~WaitQueue() {
    while (!empty()) front().leave();
  }

  bool empty() const { return alone(); }
  Waiter& front() { return static_cast<Waiter&>(next()); }

  /// Takes `waiter` out of the queue that it is in, if any.
  void push_back(Waiter& waiter) { waiter.join_before(*this); }

  /// Puts `waiter` behind the last member of which `precedes(member)` is true.
  void insert(Waiter& waiter, auto precedes) {
    Link* place = this;
    while (!alone() && &place->previous() != this &&
           !precedes(static_cast<Waiter&>(place->previous()))) {
      place = &place->previous();
    }
    waiter.join_before(*place);
  }

  /// The first one leaves the queue, then runs.
  void wake_front() {
    Waiter& first = front();
    first.leave();
    first.take_turn();
  }
};

}  // namespace parley::flow
