#pragma once

#include "descriptor.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace parley::net {

enum class ReadState { open, ended };

struct Read {
  std::size_t size = 0;
  ReadState state = ReadState::open;
};

/// Whether the end of the stream may be part of what came.
enum class Arrival { more_may_come, last };

enum class Sent { all, in_part, failed };

/// One TCP connection that never blocks: a read takes what is there, a send gives the kernel what
/// it takes, and the rest is kept in a backlog until flush().
///
/// Made for a Poller that tells of changes only: it knows whether the kernel may still hold
/// something to read, so that no read is spent on finding that out.
class Transport {
 public:
  static constexpr std::size_t parts_max = 64;

  explicit Transport(Descriptor socket) : socket_{std::move(socket)} {}

  /// Something came to be read.
  void arrived(Arrival arrival);

  /// True if there may be something to read.
  bool unread() const { return unread_; }

  Read read(std::span<char> buffer);

  /// Sends `parts` in their order, at most parts_max. Once something is kept, everything after it
  /// is kept behind it.
  Sent send(std::span<const std::string_view> parts);

  /// Sends from the backlog.
  Sent flush();

  std::size_t backlog() const { return backlog_ ? backlog_->bytes.size() - backlog_->flushed : 0; }

  /// Tells the peer that no more will come; reading goes on.
  void finish();

  void close() { socket_.close(); }

  const Descriptor& descriptor() const { return socket_; }

 private:
  // Only while a peer reads too slowly.
  struct Backlog {
    std::string bytes;
    std::size_t flushed = 0;  // of bytes, which the kernel has taken
  };

  ssize_t write(std::span<const std::string_view> parts);
  void keep(std::span<const std::string_view> parts, std::size_t sent);

  Descriptor socket_;
  bool unread_ = false;
  bool hung_up_ = false;
  std::unique_ptr<Backlog> backlog_;
};

}  // namespace parley::net
