#pragma once

#include <parley/hall/rtc.hpp>
#include <parley/node/node.hpp>
#include <parley/sim/world.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace parley::sim {

/// A server process in the world: the real node, and a shell that moves what it says. Its timer may
/// be late. Everything that is called here has arrived already; delays are the callers' business.
///
/// It can die and start again. Who was connected hears of a death as of any end of a connection,
/// and while it is down every call ends that way.
class Server {
 public:
  struct Options {
    node::Options node;
    Duration timer_late_max{};
  };

  /// What one WebSocket is sent; empty once, at its end.
  using OnFrame = std::function<void(std::optional<std::string>)>;
  /// The response to one request; empty if the connection ended without one.
  using OnResponse = std::function<void(std::optional<HttpResponse>)>;

  Server(World& world, Options options)
      : world_{world}, options_{std::move(options)}, entropy_{world} {}

  void start();
  /// With a word to the clients, or without.
  void shut_down();
  void crash();

  node::WebSocketId upgrade(const HttpRequest& request, OnFrame on_frame);
  void receive(node::WebSocketId socket, std::string_view frame);
  void close(node::WebSocketId socket, node::WebSocketEnd end);

  node::RequestId request(const HttpRequest& request, OnResponse on_response);
  void request_gone(node::RequestId request);

  /// For whoever watches; called while the node is at rest.
  std::function<void(const node::Log&)> on_log = [](const node::Log&) {};

 private:
  void turn();
  void arm();
  void carry(const node::Output& output);
  void end(node::WebSocketId socket);
  void answer(node::RequestId request, std::optional<HttpResponse> response);

  World& world_;
  Options options_;
  WorldEntropy entropy_;
  std::unique_ptr<node::Node> node_;  // empty while it is down
  std::unique_ptr<hall::Rtc> rtc_;
  std::uint64_t starts_ = 0;  // so that a timer of an earlier life is known
  std::optional<Time> armed_;
  std::uint64_t last_id_ = 0;
  std::map<node::WebSocketId, OnFrame> sockets_;
  std::map<node::RequestId, OnResponse> requests_;
};

}  // namespace parley::sim
