#pragma once

#include <parley/base/ids.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace parley::net {

/// The kernel's random numbers, fit for secrets. Fetched ahead, so that most ids cost no system
/// call; what was handed out is kept nowhere. One thread's.
class SystemEntropy : public Entropy {
 public:
  void fill(std::span<std::byte> bytes) override;

 private:
  // getrandom(2): so many come whole, and are never interrupted.
  std::array<std::byte, 256> ahead_{};
  std::size_t left_ = 0;  // of ahead_, at its end
};

}  // namespace parley::net
