#pragma once

#include <atomic>
#include <cstddef>
#include <vector>

namespace parley::net {

/// How many connections each thread of a server has: by this whoever comes is dealt out, and the
/// limit of all is kept. From any thread, and without a lock.
class Headcount {
 public:
  Headcount(std::size_t shards, std::size_t connections_max)
      : connections_max_{connections_max}, shards_(shards) {}

  /// The shard that has the fewest, the first of several; whoever came is counted there. One
  /// thread's: others only move and leave.
  std::size_t seat();

  void move(std::size_t from, std::size_t to);

  /// True if all were as many as may be, so that somebody may wait outside.
  bool leave(std::size_t shard);

  std::size_t total() const { return total_.load(std::memory_order_relaxed); }
  std::size_t connections_max() const { return connections_max_; }
  bool is_full() const { return total() >= connections_max_; }

 private:
  const std::size_t connections_max_;
  std::vector<std::atomic<std::size_t>> shards_;
  std::atomic<std::size_t> total_ = 0;
};

}  // namespace parley::net
