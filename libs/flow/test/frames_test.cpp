// The memory of tasks: a thread keeps some of it for the tasks that come next.

#include <parley/flow/frames.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace parley::flow {
namespace {

using detail::Frames;

std::vector<void*> take(std::size_t count, std::size_t size) {
  std::vector<void*> frames;
  for (std::size_t index = 0; index < count; ++index) frames.push_back(Frames::allocate(size));
  return frames;
}

void give_back(const std::vector<void*>& frames, std::size_t size) {
  for (void* frame : frames) Frames::deallocate(frame, size);
}

#if PARLEY_FLOW_KEEPS_FRAMES

TEST(FramesTest, AreUsedAgainForTheSameSize) {
  void* first = Frames::allocate(200);
  Frames::deallocate(first, 200);
  void* other_size = Frames::allocate(500);
  void* second = Frames::allocate(199);
  EXPECT_NE(other_size, first);
  EXPECT_EQ(second, first);
  Frames::deallocate(second, 199);
  Frames::deallocate(other_size, 500);
}

#ifdef __STDCPP_THREADS__  // not in WebAssembly
TEST(FramesTest, AreKeptUpToTheLimit) {
  std::thread{[] {  // a new thread has kept nothing yet
    const auto first = take(kept_frames_max + 3, 1024);
    give_back(first, 1024);
    const auto again = take(kept_frames_max, 1024);
    for (void* frame : again) {
      const auto place = std::find(first.begin(), first.end(), frame);
      EXPECT_LT(place - first.begin(), static_cast<std::ptrdiff_t>(kept_frames_max));
    }
    give_back(again, 1024);
  }}
      .join();
}
#endif

#endif

#ifdef __STDCPP_THREADS__
TEST(FramesTest, MayBeFreedOnAnotherThread) {
  auto frames = take(10, 300);
  std::thread{[&] { give_back(frames, 300); }}.join();
}
#endif

TEST(FramesTest, OfAnySizeCanBeHad) {
  for (const std::size_t size : {1u, 64u, 65u, 1024u, 1025u, 100'000u}) {
    auto frames = take(2, size);
    EXPECT_NE(frames[0], frames[1]);
    give_back(frames, size);
  }
}

}  // namespace
}  // namespace parley::flow
