// Values by ids that others give out, against its own promises and std::map.

#include <parley/base/id_map.hpp>

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>

namespace parley {
namespace {

enum class Id : std::uint64_t {};

TEST(BaseIdMap, FindsWhatWasPutIn) {
  IdMap<Id, int> map;
  EXPECT_EQ(map.find(Id{1}), nullptr);
  EXPECT_TRUE(map.insert(Id{1}, 10));
  EXPECT_TRUE(map.insert(Id{~0ULL}, 20));
  EXPECT_EQ(*map.find(Id{1}), 10);
  EXPECT_EQ(*map.find(Id{~0ULL}), 20);
  EXPECT_EQ(map.find(Id{0}), nullptr);
  EXPECT_EQ(map.size(), 2u);
}

TEST(BaseIdMap, KeepsTheFirstValueOfAnId) {
  IdMap<Id, int> map;
  map.insert(Id{1}, 10);
  EXPECT_FALSE(map.insert(Id{1}, 20));
  EXPECT_EQ(*map.find(Id{1}), 10);
  EXPECT_EQ(map.size(), 1u);
}

TEST(BaseIdMap, HoldsWhatOnlyMoves) {
  IdMap<Id, std::unique_ptr<int>> map;
  for (std::uint64_t id = 0; id < 100; ++id)
    map.insert(Id{id}, std::make_unique<int>(static_cast<int>(id)));
  const auto* kept = map.find(Id{42})->get();
  for (std::uint64_t id = 0; id < 100; ++id)
    if (id != 42) map.erase(Id{id});
  EXPECT_EQ(map.find(Id{42})->get(), kept);
  EXPECT_EQ(*kept, 42);
}

// Few different ids, so that they meet in one place and step aside often; some as tables number
// their entries: a place, and above it how often that was used.
TEST(BaseIdMap, IsAMapWhateverComesAndGoes) {
  std::mt19937 chance{1};  // NOLINT(cert-msc51-cpp): the same each time
  for (const std::uint64_t stride : {std::uint64_t{1}, std::uint64_t{1} << 32, std::uint64_t{16}}) {
    IdMap<Id, unsigned> map;
    std::map<Id, unsigned> model;
    for (unsigned step = 0; step < 20'000; ++step) {
      const bool is_growing = step / 1000 % 2 == 0;
      const Id id{chance() % 300 * stride};
      if (chance() % 3 == (is_growing ? 0U : 1U) || (is_growing && chance() % 2 == 0)) {
        EXPECT_EQ(map.insert(id, step), model.emplace(id, step).second);
      } else {
        map.erase(id);
        model.erase(id);
      }
      ASSERT_EQ(map.size(), model.size());
      if (step % 100 != 0) continue;
      for (std::uint64_t number = 0; number < 300; ++number) {
        const auto* found = map.find(Id{number * stride});
        const auto expected = model.find(Id{number * stride});
        ASSERT_EQ(found != nullptr, expected != model.end());
        if (found) {
          ASSERT_EQ(*found, expected->second);
        }
      }
    }
  }
}

}  // namespace
}  // namespace parley
