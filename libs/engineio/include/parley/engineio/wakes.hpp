#pragma once

#include <parley/base/time.hpp>
#include <parley/engineio/outputs.hpp>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace parley::engineio {

struct Wake {
  Time at;
  SessionId session;
  auto operator<=>(const Wake&) const = default;
};

/// Which session is to be looked at when: a heap of 16 bytes for each.
///
/// Nothing is taken out because it is no longer true: a session that wants to be woken later is
/// woken as it was said before, and says so again. Whoever knows what is stale clears it out.
class Wakes {
 public:
  void push(Wake wake) {
    heap_.push_back(wake);
    std::ranges::push_heap(heap_, std::greater{});
  }

  std::optional<Wake> soonest() const {
    return heap_.empty() ? std::nullopt : std::optional{heap_.front()};
  }

  void pop() {
    std::ranges::pop_heap(heap_, std::greater{});
    heap_.pop_back();
  }

  template <class IsStale>
  void clear_out(IsStale is_stale) {
    std::erase_if(heap_, is_stale);
    std::ranges::make_heap(heap_, std::greater{});
  }

  std::size_t size() const { return heap_.size(); }

 private:
  std::vector<Wake> heap_;  // the soonest in front
};

}  // namespace parley::engineio
