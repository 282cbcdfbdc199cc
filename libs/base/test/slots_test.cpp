// The table of things with ids, against its own promises.

#include <parley/base/slots.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

enum class Id : std::uint64_t {};
using Names = Slots<Id, std::string>;

TEST(BaseSlots, FindsWhatWasPutInUnderTheIdThatItGot) {
  Names names;
  const auto ann = names.emplace("ann");
  const auto bob = names.emplace("bob");
  EXPECT_EQ(ann, Id{1});
  EXPECT_EQ(bob, Id{2});
  EXPECT_EQ(*names.find(ann), "ann");
  EXPECT_EQ(*names.find(bob), "bob");
  EXPECT_EQ(names.size(), 2u);
}

TEST(BaseSlots, FindsNothingUnderAnIdThatItNeverGave) {
  Names names;
  names.emplace("ann");
  for (const auto id : {Id{0}, Id{2}, Id{65}, Id{std::uint64_t{1} << 32 | 1}, Id{~0ULL}})
    EXPECT_EQ(names.find(id), nullptr);
}

TEST(BaseSlots, NeverGivesAnIdAgain) {
  Names names;
  const auto ann = names.emplace("ann");
  names.erase(ann);
  names.erase(ann);
  const auto bob = names.emplace("bob");
  EXPECT_NE(ann, bob);
  EXPECT_EQ(names.find(ann), nullptr);
  EXPECT_EQ(*names.find(bob), "bob");
  EXPECT_EQ(names.size(), 1u);
}

TEST(BaseSlots, MovesNothing) {
  Names names;
  const auto* ann = names.find(names.emplace("ann"));
  for (int i = 0; i < 1000; ++i) names.emplace("somebody");
  EXPECT_EQ(*ann, "ann");
}

TEST(BaseSlots, VisitsEachInTheOrderOfTheirPlacesWhileSomeComeAndGo) {
  Names names;
  for (const auto* name : {"a", "b", "c"}) names.emplace(name);
  names.erase(Id{2});
  std::string visited;
  names.for_each([&](Id id, std::string& name) {
    visited += name;
    if (name == "a") names.erase(id);
    if (name == "c") names.emplace("d");
  });
  EXPECT_EQ(visited, "ac");
  names.for_each([&](Id, const std::string& name) { visited += name; });
  EXPECT_EQ(visited, "acdc");
}

}  // namespace
}  // namespace parley
