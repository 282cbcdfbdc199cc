#include "cases.hpp"
#include "cycles.hpp"
#include "process.hpp"

namespace parley::bench {

void run_connect(const Options& options) {
  const Process server{options.pid, options.allocations};
  Cycles cycles{options, target_of(options, "/rtc"), Cycles::Parting::all_leave};
  cycles.run_for(duration(options.warm_up));

  Window window{server};
  const auto before = cycles.done();
  cycles.run_for(duration(options.seconds / 2));
  window.halfway(static_cast<double>(cycles.done() - before));
  cycles.run_for(duration(options.seconds / 2));
  Report report{"connect"};
  window.add_to(report, static_cast<double>(cycles.done() - before));
  report.add("own_bytes", static_cast<double>(server.memory().own)).print();
}

}  // namespace parley::bench
