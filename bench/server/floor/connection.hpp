#pragma once

#include "../common/system.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace parley::bench {

using Clock = std::chrono::steady_clock;

/// What few connections need at any moment: the others do not pay for it.
struct Rest {
  std::string input;    // the part of a request or frame that has come
  std::string message;  // the fragments that have come, behind room for a frame's header
  std::string output;   // what the kernel did not take

  bool is_empty() const { return input.empty() && message.empty() && output.empty(); }
};

/// One client of the floor.
struct Connection {
  enum class Stage : std::uint8_t { upgrading, resting, awaiting_pong, gone };

  explicit Connection(Descriptor s) : socket{std::move(s)} {}

  Rest& rest() { return rest_of ? *rest_of : *(rest_of = std::make_unique<Rest>()); }

  Descriptor socket;
  Stage stage = Stage::upgrading;
  bool is_in_rtc = false;
  std::uint32_t listener = 0;  // place among those of /broadcast, counted from 1; 0 is none
  Connection* partner = nullptr;
  std::unique_ptr<Rest> rest_of;

  // Among those of the same stage, by deadline.
  Connection* before = nullptr;
  Connection* after = nullptr;
  Clock::time_point deadline;
};

/// Connections that wait equally long, so that whoever came first is the first whose time is up.
/// Owns none of them.
class Waiting {
 public:
  explicit Waiting(Clock::duration time) : time_{time} {}

  void add(Connection& connection, Clock::time_point now);
  void remove(Connection& connection);

  /// The first, if its time is up.
  Connection* due(Clock::time_point now) const;
  Clock::time_point next() const { return first_ ? first_->deadline : Clock::time_point::max(); }

 private:
  Clock::duration time_;
  Connection* first_ = nullptr;
  Connection* last_ = nullptr;
};

}  // namespace parley::bench
