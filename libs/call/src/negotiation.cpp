#include "negotiation.hpp"

namespace parley::call {

Negotiation::Verdict Negotiation::judge(DescriptionType type) {
  switch (type) {
    case DescriptionType::offer:
      ignored_offer_ = ours_ != OurOffer::none && role_ == Role::caller;
      if (ignored_offer_) return Verdict::ignore;
      ours_ = OurOffer::none;
      return Verdict::take;
    case DescriptionType::answer:
    case DescriptionType::pranswer:
      if (ours_ != OurOffer::open) return Verdict::ignore;
      if (type == DescriptionType::answer) ours_ = OurOffer::none;
      ignored_offer_ = false;
      return Verdict::take;
    case DescriptionType::rollback:
      return Verdict::ignore;
  }
  return Verdict::ignore;
}

}  // namespace parley::call
