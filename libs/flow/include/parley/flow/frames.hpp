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

/// What a thread keeps of the memory of tasks that are gone, for those that come: in bytes, of each
/// size of task (they are rounded up to 64 bytes). What is more goes back to operator delete, and
/// all of it at the end of the thread.
inline constexpr std::size_t kept_frames_bytes_max = 32 * 1024;

namespace detail {

// The memory of coroutines. Those of a flow come and go in the same few sizes, so each thread keeps
// a stack of free ones for each size. A frame may be freed on another thread than it came from.
// With AddressSanitizer nothing is kept, so that it sees who uses a task that is gone.
class Frames {
 public:
  static void* allocate(std::size_t size) {
    if (size > size_max) return ::operator new(size);
    Free*& stack = of_this_thread.stacks_[index_of(size)];
    if (!stack) return ::operator new(rounded(size));
    Free* const top = stack;
    stack = top->below;
    return top;
  }

  static void deallocate(void* frame, std::size_t size) noexcept {
    if (size > size_max || !of_this_thread.keep(frame, size)) ::operator delete(frame);
  }

 private:
  struct Free {
    Free* below;
    std::size_t bytes;  // of this one and those below
  };

  // Gives back what its thread has kept, and lets it keep nothing more.
  struct Keeper {
#ifdef __STDCPP_THREADS__  // elsewhere the only thread ends with the program
    ~Keeper() { of_this_thread.end(); }
#endif
    void begin() {}
  };

  static constexpr std::size_t grain = 64;
  static constexpr std::size_t size_max = 2048;

  static constexpr std::size_t index_of(std::size_t size) { return (size - 1) / grain; }
  static constexpr std::size_t rounded(std::size_t size) { return (index_of(size) + 1) * grain; }

  bool keep(void* frame, std::size_t size) noexcept {
    Free*& stack = stacks_[index_of(size)];
    const std::size_t bytes = (stack ? stack->bytes : 0) + rounded(size);
    if (bytes > limit_ && !may_begin(bytes)) return false;
    stack = new (frame) Free{stack, bytes};
    return true;
  }

  // The first time, when there is nobody yet to give back what is kept.
  bool may_begin(std::size_t bytes) noexcept {
    if (limit_ > 0 || ended_ || !PARLEY_FLOW_KEEPS_FRAMES) return false;
    keeper.begin();
    limit_ = kept_frames_bytes_max;
    return bytes <= limit_;
  }

  void end() noexcept {
    limit_ = 0;
    ended_ = true;
    for (Free*& stack : stacks_) {
      while (stack) ::operator delete(std::exchange(stack, stack->below));
    }
  }

  Free* stacks_[size_max / grain] = {};
  std::size_t limit_ = 0;
  bool ended_ = false;

  // Two, because one with a destructor would be looked at for its construction at every use.
  static thread_local Frames of_this_thread;
  static thread_local Keeper keeper;
};

inline constinit thread_local Frames Frames::of_this_thread;
inline thread_local Frames::Keeper Frames::keeper;

}  // namespace detail

}  // namespace parley::flow
