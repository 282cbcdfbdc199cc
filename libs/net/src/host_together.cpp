// Reads and sends of many connections in one system call: WebSockets without TLS, which is where
// most of the work is. Whoever else has something to read or to send makes a call of its own.

#include "host.hpp"

#include <parley/base/check.hpp>

#include <utility>

namespace parley::net {

namespace {

// Of one connection in one round. Who has more gets it afterwards, into the buffer of all.
constexpr std::size_t early_bytes_max = 64 * 1024;

// From one connection's bytes to the next one's: at a power of two, all would compete for the same
// few lines of the processor's cache.
constexpr std::size_t early_stride = early_bytes_max + 4096 + 5 * 64;

std::size_t size_of(std::span<const std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  return size;
}

}  // namespace

// A ring belongs to the thread that makes it.
void Server::Host::prepare_together() {
  ring_.emplace(limits_.transfers_max);
  if (!ring_->is_open()) {
    if (limits_.transfers_max > 0)
      log_(node::LogLevel::debug,
           "There is no io_uring here: reads and sends are system calls of their own.");
    return;
  }
  early_bytes_ = std::make_unique_for_overwrite<char[]>(Poller::events_max * early_stride);
}

void Server::Host::handle_all(std::span<const epoll_event> events) {
  early_.clear();
  for (const auto& event : events) {
    if (can_receive_together(event)) {
      early_.push_back(event);
    } else {
      handle(event);
    }
  }
  receive_together();
  deliver();
}

bool Server::Host::can_receive_together(const epoll_event& event) const {
  if (!early_bytes_ || !is_readable(event)) return false;
  auto* connection = connections_.find(ConnectionId{std::to_underlying(tag_of(event))});
  return connection && connection->websocket() && connection->transport.is_plain();
}

// What was handled in between may have ended some of them, and their descriptors may be others'.
void Server::Host::receive_together() {
  std::erase_if(early_, [this](const auto& event) { return !can_receive_together(event); });
  incoming_.clear();
  for (const auto& event : early_) {
    auto& transport = connections_.find(ConnectionId{std::to_underlying(tag_of(event))})->transport;
    note(transport, event);
    const std::span bytes{early_bytes_.get() + incoming_.size() * early_stride, early_bytes_max};
    incoming_.push_back({.socket = transport.descriptor().number(), .bytes = bytes});
  }
  ring_->receive(incoming_);
  for (std::size_t at = 0; at < early_.size(); ++at) {
    auto* connection = connections_.find(ConnectionId{std::to_underlying(tag_of(early_[at]))});
    if (!connection) continue;
    const auto& [socket, bytes, result] = incoming_[at];
    came(*connection, connection->transport.received(result, bytes.size()), bytes);
    if (is_writable(early_[at])) write(*connection);
    turn();
  }
}

// A connection has one letter at most: of two, the first might not be taken whole.
bool Server::Host::put_into_outbox(Connection& connection,
                                   std::span<const std::string_view> parts) {
  const auto size = size_of(parts);
  if (!early_bytes_ || size > Outbox::letter_bytes_max) return false;
  const bool goes_on = !connection.has_letter || outbox_.is_last(connection.id);
  if (!goes_on || !outbox_.has_room_for(connection.id, size)) send_together();
  if (connection.gone) return true;
  if (!connection.transport.is_plain() || connection.transport.backlog() > 0) return false;
  outbox_.add(connection.id, parts);
  connection.has_letter = true;
  return true;
}

// Whoever is lost by it, or blocked, is told of in a turn: so nothing is added meanwhile.
void Server::Host::send_together() {
  outgoing_.clear();
  for (const auto& letter : outbox_.letters()) {
    auto* const connection = connections_.find(letter.to);
    PARLEY_CHECK(connection && connection->has_letter);
    connection->has_letter = false;
    outgoing_.push_back(
        {.socket = connection->transport.descriptor().number(), .bytes = outbox_.bytes_of(letter)});
  }
  ring_->send(outgoing_);
  for (std::size_t at = 0; at < outgoing_.size(); ++at) {
    auto& connection = *connections_.find(outbox_.letters()[at].to);
    const auto& [socket, bytes, result] = outgoing_[at];
    sent(connection, connection.transport.sent({bytes.data(), bytes.size()}, result));
  }
  outbox_.clear();
}

void Server::Host::deliver() {
  while (!outbox_.is_empty()) {
    send_together();
    turn();
  }
}

}  // namespace parley::net
