#include "inbox.hpp"

#include <utility>

namespace parley::net {

void Inbox::put(Action action) {
  const std::lock_guard lock{mutex_};
  actions_.push_back(std::move(action));
  // While there is something, it has been rung for.
  if (actions_.size() == 1) bell_.ring();
}

std::vector<Inbox::Action> Inbox::take() {
  const std::lock_guard lock{mutex_};
  bell_.heard();
  return std::exchange(actions_, {});
}

}  // namespace parley::net
