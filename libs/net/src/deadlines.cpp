#include "deadlines.hpp"

namespace parley::net {

void Deadlines::set(ConnectionId connection, std::optional<Time>& own, std::optional<Time> next) {
  if (own == next) return;
  if (own) entries_.erase({*own, connection});
  if (next) entries_.emplace(*next, connection);
  own = next;
}

std::vector<ConnectionId> Deadlines::take_due(Time now) {
  std::vector<ConnectionId> due;
  while (!entries_.empty() && entries_.begin()->first <= now) {
    due.push_back(entries_.begin()->second);
    entries_.erase(entries_.begin());
  }
  return due;
}

std::optional<Time> Deadlines::soonest() const {
  if (entries_.empty()) return std::nullopt;
  return entries_.begin()->first;
}

}  // namespace parley::net
