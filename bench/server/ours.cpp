// Our server, as bench_load needs it: `libs/net` and `libs/node` as the program parley has them,
// with its /rtc, and a /broadcast whose clients all hear what one of them says.
//
// usage: bench_ours; prints its port.

#include "common/system.hpp"

#include <parley/net/server.hpp>
#include <parley/net/system_entropy.hpp>
#include <parley/node/node.hpp>
#include <parley/socketio/namespace.hpp>
#include <parley/socketio/server.hpp>

#include <csignal>
#include <iostream>
#include <set>

namespace parley::bench {
namespace {

class Broadcast : public socketio::Namespace {
 public:
  void connected(socketio::Server&, socketio::SocketId socket,
                 const socketio::Handshake&) override {
    sockets_.insert(socket);
  }
  void received(socketio::Server& server, socketio::SocketId,
                const socketio::Event& event) override {
    if (event.name != "say") return;
    for (const auto socket : sockets_) server.emit(socket, event.arguments);
  }
  void disconnected(socketio::Server&, socketio::SocketId socket,
                    socketio::DisconnectReason) override {
    sockets_.erase(socket);
  }

 private:
  std::set<socketio::SocketId> sockets_;
};

class NoPages : public net::Pages {
 public:
  HttpResponse get(const HttpRequest&) override {
    return {.status = 404, .fields = {}, .body = {}};
  }
};

int run() {
  raise_descriptor_limit();
  net::SystemEntropy entropy;
  Broadcast broadcast;
  node::Node node{{}, entropy};
  node.socketio().add("/broadcast", broadcast);
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

int main() { return parley::bench::run(); }
