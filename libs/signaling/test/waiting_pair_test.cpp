// Who is paired with whom, against the rules of the lesson: consecutive arrivals share a channel,
// the first one calls, and when one leaves, the other is told and waits. The last test tries every
// short history of four peers against a model that is too simple to be wrong.

#include <parley/signaling/waiting_pair.hpp>

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <utility>

namespace parley::signaling {
namespace {

constexpr PeerId ann{1}, bob{2}, cat{3}, dan{4};

using Outputs = std::vector<Output>;

WaitingPair pair_of_ann_and_bob() {
  WaitingPair pair;
  (void)pair.arrive(ann);
  (void)pair.arrive(bob);
  return pair;
}

TEST(WaitingPair, TheFirstArrivalWaitsAndIsToldNothing) {
  WaitingPair pair;
  EXPECT_EQ(pair.arrive(ann), Outputs{});
  EXPECT_EQ(pair.waiting(), ann);
  EXPECT_EQ(pair.partner_of(ann), std::nullopt);
}

TEST(WaitingPair, TheSecondArrivalIsPairedWithTheFirstWhoCalls) {
  WaitingPair pair;
  (void)pair.arrive(ann);
  EXPECT_EQ(pair.arrive(bob),
            (Outputs{Identify{ann, Role::caller}, Identify{bob, Role::receiver}}));
  EXPECT_EQ(pair.partner_of(ann), bob);
  EXPECT_EQ(pair.partner_of(bob), ann);
  EXPECT_EQ(pair.waiting(), std::nullopt);
}

TEST(WaitingPair, AThirdArrivalWaitsAndDisturbsNobody) {
  auto pair = pair_of_ann_and_bob();
  EXPECT_EQ(pair.arrive(cat), Outputs{});
  EXPECT_EQ(pair.waiting(), cat);
  EXPECT_EQ(pair.partner_of(ann), bob);
}

TEST(WaitingPair, ASurvivorIsToldAndWaitsAsTheNextCaller) {
  auto pair = pair_of_ann_and_bob();
  EXPECT_EQ(pair.leave(ann), Outputs{Left{bob}});
  EXPECT_EQ(pair.waiting(), bob);
  EXPECT_EQ(pair.arrive(cat),
            (Outputs{Identify{bob, Role::caller}, Identify{cat, Role::receiver}}));
}

TEST(WaitingPair, ASurvivorJoinsWhoeverWaitsAlready) {
  auto pair = pair_of_ann_and_bob();
  (void)pair.arrive(cat);
  EXPECT_EQ(pair.leave(bob),
            (Outputs{Left{ann}, Identify{cat, Role::caller}, Identify{ann, Role::receiver}}));
  EXPECT_EQ(pair.waiting(), std::nullopt);
}

TEST(WaitingPair, WhoeverLeavesWhileWaitingIsForgotten) {
  WaitingPair pair;
  (void)pair.arrive(ann);
  EXPECT_EQ(pair.leave(ann), Outputs{});
  EXPECT_EQ(pair.arrive(bob), Outputs{});
  EXPECT_EQ(pair.waiting(), bob);
}

TEST(WaitingPair, ArrivingTwiceOrLeavingWithoutBeingHereChangesNothing) {
  auto pair = pair_of_ann_and_bob();
  EXPECT_EQ(pair.arrive(ann), Outputs{});
  EXPECT_EQ(pair.leave(cat), Outputs{});
  EXPECT_EQ(pair.partner_of(ann), bob);
  EXPECT_EQ(pair.waiting(), std::nullopt);
}

// The rules once more, as a list of people in the order in which they began to wait or were paired.
struct Model {
  std::vector<PeerId> lone;                      // nobody else is free, so never more than one
  std::vector<std::pair<PeerId, PeerId>> pairs;  // caller, receiver

  Outputs arrive(PeerId peer) {
    for (const auto& [caller, receiver] : pairs)
      if (peer == caller || peer == receiver) return {};
    if (lone == std::vector{peer}) return {};
    lone.push_back(peer);
    if (lone.size() < 2) return {};
    pairs.emplace_back(lone[0], lone[1]);
    const Outputs told{Identify{lone[0], Role::caller}, Identify{lone[1], Role::receiver}};
    lone.clear();
    return told;
  }

  Outputs leave(PeerId peer) {
    std::erase(lone, peer);
    for (auto at = pairs.begin(); at != pairs.end(); ++at) {
      if (peer != at->first && peer != at->second) continue;
      const auto survivor = peer == at->first ? at->second : at->first;
      pairs.erase(at);
      Outputs told{Left{survivor}};
      const auto more = arrive(survivor);
      told.insert(told.end(), more.begin(), more.end());
      return told;
    }
    return {};
  }

  std::optional<PeerId> partner_of(PeerId peer) const {
    for (const auto& [caller, receiver] : pairs) {
      if (peer == caller) return receiver;
      if (peer == receiver) return caller;
    }
    return std::nullopt;
  }
};

constexpr std::array everyone{ann, bob, cat, dan};

void try_every_history(const WaitingPair& pair, const Model& model, int steps_left) {
  for (const auto peer : everyone) ASSERT_EQ(pair.partner_of(peer), model.partner_of(peer));
  ASSERT_EQ(pair.waiting().has_value(), !model.lone.empty());
  if (model.lone.size() == 1) {
    ASSERT_EQ(pair.waiting(), model.lone.front());
  }
  if (steps_left == 0) return;
  for (const auto peer : everyone) {
    auto pair_after = pair;
    auto model_after = model;
    ASSERT_EQ(pair_after.arrive(peer), model_after.arrive(peer));
    try_every_history(pair_after, model_after, steps_left - 1);
    pair_after = pair;
    model_after = model;
    ASSERT_EQ(pair_after.leave(peer), model_after.leave(peer));
    try_every_history(pair_after, model_after, steps_left - 1);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(WaitingPair, AgreesWithTheModelInEveryHistoryOfFourPeersAndSevenSteps) {
  WaitingPair pair;
  Model model;
  // Before the first arrival nothing happens, and all four are alike: let it be Ann's.
  ASSERT_EQ(pair.arrive(ann), model.arrive(ann));
  try_every_history(pair, model, 6);
}

}  // namespace
}  // namespace parley::signaling
