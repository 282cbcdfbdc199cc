#include "cases.hpp"
#include "event.hpp"
#include "pairs.hpp"
#include "process.hpp"
#include "report.hpp"

namespace parley::bench {

namespace {

class Idle : public Pairs {
 public:
  explicit Idle(const Options& options)
      : Pairs{target_of(options, "/rtc")}, signal_{"/rtc", "signal", options.bytes} {}

  /// From each client to its partner, one after the other.
  void relay_one_each() {
    for (std::size_t i = 0; i < crowd().size(); ++i) {
      crowd().send(crowd().client(i), signal_.frame(static_cast<std::uint32_t>(i)));
      crowd().turn_until([&] { return relayed_ > i; }, "a signal to arrive");
    }
  }

  void rest(std::chrono::nanoseconds time) {
    const auto end = Clock::now() + time;
    while (Clock::now() < end) crowd().turn(std::chrono::milliseconds{20});
  }

 protected:
  void signaled(Client& client, std::string_view packet) override {
    if (signal_.number_of(packet) != partner(client).index) fail("not the partner's signal");
    ++relayed_;
  }

 private:
  NumberedEvent signal_;
  std::size_t relayed_ = 0;
};

}  // namespace

void run_idle(const Options& options) {
  const Process server{options.pid, options.allocations};
  const auto settle = duration(options.settle);
  Idle idle{options};
  // The first few make the server load and reserve what it has once for all.
  constexpr std::size_t first = 20;
  idle.gather(first);
  idle.relay_one_each();
  idle.rest(settle);
  const auto before = server.memory();

  idle.gather(first + options.connections);
  idle.rest(settle);
  const auto joined = server.memory();
  idle.rest(duration(options.seconds));
  idle.relay_one_each();
  idle.rest(settle);
  const auto relayed = server.memory();

  const auto each = [&](std::size_t now, std::size_t then) {
    return (static_cast<double>(now) - static_cast<double>(then)) /
           static_cast<double>(options.connections);
  };
  const std::chrono::duration<double, std::milli> lateness = idle.crowd().ping_lateness();
  Report{"idle"}
      .add("connections", static_cast<double>(options.connections))
      .add("idle_bytes", each(joined.own, before.own))
      .add("relayed_bytes", each(relayed.own, before.own))
      .add("idle_pss_bytes", each(joined.proportional, before.proportional))
      .add("relayed_pss_bytes", each(relayed.proportional, before.proportional))
      .add("idle_rss_bytes", each(joined.resident, before.resident))
      .add("relayed_rss_bytes", each(relayed.resident, before.resident))
      .add("pings", static_cast<double>(idle.crowd().pings()))
      .add("ping_late_ms", lateness.count())
      .print();
}

}  // namespace parley::bench
