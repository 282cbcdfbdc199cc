#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <span>

namespace parley::net {

/// One receive or one send of a socket, without waiting.
struct Transfer {
  int socket;
  std::span<char> bytes;  // to be filled, or to be sent, which leaves them as they are
  ssize_t result = 0;     // as recv(2) and send(2) return it, and where they set errno, -errno
};

/// Hands the transfers of many sockets to the kernel in one system call: io_uring(7). Each is over
/// on return; nothing goes on behind our back.
///
/// Where the system has no io_uring or forbids it, and for so few that it would cost more, every
/// transfer is a call of its own: all that differs is what it costs. One thread's, from its making.
class Ring {
 public:
  /// At most `transfers_max` in one call; none with 0.
  explicit Ring(std::size_t transfers_max);
  ~Ring();

  bool is_open() const { return queues_ != nullptr; }

  void receive(std::span<Transfer> transfers);
  void send(std::span<Transfer> transfers);

 private:
  struct Queues;

  template <class Prepare, class Call>
  void carry_out(std::span<Transfer> transfers, Prepare prepare, Call call);
  bool collect(std::span<Transfer> transfers);

  std::size_t transfers_max_;
  std::unique_ptr<Queues> queues_;
};

}  // namespace parley::net
