#include "host.hpp"

#include <parley/base/check.hpp>

#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace parley::net {

namespace {

LogSink one_at_a_time(LogSink log) {
  // Who has the mutex is whoever has a copy of the sink.
  return [mutex = std::make_shared<std::mutex>(), log = std::move(log)](node::LogLevel level,
                                                                        std::string_view text) {
    const std::lock_guard lock{*mutex};
    log(level, text);
  };
}

}  // namespace

Server::House::House(Pages& its_pages, const Limits& its_limits, LogSink its_log,
                     std::size_t shards)
    : pages{its_pages},
      limits{its_limits},
      log{std::move(its_log)},
      headcount{shards, limits.connections_max} {}

Server::House::~House() = default;

Server::Server(node::Node& node, Pages& pages, Limits limits, LogSink log)
    : house_{std::make_unique<House>(pages, limits, std::move(log), 1)} {
  house_->hosts.push_back(std::make_unique<Host>(*house_, 0, node));
}

Server::Server(Nodes& nodes, Pages& pages, Limits limits, LogSink log)
    : house_{std::make_unique<House>(
          pages, limits, nodes.size() > 1 ? one_at_a_time(std::move(log)) : log, nodes.size())} {
  for (std::size_t shard = 0; shard < nodes.size(); ++shard)
    house_->hosts.push_back(std::make_unique<Host>(*house_, shard, nodes[shard]));
}

Server::~Server() = default;

Result<std::uint16_t, ListenError> Server::listen(const std::string& address, std::uint16_t port) {
  return house_->acceptor().listen(address, port);
}

Result<std::uint16_t, ListenError> Server::listen(const std::string& address, std::uint16_t port,
                                                  const TlsFiles& files) {
  return house_->acceptor().listen(address, port, files);
}

void Server::stop_on(std::initializer_list<int> signals) { house_->acceptor().stop_on(signals); }

void Server::run() {
  // All stop before they are joined, also if the first has failed.
  struct Threads {
    const std::vector<std::unique_ptr<Host>>& hosts;
    std::vector<std::jthread> threads = {};
    ~Threads() {
      for (const auto& host : hosts) host->stop();
    }
  };
  const auto& hosts = house_->hosts;
  std::vector<std::exception_ptr> thrown(hosts.size());
  // What a handler throws would end the program where it is the end of a thread.
  const auto run_other = [&](std::size_t shard) {
    try {
      hosts[shard]->run();
    } catch (...) {
      thrown[shard] = std::current_exception();
      stop();
    }
  };
  {
    Threads others{hosts};
    for (std::size_t shard = 1; shard < hosts.size(); ++shard)
      others.threads.emplace_back(run_other, shard);
    hosts.front()->run();
  }
  for (const auto& each : thrown) {
    if (each) std::rethrow_exception(each);
  }
}

void Server::post(std::size_t shard, std::move_only_function<void()> action) {
  PARLEY_CHECK(shard < house_->hosts.size());
  house_->hosts[shard]->post(std::move(action));
}

void Server::stop() { house_->acceptor().stop(); }

}  // namespace parley::net
