#include "transport.hpp"

#include <algorithm>

namespace parley::net {

void Transport::found_room() {
  if (tls_) tls_->found_room();
}

Moved Transport::read(std::span<char> buffer) {
  return tls_ ? tls_->read(socket_, buffer) : socket_.receive(buffer);
}

Sent Transport::send(std::span<const std::string_view> parts) {
  if (backlog_) {
    keep(parts, 0);
    return Sent::in_part;
  }
  return keep_rest(parts, write(parts));
}

Sent Transport::sent(std::string_view bytes, ssize_t result) {
  return keep_rest({&bytes, 1}, Socket::sent(result));
}

Sent Transport::keep_rest(std::span<const std::string_view> parts, Moved sent) {
  if (sent.outcome == Outcome::failed) return Sent::failed;
  keep(parts, sent.size);
  return backlog_ ? flush() : Sent::all;
}

// Until a write finds no room, for only then does the kernel tell of room again.
Sent Transport::flush() {
  while (backlog() > 0) {
    const auto left = std::string_view{backlog_->bytes}.substr(backlog_->flushed);
    const auto sent = write({&left, 1});
    if (sent.outcome == Outcome::failed) return Sent::failed;
    if (sent.outcome == Outcome::blocked) return Sent::in_part;
    backlog_->flushed += sent.size;
  }
  backlog_.reset();
  return Sent::all;
}

Moved Transport::write(std::span<const std::string_view> parts) {
  return tls_ ? tls_->write(socket_, parts) : socket_.send(parts);
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

void Transport::say_goodbye() {
  if (tls_) tls_->finish(socket_);
}

void Transport::finish() {
  say_goodbye();
  socket_.finish();
}

}  // namespace parley::net
