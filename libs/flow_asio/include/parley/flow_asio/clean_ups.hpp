#pragma once

#include <parley/flow/waiter.hpp>

namespace parley::flow::detail {

class CleanUps;

// Something that was cancelled and is not over yet.
class CleanUp : public Link {
 protected:
  ~CleanUp() = default;

 private:
  CleanUps* row_ = nullptr;
  WaitQueue waiters_;  // for it, and for all that were cancelled before it

  friend CleanUps;
};

// A row of clean-ups in the order in which they began. It may die before them.
class CleanUps : private Link {
 public:
  CleanUps() = default;
  CleanUps(const CleanUps&) = delete;
  CleanUps& operator=(const CleanUps&) = delete;
  ~CleanUps() {
    while (!empty()) take_out(static_cast<CleanUp&>(next()));
  }

  bool empty() const { return alone(); }

  void begin(CleanUp& clean_up) {
    clean_up.join_before(*this);
    clean_up.row_ = this;
  }

  // Gives those whose turn it is to `post`. Harmless if it is in no row.
  static void end(CleanUp& clean_up, auto post) {
    if (!clean_up.row_) return;
    Link& before = clean_up.previous();
    const bool is_first = &before == clean_up.row_;
    take_out(clean_up);
    while (!clean_up.waiters_.empty()) {
      Waiter& waiter = clean_up.waiters_.front();
      if (is_first) {
        post(waiter);
      } else {
        static_cast<CleanUp&>(before).waiters_.push_back(waiter);
      }
    }
  }

  // For one that waits until all that have begun by now are over; there is at least one.
  void wait(Waiter& waiter) { static_cast<CleanUp&>(previous()).waiters_.push_back(waiter); }

 private:
  static void take_out(CleanUp& clean_up) {
    clean_up.leave();
    clean_up.row_ = nullptr;
  }
};

}  // namespace parley::flow::detail
