#pragma once

#include "descriptor.hpp"

#include <parley/base/time.hpp>

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <system_error>

namespace parley::net {

/// The descriptors of one thread, and the wait for any of them: an epoll set.
///
/// A descriptor is added once and costs no further call until it is closed, which removes it. The
/// tag that it was added with comes back with its events, also with one that was collected before
/// it was closed: whoever handles it looks the tag up.
class Poller {
 public:
  enum class Tag : std::uint64_t {};

  /// Of one wait: what comes later waits in the kernel, and the clock is read in between.
  static constexpr std::size_t events_max = 64;

  Poller();

  /// Told again of `descriptor` as long as there is something to read.
  [[nodiscard]] std::error_code watch(const Descriptor& descriptor, Tag tag);

  /// Told once each time that something comes to be read, that there is room again after a write
  /// found none, or that the peer hangs up.
  [[nodiscard]] std::error_code watch_changes(const Descriptor& descriptor, Tag tag);

  /// No more of it, though it stays open.
  void forget(const Descriptor& descriptor);

  /// What happened, or nothing within `at_most`. Holds until the next call.
  std::span<const epoll_event> wait(std::optional<Duration> at_most);

 private:
  std::error_code add(const Descriptor& descriptor, Tag tag, std::uint32_t events);

  Descriptor epoll_;
  std::array<epoll_event, events_max> events_;
};

inline Poller::Tag tag_of(const epoll_event& event) { return Poller::Tag{event.data.u64}; }

inline bool is_readable(const epoll_event& event) {
  return (event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
}

inline bool is_writable(const epoll_event& event) { return (event.events & EPOLLOUT) != 0; }

/// What comes to be read is the last, or an error.
inline bool is_hang_up(const epoll_event& event) {
  return (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
}

}  // namespace parley::net
