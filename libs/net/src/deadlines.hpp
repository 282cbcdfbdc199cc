#pragma once

#include <parley/base/time.hpp>

#include <boost/intrusive/list.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace parley::net {

/// One TCP connection. The low bits say where its entry stands; the rest is never used again.
enum class ConnectionId : std::uint64_t {};

/// What a connection is given a limited time for; see Limits.
enum class Wait { handshake, request, header, body, reader, close };

/// A connection's own deadline, if one is set. It ends with the connection.
struct Deadline
    : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  explicit Deadline(ConnectionId owner) : connection{owner} {}
  ConnectionId connection;
  Time at;
};

/// The deadlines of all connections. Whatever is waited for is given the same time each time, so
/// that a queue for each kind of wait is in order by itself: setting, moving and clearing one
/// neither searches nor allocates.
class Deadlines {
 public:
  /// Replaces `deadline`. No earlier than any other deadline that was set for the same `wait`.
  void set(Deadline& deadline, Wait wait, Time at);

  void clear(Deadline& deadline);

  /// A connection whose deadline has come; it has none any more.
  std::optional<ConnectionId> take_due(Time now);

  std::optional<Time> soonest() const;

 private:
  using Queue = boost::intrusive::list<Deadline, boost::intrusive::constant_time_size<false>>;
  static constexpr std::size_t waits = 6;

  std::array<Queue, waits> queues_;
};

}  // namespace parley::net
