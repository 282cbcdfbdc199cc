#include "cases.hpp"
#include "event.hpp"
#include "pairs.hpp"
#include "process.hpp"

namespace parley::bench {

namespace {

class Relay : public Pairs {
 public:
  explicit Relay(const Options& options)
      : Pairs{target_of(options, "/rtc"), options.apart},
        signal_{"/rtc", "signal", options.bytes},
        sent_(options.connections),
        received_(options.connections) {}

  void start(std::size_t in_flight) {
    for (std::size_t i = 0; i < crowd().size(); ++i) {
      auto& client = crowd().client(i);
      for (std::size_t n = 0; n < in_flight && is_caller(client); ++n) send(client);
    }
  }

  void run_for(std::chrono::nanoseconds time) {
    const auto end = Clock::now() + time;
    while (Clock::now() < end) crowd().turn(std::chrono::milliseconds{10});
  }

  /// Answers no more, and waits until all that was sent has come.
  void stop() {
    is_stopping_ = true;
    crowd().turn_until([&] { return relayed_ == all_sent_; }, "signals to arrive");
  }

  std::size_t relayed() const { return relayed_; }

  /// The share of clients whose partner is on the same thread of the server, if that is ours.
  double on_same_thread() {
    std::size_t same = 0;
    for (std::size_t i = 0; i < crowd().size(); ++i)
      same += crowd().client(i).shard == partner(crowd().client(i)).shard;
    return static_cast<double>(same) / static_cast<double>(crowd().size());
  }

 protected:
  void signaled(Client& client, std::string_view packet) override {
    if (signal_.number_of(packet) != received_[client.index]++) fail("not the next signal");
    ++relayed_;
    if (!is_stopping_) send(client);
  }

 private:
  void send(Client& client) {
    crowd().send(client, signal_.frame(sent_[partner(client).index]++));
    ++all_sent_;
  }

  NumberedEvent signal_;
  std::vector<std::uint32_t> sent_;      // to each client
  std::vector<std::uint32_t> received_;  // by each client
  std::size_t all_sent_ = 0;
  std::size_t relayed_ = 0;
  bool is_stopping_ = false;
};

}  // namespace

void run_relay(const Options& options) {
  const Process server{options.pid, options.allocations};
  Relay relay{options};
  relay.gather(options.connections);
  relay.start(options.in_flight);
  relay.run_for(duration(options.warm_up));

  Window window{server};
  const auto before = relay.relayed();
  relay.run_for(duration(options.seconds / 2));
  window.halfway(static_cast<double>(relay.relayed() - before));
  relay.run_for(duration(options.seconds / 2));
  Report report{"relay"};
  window.add_to(report, static_cast<double>(relay.relayed() - before));
  relay.stop();
  report.add("same_thread", relay.on_same_thread()).print();
}

}  // namespace parley::bench
