#include "transport.hpp"

#include "system_error.hpp"

#include <parley/base/check.hpp>

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>

namespace parley::net {

void Transport::arrived(Arrival arrival) {
  unread_ = true;
  hung_up_ = hung_up_ || arrival == Arrival::last;
}

Read Transport::read(std::span<char> buffer) {
  const auto size = ::recv(socket_.number(), buffer.data(), buffer.size(), 0);
  if (size < 0) {
    if (!is_only_for_now(errno)) return {.state = ReadState::ended};
    unread_ = errno == EINTR;
    return {};
  }
  if (size == 0) return {.state = ReadState::ended};
  const auto taken = static_cast<std::size_t>(size);
  // epoll(7): a read that came back short has emptied a stream, and what comes after it is another
  // change. The end of the stream is no change of its own if it came together with bytes.
  unread_ = taken == buffer.size() || hung_up_;
  return {.size = taken};
}

Sent Transport::send(std::span<const std::string_view> parts) {
  if (backlog_) {
    keep(parts, 0);
    return Sent::in_part;
  }
  const auto result = write(parts);
  if (result < 0 && !is_only_for_now(errno)) return Sent::failed;
  keep(parts, static_cast<std::size_t>(std::max<ssize_t>(result, 0)));
  return backlog_ ? flush() : Sent::all;
}

// Until a write finds no room, for only then does the kernel tell of room again.
Sent Transport::flush() {
  while (backlog() > 0) {
    const auto left = std::string_view{backlog_->bytes}.substr(backlog_->flushed);
    const auto sent = write({&left, 1});
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return is_only_for_now(errno) ? Sent::in_part : Sent::failed;
    backlog_->flushed += static_cast<std::size_t>(sent);
  }
  backlog_.reset();
  return Sent::all;
}

ssize_t Transport::write(std::span<const std::string_view> parts) {
  if (parts.size() == 1)
    return ::send(socket_.number(), parts[0].data(), parts[0].size(), MSG_NOSIGNAL);
  PARLEY_CHECK(parts.size() <= parts_max);
  std::array<iovec, parts_max> vectors;
  // The system call does not write through these pointers, though their type would let it.
  std::ranges::transform(parts, vectors.begin(), [](std::string_view part) {
    return iovec{const_cast<char*>(part.data()), part.size()};
  });
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = parts.size();
  return ::sendmsg(socket_.number(), &message, MSG_NOSIGNAL);
}

// What is left of `parts` after their first `sent` bytes.
void Transport::keep(std::span<const std::string_view> parts, std::size_t sent) {
  for (const auto part : parts) {
    const auto left = part.substr(std::min(sent, part.size()));
    sent -= part.size() - left.size();
    if (left.empty()) continue;
    if (!backlog_) backlog_ = std::make_unique<Backlog>();
    // What was flushed is dropped when it is the larger half, so that each byte moves once at most.
    if (backlog_->flushed > backlog_->bytes.size() / 2) {
      backlog_->bytes.erase(0, backlog_->flushed);
      backlog_->flushed = 0;
    }
    backlog_->bytes.append(left);
  }
}

void Transport::finish() { ::shutdown(socket_.number(), SHUT_WR); }

}  // namespace parley::net
