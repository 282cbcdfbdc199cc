#pragma once

#include <parley/base/time.hpp>
#include <parley/flow/scheduler.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace parley::bench {

/// What raw callbacks and flow both run on.
using Scheduler = flow::ManualScheduler<HostClock>;

inline constexpr Duration limit_of_step = std::chrono::seconds{30};

/// As many inboxes of one kind, and what they run on.
template <class Inbox, std::size_t count>
struct Inboxes {
  Scheduler scheduler;
  std::array<Inbox, count> each = make(std::make_index_sequence<count>{});

  template <std::size_t... index>
  std::array<Inbox, count> make(std::index_sequence<index...>) {
    return {((void)index, Inbox{scheduler})...};
  }
};

}  // namespace parley::bench
