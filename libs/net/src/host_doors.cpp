// Who comes in, and to which thread: from the doors, which are the first host's, and from other
// threads.

#include "host.hpp"

#include <utility>

namespace parley::net {

namespace {

// After the process has run out of descriptors: soon enough for the next person, and no spinning.
constexpr Duration accept_again_after{1'000};

// Whom we let in before those who are in get their turn.
constexpr int let_in_max = 64;

}  // namespace

void Server::Host::open_doors() {
  if (doors_open_ || stop_at_ || accept_at_ || house_.headcount.is_full()) return;
  doors_open_ = true;
  for (std::size_t door = 0; door < doors_.size(); ++door) {
    if (const auto error = poller_.watch(doors_[door].socket, Poller::Tag{first_door_tag + door}))
      return put_off(error);
  }
}

void Server::Host::close_doors() {
  doors_open_ = false;
  for (const auto& door : doors_) poller_.forget(door.socket);
}

// Somebody who cannot come in now waits in the kernel's queue.
void Server::Host::put_off(std::error_code error) {
  log_(node::LogLevel::warning, "Cannot accept connections for a moment: " + error.message());
  close_doors();
  accept_at_ = now_ + accept_again_after;
}

void Server::Host::let_in(const Door& door) {
  for (int count = 0; count < let_in_max && doors_open_; ++count) {
    auto accepted = accept_at(door.socket);
    if (accepted) {
      deal(*std::move(accepted), door.tls);
    } else if (accepted.error() == std::errc::operation_would_block) {
      return;
    } else {
      return put_off(accepted.error());
    }
  }
}

void Server::Host::deal(Accepted accepted, const TlsContext* tls) {
  Newcomer newcomer{
      .transport = Transport{std::move(accepted.socket), tls ? tls->stream() : nullptr},
      .http = std::make_unique<HttpPhase>(std::move(accepted.address))};
  auto& headcount = house_.headcount;
  send_to(headcount.seat(), std::move(newcomer));
  // Said again only after a real ebb, and not with every connection that comes and goes.
  if (headcount.total() < headcount.connections_max() / 2) full_logged_ = false;
  if (!headcount.is_full()) return;
  if (!full_logged_)
    log_(node::LogLevel::warning, "The limit of connections is reached; further ones wait.");
  full_logged_ = true;
  close_doors();
}

void Server::Host::send_to(std::size_t shard, Newcomer newcomer) {
  if (shard == shard_) return take_in(std::move(newcomer));
  auto& host = *house_.hosts[shard];
  host.inbox_.put(
      [&host, newcomer = std::move(newcomer)]() mutable { host.take_in(std::move(newcomer)); });
}

void Server::Host::take_in(Newcomer newcomer) {
  auto& connection = connections_.add(std::move(newcomer.transport));
  connection.phase = std::move(newcomer.http);
  const Poller::Tag tag{std::to_underlying(connection.id)};
  if (const auto error = poller_.watch_changes(connection.transport.descriptor(), tag)) {
    drop(connection);
    return put_off(error);
  }
  if (newcomer.request) return ask(connection, *newcomer.request);
  set_deadline(connection, connection.transport.tls() ? Wait::handshake : Wait::request);
}

// A kept connection may serve several sessions, one request after the other: it is where the last
// one's session is. What came behind the request goes along.
void Server::Host::hand_over(Connection& connection, HttpRequest request, std::size_t shard) {
  poller_.forget(connection.transport.descriptor());
  Newcomer newcomer{std::move(connection.transport),
                    std::move(std::get<std::unique_ptr<HttpPhase>>(connection.phase)),
                    std::move(request)};
  connection.phase = LingeringPhase{};
  forget(connection);
  house_.headcount.move(shard_, shard);
  send_to(shard, std::move(newcomer));
}

}  // namespace parley::net
