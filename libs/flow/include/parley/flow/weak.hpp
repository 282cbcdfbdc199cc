#pragma once

#include <parley/flow/waiter.hpp>

namespace parley::flow::detail {

class Watched;

// The part of a WeakPointer that does not depend on the type of what it points to.
class WeakLink : public Link {
 protected:
  WeakLink() = default;
  ~WeakLink() = default;

  void point_to(Watched* watched);
  Watched* watched() const { return watched_; }

 private:
  Watched* watched_ = nullptr;

  friend Watched;
};

// What a WeakPointer may point to. All that do stand in a ring with it, so that each side knows
// when the other has died: nothing is counted and nothing is allocated.
class Watched {
 public:
  Watched() = default;
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  bool is_watched() const { return !ring_.alone(); }

 protected:
  ~Watched() {
    while (is_watched()) static_cast<WeakLink&>(ring_.next()).point_to(nullptr);
  }

 private:
  class Ring final : public Link {};

  Ring ring_;

  friend WeakLink;
};

inline void WeakLink::point_to(Watched* watched) {
  leave();
  watched_ = watched;
  if (watched) join_before(watched->ring_);
}

// Empty once that to which it points has died.
template <class T>
class WeakPointer final : private WeakLink {
 public:
  WeakPointer() = default;
  explicit WeakPointer(T& to) { point_to(&to); }
  WeakPointer(const WeakPointer& other) : WeakLink{} { point_to(other.watched()); }
  WeakPointer& operator=(const WeakPointer& other) {
    point_to(other.watched());
    return *this;
  }
  ~WeakPointer() = default;

  T* get() const { return static_cast<T*>(watched()); }
  void reset() { point_to(nullptr); }
};

}  // namespace parley::flow::detail
