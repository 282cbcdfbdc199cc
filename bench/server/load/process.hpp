#pragma once

#include "report.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <sys/types.h>
#include <time.h>

namespace parley::bench {

/// What another process uses, as the kernel counts it.
class Process {
 public:
  /// `allocations` is the file in which it counts them; empty if it does not.
  Process(pid_t id, std::string allocations);

  /// Processor time of all its threads so far, user and system.
  std::chrono::nanoseconds cpu() const;

  /// How long its first thread was ready to run and did not, because others did.
  std::chrono::nanoseconds waited() const;

  /// How often it has allocated memory so far; empty if it does not count.
  std::optional<std::uint64_t> allocations() const;

  /// How many it has open.
  std::size_t descriptors() const { return entries("fd"); }
  std::size_t threads() const { return entries("task"); }

  /// In bytes, from /proc/PID/smaps_rollup.
  struct Memory {
    std::size_t resident;
    std::size_t proportional;
    std::size_t own;  // in pages that it wrote and nobody else maps
  };
  Memory memory() const;

 private:
  std::size_t entries(const char* folder) const;

  pid_t id_;
  std::string allocations_;
  clockid_t clock_;
};

/// What a server used from here on.
class Window {
 public:
  explicit Window(const Process& server);

  /// In the middle of what is measured, after so many.
  void halfway(double count);

  /// Adds to `report`: the server's processor time and allocations for each of `count`, how many a
  /// second there were, and which share of the time other programs kept the server waiting;
  /// and `drift`, what one of the second half cost beside one of the first: less than 1 where the
  /// server was still warming up.
  void add_to(Report& report, double count) const;

 private:
  const Process& server_;  // outlives it
  std::chrono::nanoseconds cpu_;
  std::chrono::nanoseconds waited_;
  std::optional<std::uint64_t> allocations_;
  std::chrono::steady_clock::time_point began_;
  double first_half_ = 0;  // how many there were in it
  std::chrono::nanoseconds cpu_halfway_{0};
};

}  // namespace parley::bench
