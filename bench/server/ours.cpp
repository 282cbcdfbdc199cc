// Our server, as bench_load needs it: `libs/net` and `libs/node` as the program parley has them,
// with its /rtc, and a /broadcast whose clients all hear what one of them says.
//
// usage: bench_ours [FILE]; prints its port, and counts its allocations in FILE.

#include "allocations.hpp"
#include "common/system.hpp"

#include <parley/hall/rtc.hpp>
#include <parley/net/server.hpp>
#include <parley/net/system_entropy.hpp>
#include <parley/node/node.hpp>
#include <parley/socketio/server.hpp>

#include <csignal>
#include <iostream>
#include <string_view>

namespace parley::bench {
namespace {

class NoPages : public net::Pages {
 public:
  HttpResponse get(const HttpRequest&) override {
    return {.status = 404, .fields = {}, .body = {}};
  }
};

int run() {
  raise_descriptor_limit();
  net::SystemEntropy entropy;
  node::Node node{{}, entropy};
  hall::Rtc rtc{node.socketio(), [](std::string_view) {}};
  auto& broadcast = node.socketio().of("/broadcast");
  broadcast.on("say", [&](const socketio::Event& event) { broadcast.relay(event.arguments()); });
  NoPages pages;
  net::Server server{node, pages, {}, [](auto, std::string_view) {}};
  const auto port = server.listen("127.0.0.1", 0);
  if (!port) fail("cannot listen");
  server.stop_on({SIGTERM});
  std::cout << *port << '\n' << std::flush;
  server.run();
  return 0;
}

}  // namespace
}  // namespace parley::bench

int main(int argc, char** argv) {
  if (argc > 1) parley::bench::count_allocations_in(argv[1]);
  return parley::bench::run();
}
