#include "cases.hpp"
#include "cycles.hpp"
#include "process.hpp"

#include <array>

namespace parley::bench {

namespace {

// A port stays taken for a minute after its connection has ended in order, and an address has
// 28,000: so many addresses are good for 15,000 connections a second.
constexpr unsigned sources = 32;
// When we look at what the server has, in percent of all.
constexpr std::array<std::size_t, 11> looks{1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100};

/// A quarter begins by polling, as browsers do; of these, some reset and some leave.
void let_some_poll(Crowd& crowd) {
  for (std::size_t i = 0; i < crowd.size(); ++i)
    crowd.client(i).begins_polling = i % 8 == 0 || i % 8 == 3;
}

}  // namespace

void run_churn(const Options& options) {
  const Process server{options.pid, options.allocations};
  const auto descriptors = server.descriptors();
  auto target = target_of(options, "/rtc");
  target.sources = sources;
  Cycles cycles{options, std::move(target), Cycles::Parting::half_reset};
  let_some_poll(cycles.crowd());

  const Window window{server};
  for (const std::size_t percent : looks) {
    while (cycles.done() < options.cycles * percent / 100) cycles.run_once();
    cycles.crowd().turn_until([&] { return server.descriptors() <= descriptors; },
                              "the server to close what it has open");
    Report report{"churn"};
    report.add("percent", static_cast<double>(percent));
    window.add_to(report, static_cast<double>(cycles.done()));
    report.add("own_bytes", static_cast<double>(server.memory().own))
        .add("descriptors", static_cast<double>(server.descriptors()))
        .add("threads", static_cast<double>(server.threads()))
        .print();
  }
}

}  // namespace parley::bench
