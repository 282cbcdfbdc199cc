#include "cases.hpp"
#include "event.hpp"
#include "process.hpp"

namespace parley::bench {

namespace {

class Broadcast : public Watcher {
 public:
  explicit Broadcast(const Options& options)
      : crowd_{target_of(options, "/broadcast"), *this}, said_{"/broadcast", "say", options.bytes} {
    // Not all at once, which is another case.
    constexpr std::size_t at_once = 50;
    for (std::size_t i = 0; i < options.connections; ++i) {
      crowd_.connect(crowd_.add());
      if (crowd_.size() % at_once == 0 || crowd_.size() == options.connections)
        crowd_.turn_until([&] { return joined_ == crowd_.size(); }, "clients to join");
    }
  }

  void run_for(std::chrono::nanoseconds time) {
    const auto end = Clock::now() + time;
    while (Clock::now() < end) {
      heard_ = 0;
      crowd_.send(crowd_.client(events_ % crowd_.size()), said_.frame(events_));
      crowd_.turn_until([&] { return heard_ == crowd_.size(); }, "everybody to hear it");
      ++events_;
    }
  }

  std::size_t deliveries() const { return events_ * crowd_.size(); }

  void opened(Client& client) override { crowd_.join(client); }
  void joined(Client&) override { ++joined_; }
  void received(Client&, std::string_view packet) override {
    if (said_.number_of(packet) != events_) fail("not what was said last");
    ++heard_;
  }

 private:
  Crowd crowd_;
  NumberedEvent said_;
  std::size_t joined_ = 0;
  std::size_t heard_ = 0;
  std::uint32_t events_ = 0;
};

}  // namespace

void run_broadcast(const Options& options) {
  const Process server{options.pid, options.allocations};
  Broadcast broadcast{options};
  broadcast.run_for(duration(options.warm_up));

  Window window{server};
  const auto before = broadcast.deliveries();
  broadcast.run_for(duration(options.seconds / 2));
  window.halfway(static_cast<double>(broadcast.deliveries() - before));
  broadcast.run_for(duration(options.seconds / 2));
  Report report{"broadcast"};
  window.add_to(report, static_cast<double>(broadcast.deliveries() - before));
  report.print();
}

}  // namespace parley::bench
