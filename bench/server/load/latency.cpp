#include "cases.hpp"
#include "event.hpp"
#include "pairs.hpp"
#include "process.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <deque>

namespace parley::bench {

namespace {

/// Signals go out when they are due, whether or not those before have come, and each one's time is
/// counted from when it was due: a server that falls behind cannot hide it by slowing us down.
class Latency : public Pairs {
 public:
  explicit Latency(const Options& options)
      : Pairs{target_of(options, "/rtc")},
        signal_{"/rtc", "signal", options.bytes},
        between_{static_cast<std::int64_t>(1e9 / options.rate)},
        flows_(options.connections / 2) {}

  void run_for(std::chrono::nanoseconds time) {
    due_ = Clock::now();
    const auto end = due_ + time;
    while (due_ < end) {
      const auto now = Clock::now();
      if (now < due_) {
        crowd().turn(due_ - now);
      } else {
        send_due(now);
        crowd().turn({});
      }
    }
  }

  void finish() {
    crowd().turn_until([&] { return times_.size() == sent_; }, "signals to arrive");
  }

  /// Forgets what it measured so far.
  void begin() {
    finish();
    sent_ = 0;
    times_.clear();
  }

  /// In nanoseconds, sorted.
  std::vector<double> times() const {
    auto sorted = times_;
    std::ranges::sort(sorted);
    return sorted;
  }

 protected:
  void signaled(Client& client, std::string_view packet) override {
    auto& flow = flows_[client.index / 2];
    if (flow.waiting.empty() || signal_.number_of(packet) != flow.received++)
      fail("not the next signal");
    times_.push_back(static_cast<double>((Clock::now() - flow.waiting.front()).count()));
    flow.waiting.pop_front();
  }

 private:
  struct Flow {
    std::uint32_t sent = 0;
    std::uint32_t received = 0;
    std::deque<Clock::time_point> waiting;  // when they were due
  };

  void send_due(Clock::time_point now) {
    for (; due_ <= now; due_ += between_, ++sent_, next_ = (next_ + 1) % flows_.size()) {
      auto& flow = flows_[next_];
      flow.waiting.push_back(due_);
      crowd().send(crowd().client(next_ * 2), signal_.frame(flow.sent++));
    }
  }

  NumberedEvent signal_;
  std::chrono::nanoseconds between_;
  std::vector<Flow> flows_;  // of each pair, from the one that arrived first to the other
  std::size_t next_ = 0;
  Clock::time_point due_;
  std::size_t sent_ = 0;
  std::vector<double> times_;
};

double part(const std::vector<double>& sorted, double share) {
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[at] / 1000;
}

}  // namespace

void run_latency(const Options& options) {
  prctl(PR_SET_TIMERSLACK, 1);  // the kernel would be up to 50 µs late to save power
  if (options.rate <= 0) fail("--rate must be more than 0");
  const Process server{options.pid, options.allocations};
  Latency latency{options};
  latency.gather(options.connections);
  latency.run_for(duration(options.warm_up));
  latency.begin();

  const Window window{server};
  latency.run_for(duration(options.seconds));
  latency.finish();
  const auto times = latency.times();
  Report report{"latency"};
  window.add_to(report, static_cast<double>(times.size()));
  report.add("p50_us", part(times, 0.5)).add("p99_us", part(times, 0.99)).print();
}

}  // namespace parley::bench
