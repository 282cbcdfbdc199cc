#include "deadlines.hpp"

#include <parley/base/check.hpp>

#include <utility>

namespace parley::net {

void Deadlines::set(Deadline& deadline, Wait wait, Time at) {
  clear(deadline);
  deadline.at = at;
  auto& queue = queues_[static_cast<std::size_t>(std::to_underlying(wait))];
  PARLEY_CHECK(queue.empty() || queue.back().at <= at);
  queue.push_back(deadline);
}

void Deadlines::clear(Deadline& deadline) {
  if (deadline.is_linked()) deadline.unlink();
}

std::optional<ConnectionId> Deadlines::take_due(Time now) {
  for (auto& queue : queues_) {
    if (queue.empty() || queue.front().at > now) continue;
    const auto connection = queue.front().connection;
    queue.pop_front();
    return connection;
  }
  return std::nullopt;
}

std::optional<Time> Deadlines::soonest() const {
  std::optional<Time> soonest;
  for (const auto& queue : queues_) {
    if (!queue.empty() && (!soonest || queue.front().at < *soonest)) soonest = queue.front().at;
  }
  return soonest;
}

}  // namespace parley::net
