#pragma once

#include "input.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace parley::fuzz {

/// What a node of a plan does with those below it; in the order of how many these are: step and nap
/// have none, within, attempted and until have one, sequence has two, the others have three.
enum class Word {
  step,  // waits for an ending that somebody puts into it
  nap,
  within,
  attempted,
  until,
  sequence,
  gate,
  race,
  first,
  any,
  last,
  none,
  map,
};
inline constexpr std::size_t words = static_cast<std::size_t>(Word::map) + 1;

using NodeId = std::size_t;

struct Node {
  Word word = Word::step;
  std::vector<NodeId> below;
  std::size_t number = 1;            // of attempts, or how many at once
  int milliseconds = 0;              // of naps, limits and pauses
  std::optional<NodeId> also_wakes;  // of a step: where it puts its own ending, too
};

/// A tree of words over steps. The first node is the root.
using Plan = std::vector<Node>;

struct Ending {
  enum Kind { succeeds, fails, throws } kind = succeeds;
  int value = 0;
};

inline std::size_t count_below(Word word) {
  if (word <= Word::nap) return 0;
  if (word <= Word::until) return 1;
  return word == Word::sequence ? 2 : 3;
}

inline NodeId add_node(Plan& plan, Input& input, std::size_t depth) {
  const NodeId id = plan.size();
  const bool leaf = depth == 0 || plan.size() > 20;
  Node& node = plan.emplace_back();
  const auto choice = input.byte();
  node.word = static_cast<Word>(choice % (leaf ? 2 : words));
  const auto detail = input.byte();
  node.number = detail % 3 + 1;
  node.milliseconds = detail / 3 % 12;
  if (detail > 200) node.also_wakes = detail % 16;
  for (std::size_t left = count_below(node.word); left > 0; --left) {
    const NodeId below = add_node(plan, input, depth - 1);
    plan[id].below.push_back(below);  // `node` may have moved
  }
  return id;
}

inline Plan make_plan(Input& input) {
  Plan plan;
  add_node(plan, input, 4);
  for (Node& node : plan) {
    if (node.also_wakes) *node.also_wakes %= plan.size();
  }
  return plan;
}

inline Ending make_ending(Input& input) {
  const auto choice = input.byte();
  return {choice % 8 == 0 ? Ending::throws : static_cast<Ending::Kind>(choice % 2), choice};
}

}  // namespace parley::fuzz
