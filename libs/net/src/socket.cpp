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

}  // namespace

void Socket::arrived(Arrival arrival) {
  unread_ = true;
  hung_up_ = hung_up_ || arrival == Arrival::last;
}

Moved Socket::receive(std::span<char> buffer) {
  if (!unread_) return {.outcome = Outcome::blocked};
  const auto size = ::recv(descriptor_.number(), buffer.data(), buffer.size(), 0);
  return received(size < 0 ? -errno : size, buffer.size());
}

Moved Socket::received(ssize_t result, std::size_t room) {
  if (result == 0) return {.outcome = Outcome::ended};
  if (result < 0) {
    unread_ = result == -EINTR;
    return sent(result);
  }
  const auto taken = static_cast<std::size_t>(result);
  // epoll(7): a read that came back short has emptied a stream, and what comes after it is another
  // change. The end of the stream is no change of its own if it came together with bytes.
  unread_ = taken == room || hung_up_;
  return {.size = taken};
}

Moved Socket::send(std::span<const std::string_view> parts) {
  for (;;) {
    const auto size = send_all_of(descriptor_.number(), parts);
    if (size >= 0 || errno != EINTR) return sent(size < 0 ? -errno : size);
  }
}

Moved Socket::sent(ssize_t result) {
  if (result >= 0) return {.size = static_cast<std::size_t>(result)};
  return {.outcome =
              is_only_for_now(static_cast<int>(-result)) ? Outcome::blocked : Outcome::failed};
}

void Socket::finish() { ::shutdown(descriptor_.number(), SHUT_WR); }

}  // namespace parley::net
