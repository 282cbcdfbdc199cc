#pragma once

#include <parley/base/ids.hpp>
#include <parley/base/time.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <span>
#include <utility>

namespace parley::sim {

/// Virtual time, one seeded source of chance, and a queue of things to come. Events at one instant
/// run in the order they were planned, so a seed and a commit replay a run exactly.
class World {
 public:
  explicit World(std::uint64_t seed) : chance_{seed} {}

  Time now() const { return now_; }

  void after(Duration delay, std::function<void()> event) {
    events_.emplace(std::pair{now_ + delay, planned_++}, std::move(event));
  }

  /// Uniform in [low, high]. Written out: std::uniform_int_distribution differs between libraries.
  std::uint64_t pick(std::uint64_t low, std::uint64_t high) {
    return low + chance_() % (high - low + 1);
  }
  Duration pick(Duration low, Duration high) {
    return Duration{
        pick(static_cast<std::uint64_t>(low.count()), static_cast<std::uint64_t>(high.count()))};
  }
  bool happens(std::uint64_t percent) { return pick(1, 100) <= percent; }

  /// Runs what is planned up to `end`; false if `steps_max` events were not enough (a livelock).
  bool run_until(Time end, std::size_t steps_max) {
    for (; !events_.empty() && events_.begin()->first.first <= end; --steps_max) {
      if (steps_max == 0) return false;
      const auto next = events_.extract(events_.begin());
      now_ = next.key().first;
      next.mapped()();
    }
    now_ = end;
    return true;
  }

 private:
  Time now_{};
  std::uint64_t planned_ = 0;
  std::mt19937_64 chance_;
  std::map<std::pair<Time, std::uint64_t>, std::function<void()>> events_;
};

/// The chance of a world, as the machines in it draw it. `world` outlives it.
class WorldEntropy : public Entropy {
 public:
  explicit WorldEntropy(World& world) : world_{world} {}

  void fill(std::span<std::byte> bytes) override {
    for (auto& byte : bytes) byte = static_cast<std::byte>(world_.pick(0, 255));
  }

 private:
  World& world_;
};

}  // namespace parley::sim
