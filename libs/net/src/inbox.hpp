#pragma once

#include "wake_ups.hpp"

#include <functional>
#include <mutex>
#include <vector>

namespace parley::net {

/// What other threads want this thread to do, in the order in which each of them said it.
class Inbox {
 public:
  using Action = std::move_only_function<void()>;

  /// From any thread.
  void put(Action action);

  /// All that is there. Called once `descriptor()` has something to read.
  std::vector<Action> take();

  const Descriptor& descriptor() const { return bell_.descriptor(); }

 private:
  Bell bell_;
  std::mutex mutex_;  // held to add one, or to take all
  std::vector<Action> actions_;
};

}  // namespace parley::net
