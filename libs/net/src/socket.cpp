#include "socket.hpp"

#include "system_error.hpp"

#include <parley/base/check.hpp>

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>

namespace parley::net {

namespace {

ssize_t send_all_of(int socket, std::span<const std::string_view> parts) {
  if (parts.size() == 1) return ::send(socket, parts[0].data(), parts[0].size(), MSG_NOSIGNAL);
  PARLEY_CHECK(parts.size() <= Socket::parts_max);
  std::array<iovec, Socket::parts_max> vectors;
  // The system call does not write through these pointers, though their type would let it.
  std::ranges::transform(parts, vectors.begin(), [](std::string_view part) {
    return iovec{const_cast<char*>(part.data()), part.size()};
  });
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = parts.size();
  return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

Moved nothing_moved() {
  return {.outcome = is_only_for_now(errno) ? Outcome::blocked : Outcome::failed};
}

}  // namespace

void Socket::arrived(Arrival arrival) {
  unread_ = true;
  hung_up_ = hung_up_ || arrival == Arrival::last;
}

Moved Socket::receive(std::span<char> buffer) {
  if (!unread_) return {.outcome = Outcome::blocked};
  const auto size = ::recv(descriptor_.number(), buffer.data(), buffer.size(), 0);
  if (size == 0) return {.outcome = Outcome::ended};
  if (size < 0) {
    unread_ = errno == EINTR;
    return nothing_moved();
  }
  const auto taken = static_cast<std::size_t>(size);
  // epoll(7): a read that came back short has emptied a stream, and what comes after it is another
  // change. The end of the stream is no change of its own if it came together with bytes.
  unread_ = taken == buffer.size() || hung_up_;
  return {.size = taken};
}

Moved Socket::send(std::span<const std::string_view> parts) {
  for (;;) {
    const auto size = send_all_of(descriptor_.number(), parts);
    if (size >= 0) return {.size = static_cast<std::size_t>(size)};
    if (errno != EINTR) return nothing_moved();
  }
}

void Socket::finish() { ::shutdown(descriptor_.number(), SHUT_WR); }

}  // namespace parley::net
