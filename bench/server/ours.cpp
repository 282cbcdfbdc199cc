// Our server, as bench_load needs it: `libs/net` and `libs/node` as the program parley has them,
// with its /rtc, and a /broadcast whose clients all hear what one of them says.
//
// usage: bench_ours [--threads=N] [--allocations=FILE] [--certificate=FILE --key=FILE]
//
// Prints its port, counts its allocations in a file, and speaks TLS if it has a certificate.

#include "allocations.hpp"
#include "common/system.hpp"

#include <parley/hall/rtc.hpp>
#include <parley/net/nodes.hpp>
#include <parley/net/server.hpp>
#include <parley/socketio/server.hpp>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <deque>
#include <iostream>
#include <string>
#include <string_view>

namespace parley::bench {
namespace {

class NoPages : public net::Pages {
 public:
  HttpResponse get(const HttpRequest&) override {
    return {.status = 404, .fields = {}, .body = {}};
  }
};

struct Options {
  std::size_t threads = 1;
  net::TlsFiles tls;
};

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view text{argv[i]};
    const auto name = text.substr(0, text.find('='));
    const std::string value{text.substr(std::min(text.size(), name.size() + 1))};
    if (name == "--threads") {
      options.threads = std::stoul(value);
    } else if (name == "--allocations") {
      count_allocations_in(value.c_str());
    } else if (name == "--certificate") {
      options.tls.certificate = value;
    } else if (name == "--key") {
      options.tls.key = value;
    } else {
      fail("no such option: " + std::string{name});
    }
  }
  return options;
}

int run(const Options& options) {
  raise_descriptor_limit();
  net::Nodes nodes{{}, options.threads};
  std::deque<hall::Rtc> rtcs;
  for (std::size_t shard = 0; shard < nodes.size(); ++shard) {
    auto& socketio = nodes[shard].socketio();
    rtcs.emplace_back(
        socketio, [](std::string_view) {},
        shard == 0 ? hall::Pairing::here : hall::Pairing::elsewhere);
    auto& broadcast = socketio.of("/broadcast");
    broadcast.on("say", [&](const socketio::Event& event) { broadcast.relay(event.arguments()); });
  }
  NoPages pages;
  net::Server server{nodes, pages, {}, [](auto, std::string_view) {}};
  const auto port = options.tls.key.empty() ? server.listen("127.0.0.1", 0)
                                            : server.listen("127.0.0.1", 0, options.tls);
  if (!port) fail("cannot listen");
  server.stop_on({SIGTERM});
  std::cout << *port << '\n' << std::flush;
  server.run();
  return 0;
}

}  // namespace
}  // namespace parley::bench

int main(int argc, char** argv) {
  return parley::bench::run(parley::bench::read_options(argc, argv));
}
