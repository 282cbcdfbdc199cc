#pragma once

// What the tests of flow share: a clock of types only, steps whose end the test decides, and a
// diary of what ran.

#include <parley/flow/flow.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace parley::flow {

struct TestClock {
  using duration = std::chrono::milliseconds;
  using time_point = std::chrono::time_point<TestClock, duration>;
};

using TestScheduler = ManualScheduler<TestClock>;
using Diary = std::vector<std::string>;

/// A step that waits for the test to say how it ends.
template <class T = void>
class Step {
 public:
  Step(TestScheduler& scheduler, Diary& diary, std::string name)
      : outcome_{scheduler}, scheduler_{scheduler}, diary_{diary}, name_{std::move(name)} {}

  task<T> run() {
    diary_.push_back(name_ + " starts");
    const Leaving leaving{*this};
    Result<T> outcome = co_await outcome_.next();
    co_return co_await require(std::move(outcome));
  }

  /// Its turn comes when the scheduler runs.
  void will_end_with(Result<T> outcome) { outcome_.put(std::move(outcome)); }
  void ends_with(Result<T> outcome) {
    will_end_with(std::move(outcome));
    scheduler_.run();
  }
  void succeeds() { ends_with(Result<T>{}); }
  void fails() { ends_with(std::unexpected{Error{std::make_error_code(std::errc::io_error)}}); }

 private:
  // Writes down when the locals of the step are destroyed.
  struct Leaving {
    Step& step;
    ~Leaving() { step.diary_.push_back(step.name_ + " is gone"); }
  };

  Mailbox<Result<T>, TestScheduler> outcome_;
  TestScheduler& scheduler_;
  Diary& diary_;
  std::string name_;
};

inline Error in_segment(std::size_t segment, Error error) {
  error.segment = segment;
  return error;
}

inline const std::error_code io_error = std::make_error_code(std::errc::io_error);

}  // namespace parley::flow
