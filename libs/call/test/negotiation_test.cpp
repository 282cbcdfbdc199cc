// Which of the other side's descriptions fit: W3C WebRTC, "Perfect negotiation example"; the
// receiver is the polite side.

#include "../src/negotiation.hpp"

#include <gtest/gtest.h>

namespace parley::call {
namespace {

constexpr auto offer = DescriptionType::offer, answer = DescriptionType::answer,
               pranswer = DescriptionType::pranswer, rollback = DescriptionType::rollback;
constexpr auto take = Negotiation::Verdict::take, ignore = Negotiation::Verdict::ignore;

TEST(Negotiation, AReceiverTakesOffersAndNoAnswers) {
  Negotiation receiver{Role::receiver};
  EXPECT_EQ(receiver.judge(answer), ignore);
  EXPECT_EQ(receiver.judge(offer), take);
  EXPECT_EQ(receiver.judge(answer), ignore);
  EXPECT_EQ(receiver.judge(offer), take);
}

TEST(Negotiation, ACallerTakesOneAnswerToItsOffer) {
  Negotiation caller{Role::caller};
  EXPECT_EQ(caller.judge(answer), ignore) << "nothing was offered yet";
  caller.offer();
  EXPECT_EQ(caller.judge(answer), take);
  EXPECT_EQ(caller.judge(answer), ignore);
}

TEST(Negotiation, AProvisionalAnswerLeavesTheOfferOpen) {
  Negotiation caller{Role::caller};
  caller.offer();
  EXPECT_EQ(caller.judge(pranswer), take);
  EXPECT_EQ(caller.judge(pranswer), take);
  EXPECT_EQ(caller.judge(answer), take);
  EXPECT_EQ(caller.judge(pranswer), ignore);
}

TEST(Negotiation, ACallerIgnoresAnOfferThatMeetsItsOwnAndTheCandidatesOfThatOffer) {
  Negotiation caller{Role::caller};
  EXPECT_EQ(caller.judge(offer), ignore) << "its own offer is still to come";
  caller.offer();
  EXPECT_EQ(caller.judge(offer), ignore);
  EXPECT_TRUE(caller.ignores_candidates());
  EXPECT_EQ(caller.judge(answer), take);
  EXPECT_FALSE(caller.ignores_candidates());
}

TEST(Negotiation, AReceiverGivesUpItsOwnOfferForTheOthers) {
  Negotiation receiver{Role::receiver};
  receiver.offer();
  EXPECT_EQ(receiver.judge(offer), take);
  EXPECT_FALSE(receiver.ignores_candidates());
  EXPECT_EQ(receiver.judge(answer), ignore) << "an answer to the offer that was given up";
}

TEST(Negotiation, ACallerTakesAnOfferOnceItsOwnIsAnswered) {
  Negotiation caller{Role::caller};
  caller.offer();
  EXPECT_EQ(caller.judge(answer), take);
  EXPECT_EQ(caller.judge(offer), take);
}

TEST(Negotiation, ARollbackFromTheOtherSideIsIgnored) {
  Negotiation caller{Role::caller};
  caller.offer();
  EXPECT_EQ(caller.judge(rollback), ignore);
  EXPECT_EQ(caller.judge(answer), take);
}

}  // namespace
}  // namespace parley::call
