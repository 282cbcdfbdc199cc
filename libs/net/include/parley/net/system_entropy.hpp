#pragma once

#include <parley/base/ids.hpp>

namespace parley::net {

/// The kernel's random numbers, fit for secrets.
class SystemEntropy : public Entropy {
 public:
  void fill(std::span<std::byte> bytes) override;
};

}  // namespace parley::net
