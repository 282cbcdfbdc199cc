#pragma once

#include <parley/flow/waiter.hpp>

#include <cstddef>

namespace parley::flow::detail {

// Something that was cancelled and is not over yet.
class CleanUp : public Link {
 protected:
  ~CleanUp() = default;

 private:
  WaitQueue waiters_;  // for it, and for all that were cancelled before it

  friend class CleanUps;
};

// The clean-ups of one scheduler, in the order in which they began. It may die before them.
class CleanUps : private Link {
 public:
  std::size_t size() const { return size_; }

  void begin(CleanUp& clean_up) {
    clean_up.join_before(*this);
    ++size_;
  }

  // Gives those whose turn it is to `post`. A row that has lost its scheduler has nobody to tell.
  void end(CleanUp& clean_up, auto post) {
    Link& before = clean_up.previous();
    clean_up.leave();
    --size_;
    while (!clean_up.waiters_.empty()) {
      Waiter& waiter = clean_up.waiters_.front();
      if (&before == this) {
        post(waiter);
      } else {
        static_cast<CleanUp&>(before).waiters_.push_back(waiter);
      }
    }
  }

  // For one that waits until all that have begun by now are over; there is at least one.
  void wait(Waiter& waiter) { static_cast<CleanUp&>(previous()).waiters_.push_back(waiter); }

 private:
  std::size_t size_ = 0;
};

}  // namespace parley::flow::detail
