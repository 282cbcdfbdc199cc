#pragma once

#include "descriptor.hpp"

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string_view>

namespace parley::net {

/// What came of a try to move bytes that does not wait.
enum class Outcome { moved, blocked, ended, failed };
struct Moved {
  std::size_t size = 0;
  Outcome outcome = Outcome::moved;
};

/// Whether the end of the stream may be part of what came.
enum class Arrival { more_may_come, last };

/// One TCP connection of the system that never blocks.
///
/// Made for a Poller that tells of changes only: it knows whether the kernel may still hold
/// something to read, so that no system call is spent on finding that out.
class Socket {
 public:
  /// Of one send().
  static constexpr std::size_t parts_max = 64;

  explicit Socket(Descriptor descriptor) : descriptor_{std::move(descriptor)} {}

  /// Something came to be read.
  void arrived(Arrival arrival);

  /// True if there may be something to read.
  bool unread() const { return unread_; }

  Moved receive(std::span<char> buffer);

  /// What came of a receive into `room` bytes that was made elsewhere, and of a send: the size, or
  /// -errno.
  Moved received(ssize_t result, std::size_t room);
  static Moved sent(ssize_t result);

  /// As much of `parts`, in their order, as the kernel takes.
  Moved send(std::span<const std::string_view> parts);

  /// Tells the peer that no more will come; reading goes on.
  void finish();

  void close() { descriptor_.close(); }

  const Descriptor& descriptor() const { return descriptor_; }

 private:
  Descriptor descriptor_;
  bool unread_ = false;
  bool hung_up_ = false;
};

}  // namespace parley::net
