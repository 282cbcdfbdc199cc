#pragma once

#include "report.hpp"

#include <chrono>
#include <cstddef>

#include <sys/types.h>
#include <time.h>

namespace parley::bench {

/// What another process uses, as the kernel counts it.
class Process {
 public:
  explicit Process(pid_t id);

  /// Processor time of all its threads so far, user and system.
  std::chrono::nanoseconds cpu() const;

  /// How long its first thread was ready to run and did not, because others did.
  std::chrono::nanoseconds waited() const;

  /// In bytes, from /proc/PID/smaps_rollup.
  struct Memory {
    std::size_t resident;
    std::size_t proportional;
    std::size_t own;  // in pages that nobody else maps
  };
  Memory memory() const;

 private:
  pid_t id_;
  clockid_t clock_;
};

/// What a server used from here on.
class Window {
 public:
  explicit Window(const Process& server);

  /// Adds to `report`: the server's processor time for each of `count`, how many a second there
  /// were, and which share of the time the server was kept waiting by other programs.
  void add_to(Report& report, double count) const;

 private:
  const Process& server_;  // outlives it
  std::chrono::nanoseconds cpu_;
  std::chrono::nanoseconds waited_;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace parley::bench
