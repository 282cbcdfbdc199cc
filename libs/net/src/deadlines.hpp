#pragma once

#include <parley/base/time.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace parley::net {

enum class ConnectionId : std::uint64_t {};

/// At most one deadline for each connection. The connection keeps its own, so that setting another
/// costs no search for the old one.
class Deadlines {
 public:
  /// Replaces `own`, which is the connection's; nothing is due any more if `next` is empty.
  void set(ConnectionId connection, std::optional<Time>& own, std::optional<Time> next);

  /// The connections whose deadline has come, soonest first. They have none any more: their own
  /// must be reset by whoever acts on it.
  std::vector<ConnectionId> take_due(Time now);

  std::optional<Time> soonest() const;

 private:
  std::set<std::pair<Time, ConnectionId>> entries_;
};

}  // namespace parley::net
