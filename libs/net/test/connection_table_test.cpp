// The table of connections: ids that say where an entry stands and are never used again.

#include "connection_table.hpp"

#include <gtest/gtest.h>

namespace parley::net {
namespace {

TEST(ConnectionTable, FindsWhatWasAdded) {
  ConnectionTable table;
  auto& one = table.add(Transport{Descriptor{}});
  auto& two = table.add(Transport{Descriptor{}});
  EXPECT_EQ(table.find(one.id), &one);
  EXPECT_EQ(table.find(two.id), &two);
  EXPECT_EQ(table.size(), 2U);
}

TEST(ConnectionTable, KnowsNothingOfAnIdThatItDidNotGive) {
  ConnectionTable table;
  EXPECT_EQ(table.find(ConnectionId{0}), nullptr);
  EXPECT_EQ(table.find(ConnectionId{12'345'678'901'234'567U}), nullptr);
}

TEST(ConnectionTable, DoesNotTakeTheNextAtAPlaceForTheLast) {
  ConnectionTable table;
  const auto last = table.add(Transport{Descriptor{}}).id;
  table.erase(last);
  EXPECT_EQ(table.size(), 0U);
  auto& next = table.add(Transport{Descriptor{}});
  EXPECT_EQ(table.find(last), nullptr);
  EXPECT_EQ(table.find(next.id), &next);
}

TEST(ConnectionTable, DoesNotFindOneThatIsGone) {
  ConnectionTable table;
  auto& connection = table.add(Transport{Descriptor{}});
  connection.gone = true;
  EXPECT_EQ(table.find(connection.id), nullptr);
  EXPECT_EQ(table.size(), 1U);
}

TEST(ConnectionTable, GivesNumbersThatTellTheirOwner) {
  ConnectionTable table;
  auto& one = table.add(Transport{Descriptor{}});
  auto& two = table.add(Transport{Descriptor{}});
  const auto first = table.next_number(one);
  const auto second = table.next_number(one);
  EXPECT_NE(first, second);
  EXPECT_EQ(table.owner(first), &one);
  EXPECT_EQ(table.owner(second), &one);
  EXPECT_EQ(table.owner(table.next_number(two)), &two);
}

}  // namespace
}  // namespace parley::net
