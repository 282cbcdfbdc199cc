#include <parley/signaling/waiting_pair.hpp>

namespace parley::signaling {

std::vector<Output> WaitingPair::arrive(PeerId peer) {
  std::vector<Output> outputs;
  if (waiting_ != peer && !partners_.find(peer)) seat(peer, outputs);
  return outputs;
}

std::vector<Output> WaitingPair::leave(PeerId peer) {
  std::vector<Output> outputs;
  if (waiting_ == peer) waiting_.reset();
  if (const auto partner = partner_of(peer)) {
    partners_.erase(peer);
    partners_.erase(*partner);
    outputs.push_back(Left{*partner});
    seat(*partner, outputs);
  }
  return outputs;
}

std::optional<PeerId> WaitingPair::partner_of(PeerId peer) const {
  const auto* found = partners_.find(peer);
  return found ? std::optional{*found} : std::nullopt;
}

void WaitingPair::seat(PeerId peer, std::vector<Output>& outputs) {
  if (!waiting_) {
    waiting_ = peer;
    return;
  }
  partners_.insert(*waiting_, peer);
  partners_.insert(peer, *waiting_);
  outputs.push_back(Identify{*waiting_, Role::caller});
  outputs.push_back(Identify{peer, Role::receiver});
  waiting_.reset();
}

}  // namespace parley::signaling
