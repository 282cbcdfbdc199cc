#include "cases.hpp"
#include "event.hpp"
#include "pairs.hpp"
#include "process.hpp"

namespace parley::bench {

namespace {

/// Rounds in which all clients at once connect, join, send their partner a signal and get one, and
/// then leave.
///
/// Whom the server made the partner of whom the signals tell. Partners leave one right after the
/// other, so that the one who stays is not paired again with somebody who is about to leave too.
class Cycles : public Watcher {
 public:
  explicit Cycles(const Options& options)
      : crowd_{target_of(options, "/rtc"), *this},
        signal_{"/rtc", "signal", options.bytes},
        partners_(options.connections) {
    for (std::size_t i = 0; i < options.connections; ++i) crowd_.add();
  }

  void run_for(std::chrono::nanoseconds time) {
    const auto end = Clock::now() + time;
    while (Clock::now() < end) run_once();
  }

  /// Clients that went all the way.
  std::size_t done() const { return done_; }

  void opened(Client& client) override { crowd_.join(client); }
  void joined(Client&) override {}
  void received(Client& client, std::string_view packet) override {
    if (packet.starts_with(R"(2/rtc,["identify",)"))
      return crowd_.send(client, signal_.frame(static_cast<std::uint32_t>(client.index)));
    partners_[client.index] = signal_.number_of(packet);
    ++relayed_;
  }
  void left(Client&) override { ++done_; }

 private:
  void run_once() {
    relayed_ = 0;
    for (std::size_t i = 0; i < crowd_.size(); ++i) crowd_.connect(crowd_.client(i));
    crowd_.turn_until([&] { return relayed_ == crowd_.size(); }, "signals to arrive");

    const auto end = done_ + crowd_.size();
    for (std::size_t i = 0; i < crowd_.size(); ++i) {
      auto& partner = crowd_.client(partners_.at(i));
      if (partners_.at(partner.index) != i) fail("a signal that came from somebody else");
      if (i > partner.index) continue;
      crowd_.leave(crowd_.client(i));
      crowd_.leave(partner);
    }
    crowd_.turn_until([&] { return done_ == end; }, "clients to leave");
  }

  Crowd crowd_;
  NumberedEvent signal_;
  std::vector<std::size_t> partners_;
  std::size_t relayed_ = 0;
  std::size_t done_ = 0;
};

}  // namespace

void run_connect(const Options& options) {
  const Process server{options.pid, options.allocations};
  Cycles cycles{options};
  cycles.run_for(duration(options.warm_up));

  const Window window{server};
  const auto before = cycles.done();
  cycles.run_for(duration(options.seconds));
  Report report{"connect"};
  window.add_to(report, static_cast<double>(cycles.done() - before));
  report.add("own_bytes", static_cast<double>(server.memory().own)).print();
}

}  // namespace parley::bench
