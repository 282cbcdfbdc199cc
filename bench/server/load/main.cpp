// Loads a Socket.IO server, any that has the namespaces of these cases, and prints what that cost
// the server as a line of JSON. cases.hpp says what the cases are; bench/run runs them.

#include "cases.hpp"

#include <array>
#include <string_view>

namespace parley::bench {
namespace {

struct Case {
  std::string_view name;
  void (*run)(const Options&);
};
constexpr std::array cases{
    Case{"relay", run_relay},     Case{"latency", run_latency}, Case{"idle", run_idle},
    Case{"connect", run_connect}, Case{"storm", run_storm},     Case{"broadcast", run_broadcast},
    Case{"churn", run_churn},
};

void run(const Options& options) {
  for (const auto& [name, run_case] : cases) {
    if (name == options.name) return run_case(options);
  }
  fail("no such case: " + options.name);
}

}  // namespace
}  // namespace parley::bench

int main(int argc, char** argv) {
  parley::bench::raise_descriptor_limit();
  parley::bench::run(parley::bench::read_options(argc, argv));
}
