#pragma once

#include <unistd.h>

#include <utility>

namespace parley::net {

/// Owns one file descriptor of the system and closes it.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_{number} {}
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, none)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  void close() {
    if (is_open()) ::close(std::exchange(number_, none));
  }

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  static constexpr int none = -1;
  int number_ = none;
};

}  // namespace parley::net
