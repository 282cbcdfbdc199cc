// The queue of a core's outputs.

#include <parley/base/queue.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace parley {
namespace {

TEST(BaseQueue, GivesBackInOrder) {
  Queue<int> queue;
  queue.push(1);
  queue.push(2);
  EXPECT_EQ(queue.poll(), 1);
  queue.push(3);
  EXPECT_EQ(queue.poll(), 2);
  EXPECT_EQ(queue.poll(), 3);
  EXPECT_EQ(queue.poll(), std::nullopt);
}

TEST(BaseQueue, HoldsNothingOnceItIsEmpty) {
  auto value = std::make_shared<int>(1);
  Queue<std::shared_ptr<int>> queue;
  for (std::size_t i = 0; i < 2 * queue.kept_max; ++i) queue.push(value);
  while (queue.poll()) {
  }
  EXPECT_EQ(value.use_count(), 1);
}

}  // namespace
}  // namespace parley
