#pragma once

#include <parley/hall/rtc.hpp>
#include <parley/net/nodes.hpp>
#include <parley/net/server.hpp>
#include <parley/node/node.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

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

/// What the server has logged, from any thread.
class SeenLog {
 public:
  LogSink sink() {
    return [this](node::LogLevel, std::string_view text) {
      const std::lock_guard lock{mutex_};
      texts_.emplace_back(text);
      more_.notify_all();
    };
  }

  /// Waits until something that contains `part` has been logged; false after 10 s.
  bool wait_for(std::string_view part) {
    std::unique_lock lock{mutex_};
    return more_.wait_for(lock, std::chrono::seconds{10}, [&] {
      return std::ranges::any_of(texts_, [&](const auto& text) { return text.contains(part); });
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<std::string> texts_;
};

/// A server on a thread of its own, or on several, stopped in order at the end.
class RunningServer {
 public:
  explicit RunningServer(Limits limits = {}, const node::Options& options = {},
                         const std::optional<TlsFiles>& files = std::nullopt,
                         std::size_t threads = 1)
      : nodes_{options, threads}, server_{nodes_, pages_, limits, log_.sink()} {
    for (std::size_t shard = 0; shard < threads; ++shard)
      rtcs_.emplace_back(
          nodes_[shard].socketio(), [](auto) {},
          shard == 0 ? hall::Pairing::here : hall::Pairing::elsewhere);
    const auto port = server_.listen("127.0.0.1", 0);
    EXPECT_TRUE(port);
    port_ = port.value_or(std::uint16_t{0});
    if (files) {
      const auto tls_port = server_.listen("127.0.0.1", 0, *files);
      EXPECT_TRUE(tls_port);
      tls_port_ = tls_port.value_or(std::uint16_t{0});
    }
    thread_ = std::thread{[this] { server_.run(); }};
  }
  ~RunningServer() { stop(); }

  std::uint16_t port() const { return port_; }
  std::uint16_t tls_port() const { return tls_port_; }
  SeenLog& log() { return log_; }

  /// On the shard's thread.
  void post(std::move_only_function<void(node::Node&)> action, std::size_t shard = 0) {
    server_.post(shard,
                 [&node = nodes_[shard], action = std::move(action)]() mutable { action(node); });
  }

  /// Returns once run() has returned.
  void stop() {
    if (!thread_.joinable()) return;
    server_.stop();
    thread_.join();
  }

 private:
  SeenLog log_;
  Nodes nodes_;
  std::deque<hall::Rtc> rtcs_;
  EchoPages pages_;
  Server server_;
  std::uint16_t port_ = 0;
  std::uint16_t tls_port_ = 0;
  std::thread thread_;
};

}  // namespace parley::net
