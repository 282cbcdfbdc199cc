#pragma once

#include "descriptor.hpp"

#include <csignal>
#include <initializer_list>

namespace parley::net {

/// What another thread may do to a thread that waits in its Poller: wake it.
class Bell {
 public:
  Bell();

  /// From any thread; rung before somebody waits, it is heard at once.
  void ring();

  /// True once for all the rings so far.
  bool heard();

  const Descriptor& descriptor() const { return event_; }

 private:
  Descriptor event_;
};

/// Signals of the process as something to read. They are blocked in the thread that asks for them
/// and in those that it starts afterwards, until this ends.
class Signals {
 public:
  explicit Signals(std::initializer_list<int> signals);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// True once for each signal that came.
  bool take();

  const Descriptor& descriptor() const { return arrived_; }

 private:
  sigset_t before_{};
  Descriptor arrived_;
};

}  // namespace parley::net
