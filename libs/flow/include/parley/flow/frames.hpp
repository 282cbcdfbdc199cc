#pragma once

#include <cstddef>
#include <new>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define PARLEY_FLOW_KEEPS_FRAMES 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PARLEY_FLOW_KEEPS_FRAMES 0
#endif
#endif
#ifndef PARLEY_FLOW_KEEPS_FRAMES
#define PARLEY_FLOW_KEEPS_FRAMES 1
#endif

namespace parley::flow {

/// What a thread keeps of the memory of tasks that are gone, for those that come: per thread, in
/// bytes. What is more goes back to operator delete, and all of it at the end of the thread.
inline constexpr std::size_t kept_frames_bytes_max = 64 * 1024;

namespace detail {

// The memory of coroutines. Those of a flow come and go in the same few sizes, so each thread keeps
// a stack of free ones for each size. A frame may be freed on another thread than it came from.
// With AddressSanitizer nothing is kept, so that it sees who uses a task that is gone.
class Frames {
 public:
  static void* allocate(std::size_t size) {
    if (size > size_max) return ::operator new(size);
    Frames& mine = of_this_thread;
    Free*& stack = mine.stacks_[index_of(size)];
    if (!stack) return ::operator new(rounded(size));
    Free* top = stack;
    stack = top->next;
    mine.kept_ -= rounded(size);
    return top;
  }

  static void deallocate(void* frame, std::size_t size) noexcept {
    if (size > size_max || !of_this_thread.keep(frame, size)) ::operator delete(frame);
  }

 private:
  struct Free {
    Free* next;
  };

  // Gives back what its thread has kept, and lets it keep nothing more.
  struct Keeper {
#ifdef __STDCPP_THREADS__  // elsewhere the only thread ends with the program
    ~Keeper() { of_this_thread.end(); }
#endif
    void touch() {}
  };

  static constexpr std::size_t grain = 64;
  static constexpr std::size_t size_max = 2048;

  static constexpr std::size_t index_of(std::size_t size) { return (size - 1) / grain; }
  static constexpr std::size_t rounded(std::size_t size) { return (index_of(size) + 1) * grain; }

  bool keep(void* frame, std::size_t size) noexcept {
    if (kept_ + rounded(size) > limit_) return false;
    if (kept_ == 0) keeper.touch();
    kept_ += rounded(size);
    Free*& stack = stacks_[index_of(size)];
    stack = new (frame) Free{stack};
    return true;
  }

  void end() noexcept {
    limit_ = 0;
    for (Free*& stack : stacks_) {
      while (stack) ::operator delete(std::exchange(stack, stack->next));
    }
  }

  Free* stacks_[size_max / grain] = {};
  std::size_t kept_ = 0;
  std::size_t limit_ = PARLEY_FLOW_KEEPS_FRAMES ? kept_frames_bytes_max : 0;

  // Two, because one with a destructor would be looked at for its construction at every use.
  static thread_local Frames of_this_thread;
  static thread_local Keeper keeper;
};

inline constinit thread_local Frames Frames::of_this_thread;
inline thread_local Frames::Keeper Frames::keeper;

}  // namespace detail

}  // namespace parley::flow
