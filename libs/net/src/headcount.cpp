#include "headcount.hpp"

#include <algorithm>

namespace parley::net {

// Numbers that others change meanwhile are good enough to deal by.
std::size_t Headcount::seat() {
  const auto fewest = std::ranges::min_element(
      shards_, {}, [](const auto& count) { return count.load(std::memory_order_relaxed); });
  fewest->fetch_add(1, std::memory_order_relaxed);
  total_.fetch_add(1);
  return static_cast<std::size_t>(fewest - shards_.begin());
}

void Headcount::move(std::size_t from, std::size_t to) {
  shards_[from].fetch_sub(1, std::memory_order_relaxed);
  shards_[to].fetch_add(1, std::memory_order_relaxed);
}

bool Headcount::leave(std::size_t shard) {
  shards_[shard].fetch_sub(1, std::memory_order_relaxed);
  return total_.fetch_sub(1) == connections_max_;
}

}  // namespace parley::net
