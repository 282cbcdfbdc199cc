#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

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
///
/// Several threads of a server have one each, and say which by their shard: a number below
/// shards_max, in whose place the counter has 6 bits less.
class SidGenerator {
 public:
  static constexpr unsigned shards_max = 64;

  explicit SidGenerator(Entropy& entropy, std::optional<unsigned> shard = std::nullopt);

  std::string next();

 private:
  Entropy& entropy_;
  std::optional<unsigned> shard_;
  std::uint32_t counter_ = 0;
};

/// The shard of whoever made `sid`, if that had one; of what is no sid, anything.
std::optional<unsigned> shard_of(std::string_view sid);

}  // namespace parley
