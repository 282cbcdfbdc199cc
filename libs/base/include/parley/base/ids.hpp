#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace parley {

/// Where a core gets its chance from: the system's in production, a seed in tests and simulation.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;
};

/// Makes the session and socket ids of Engine.IO and Socket.IO: 20 characters of [A-Za-z0-9_-], the
/// base64url form of 12 random bytes and a 3 byte counter, so that no two of one process are equal.
/// Neighbours rely on the length and the alphabet. `entropy` outlives it.
class SidGenerator {
 public:
  explicit SidGenerator(Entropy& entropy) : entropy_{entropy} {}

  std::string next();

 private:
  Entropy& entropy_;
  std::uint32_t counter_ = 0;
};

}  // namespace parley
