#pragma once

#include <parley/base/id_map.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace parley::signaling {

enum class PeerId : std::uint64_t {};

/// The first of a pair to arrive calls, the second receives.
enum class Role { caller, receiver };

/// `peer` now has a partner, and is to be told which of the two it is.
struct Identify {
  PeerId peer;
  Role role;
  bool operator==(const Identify&) const = default;
};
/// The partner of `peer` has left; it waits for the next arrival.
struct Left {
  PeerId peer;
  bool operator==(const Left&) const = default;
};
using Output = std::variant<Identify, Left>;

/// The lesson's channel: consecutive arrivals are paired.
///
/// At most one peer waits; whoever comes next, a newcomer or the survivor of a pair that ended, is
/// paired with it at once, and the one that waited is the caller. A peer waits or is in one pair.
/// What people are to be told is returned, in the order in which to tell it.
class WaitingPair {
 public:
  /// Harmless if `peer` is here already.
  [[nodiscard]] std::vector<Output> arrive(PeerId peer);

  /// Harmless if `peer` is not here.
  [[nodiscard]] std::vector<Output> leave(PeerId peer);

  /// Empty while `peer` waits, and if it is not here.
  std::optional<PeerId> partner_of(PeerId peer) const;

  std::optional<PeerId> waiting() const { return waiting_; }

 private:
  void seat(PeerId peer, std::vector<Output>& outputs);

  std::optional<PeerId> waiting_;
  IdMap<PeerId, PeerId> partners_;  // holds each pair twice, once from either side
};

}  // namespace parley::signaling
