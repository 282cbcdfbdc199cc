#pragma once

#include <parley/call/event.hpp>

namespace parley::call {

/// Decides which of the other side's descriptions fit, when they arrive: W3C WebRTC, "Perfect
/// negotiation example", with the receiver as the polite side. The first offer of a connection is
/// the caller's, so an offer that comes before it collides with it as well.
class Negotiation {
 public:
  enum class Verdict { take, ignore };

  explicit Negotiation(Role role)
      : role_{role}, ours_{role == Role::caller ? OurOffer::intended : OurOffer::none} {}

  /// We make an offer, and it is open until it is answered.
  void offer() { ours_ = OurOffer::open; }

  /// An offer that meets our own is taken by the polite side, whose offer is void with that, and
  /// ignored by the other one. An answer needs an offer; a remote rollback is not part of the
  /// lesson.
  Verdict judge(DescriptionType type);

  /// Whether candidates now belong to an offer that was ignored.
  bool ignores_candidates() const { return ignored_offer_; }

 private:
  enum class OurOffer { none, intended, open };

  Role role_;
  OurOffer ours_;
  bool ignored_offer_ = false;
};

}  // namespace parley::call
