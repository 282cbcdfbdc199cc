// The memory of a turn and the messages in it, against their own promises.

#include <parley/base/arena.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

TEST(BaseArena, HandsOutPiecesThatStayWhereTheyAre) {
  Arena arena;
  const auto first = arena.copy("first");
  for (int i = 0; i < 100; ++i) arena.copy(std::string(Arena::block_bytes / 3, 'x'));
  EXPECT_EQ(first, "first");
}

TEST(BaseArena, HandsOutWhatIsLargerThanABlock) {
  Arena arena;
  const std::string large(3 * Arena::block_bytes, 'x');
  EXPECT_EQ(arena.copy(large), large);
}

TEST(BaseArena, UsesTheSameMemoryTurnAfterTurn) {
  Arena arena;
  const auto* first = arena.allocate(10).data();
  arena.copy(std::string(3 * Arena::block_bytes, 'x'));
  arena.reset();
  EXPECT_EQ(arena.allocate(10).data(), first);
}

TEST(BaseArena, KeepsOneBlockOfTheUsualSizeEvenIfTheFirstPieceWasLarge) {
  Arena arena;
  arena.copy(std::string(3 * Arena::block_bytes, 'x'));
  arena.reset();
  const auto* first = arena.allocate(Arena::block_bytes).data();
  arena.reset();
  EXPECT_EQ(arena.allocate(1).data(), first);
}

TEST(BasePayload, TakesPrefixesWithoutMoving) {
  Arena arena;
  const Payload message{arena, "hello"};
  const auto packet = message.preceded_by("4");
  const auto frame = packet.preceded_by("\x81\x06");
  EXPECT_EQ(frame.view(),
            "\x81\x06"
            "4hello");
  EXPECT_EQ(frame.view().data() + 3, message.view().data());
  EXPECT_EQ(message.view(), "hello");
}

TEST(BasePayloadDeathTest, HasRoomForSixteenBytesInFront) {
  Arena arena;
  const Payload message{arena, "hello"};
  EXPECT_EQ(message.preceded_by("0123456789abcdef").view(), "0123456789abcdefhello");
  EXPECT_DEATH(static_cast<void>(message.preceded_by("0123456789abcdefg")), "headroom");
}

}  // namespace
}  // namespace parley
