#pragma once

#include <parley/base/ids.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace parley::client {

/// The system's chance, fetched many bytes at a time: every frame that a client sends needs four
/// (RFC 6455, section 5.3).
class Chance : public Entropy {
 public:
  void fill(std::span<std::byte> bytes) override;

 private:
  std::array<std::byte, 256> pool_{};
  std::size_t left_ = 0;  // at the end of pool_
};

}  // namespace parley::client
