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

/// How many of the tasks that are gone leave their memory to their thread, for those that come: of
/// each size, which are rounded up to 64 bytes and go up to 1 KiB. What is more goes back to
/// operator delete, and all of it at the end of the thread.
inline constexpr std::size_t kept_frames_max = 128;

namespace detail {

// The memory of coroutines. Those of a flow come and go in the same few sizes, so each thread keeps
// some free ones of each size. A frame may be freed on another thread than it came from. With
// AddressSanitizer nothing is kept, so that it sees who uses a task that is gone.
class Frames {
 public:
  static void* allocate(std::size_t size) {
    if (size > size_max) return ::operator new(size);
    Kept& kept = of_this_thread.kept_[index_of(size)];
    return kept.count > 0 ? kept.frames[--kept.count] : ::operator new(rounded(size));
  }

  static void deallocate(void* frame, std::size_t size) noexcept {
    if (size > size_max || !of_this_thread.keep(frame, size)) ::operator delete(frame);
  }

 private:
  struct Kept {
    std::size_t count;
    void* frames[kept_frames_max];
  };

  // Gives back what its thread has kept, and lets it keep nothing more.
  struct Keeper {
#ifdef __STDCPP_THREADS__  // elsewhere the only thread ends with the program
    ~Keeper() { of_this_thread.end(); }
#endif
    void begin() {}
  };

  static constexpr std::size_t grain = 64;
  static constexpr std::size_t size_max = 1024;

  static constexpr std::size_t index_of(std::size_t size) { return (size - 1) / grain; }
  static constexpr std::size_t rounded(std::size_t size) { return (index_of(size) + 1) * grain; }

  bool keep(void* frame, std::size_t size) noexcept {
    Kept& kept = kept_[index_of(size)];
    if (kept.count >= limit_ && !may_begin(kept)) return false;
    kept.frames[kept.count++] = frame;
    return true;
  }

  // The first time, when there is nobody yet to give back what is kept.
  [[gnu::cold]] bool may_begin(const Kept& kept) noexcept {
    if (ended_ || !PARLEY_FLOW_KEEPS_FRAMES) return false;
    keeper.begin();
    limit_ = kept_frames_max;
    return kept.count < limit_;
  }

  void end() noexcept {
    limit_ = 0;
    ended_ = true;
    for (Kept& kept : kept_) {
      while (kept.count > 0) ::operator delete(kept.frames[--kept.count]);
    }
  }

  std::size_t limit_ = 0;
  bool ended_ = false;
  Kept kept_[size_max / grain] = {};

  // Two, because one with a destructor would be looked at for its construction at every use.
  static thread_local Frames of_this_thread;
  static thread_local Keeper keeper;
};

inline constinit thread_local Frames Frames::of_this_thread;
inline thread_local Frames::Keeper Frames::keeper;

}  // namespace detail

}  // namespace parley::flow
