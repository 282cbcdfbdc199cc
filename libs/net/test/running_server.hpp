#pragma once

#include <parley/net/server.hpp>
#include <parley/net/system_entropy.hpp>
#include <parley/node/node.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <thread>

namespace parley::net {

/// Shows what it was asked for: "GET /path and the body". `/large` has 8 MB.
class EchoPages : public Pages {
 public:
  static constexpr std::size_t large = 8 * 1024 * 1024;

  HttpResponse get(const HttpRequest& request) override {
    if (request.path() == "/large")
      return {.status = 200, .fields = {}, .body = std::string(large, 'x')};
    return {.status = 200,
            .fields = {{"X-Page", "yes"}},
            .body = request.method + ' ' + request.target + request.body};
  }
};

/// A server on a thread of its own, stopped in order at the end.
class RunningServer {
 public:
  explicit RunningServer(Limits limits = {}, const node::Options& options = {})
      : node_{options, entropy_}, server_{node_, pages_, limits, [](auto, auto) {}} {
    const auto port = server_.listen("127.0.0.1", 0);
    EXPECT_TRUE(port);
    port_ = port.value_or(std::uint16_t{0});
    thread_ = std::thread{[this] { server_.run(); }};
  }
  ~RunningServer() { stop(); }

  std::uint16_t port() const { return port_; }

  /// Returns once run() has returned.
  void stop() {
    if (!thread_.joinable()) return;
    server_.stop();
    thread_.join();
  }

 private:
  SystemEntropy entropy_;
  node::Node node_;
  EchoPages pages_;
  Server server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace parley::net
