#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace parley::bench {

/// Ends the program with a sentence: a benchmark that met what it did not expect measures nothing.
[[noreturn]] void fail(const std::string& why);

/// The same, and what the system says about it.
[[noreturn]] void fail_with_errno(const std::string& why);

/// Owns a file descriptor; -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_{number} {}
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  int number() const { return number_; }
  void close();

 private:
  int number_ = -1;
};

/// A TCP socket that does not block and sends at once what it is given.
Descriptor tcp_socket();

/// As many descriptors as the system lets us have; each connection is one.
void raise_descriptor_limit();

}  // namespace parley::bench
