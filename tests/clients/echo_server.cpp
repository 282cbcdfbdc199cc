// A server for the tests with the official clients: `libs/net` and `libs/node` as the program
// parley has them, and namespaces that answer whatever the tests ask of them.
//
// usage: echo_server PORT [PING_INTERVAL PING_TIMEOUT], times in milliseconds. Prints its port.

#include <parley/net/server.hpp>
#include <parley/net/system_entropy.hpp>
#include <parley/node/node.hpp>
#include <parley/socketio/namespace.hpp>
#include <parley/socketio/server.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <set>
#include <string>
#include <string_view>

namespace parley {
namespace {

using socketio::AckId;
using socketio::Arguments;
using socketio::Event;
using socketio::SocketId;

// The arguments of an event without its name, as an acknowledgement carries them. The name comes
// first, and the official client puts no white space around it.
Arguments without_name(const Event& event) {
  auto arguments = event.arguments;
  const auto name_size = event.name.size() + 2;
  const bool has_more = arguments.json[1 + name_size] == ',';
  arguments.json.erase(1, name_size + (has_more ? 1 : 0));
  return arguments;
}

// And the other way round.
Arguments with_name(std::string_view name, Arguments arguments) {
  const bool has_more = arguments.json != "[]";
  arguments.json.insert(1, '"' + std::string{name} + '"' + (has_more ? "," : ""));
  return arguments;
}

/// Does what an event's name says; the tests in this directory say what they expect.
class EchoNamespace : public socketio::Namespace {
 public:
  void connected(socketio::Server& server, SocketId socket,
                 const socketio::Handshake& handshake) override {
    sockets_.insert(socket);
    server.emit(socket, {.json = R"(["auth",)" + handshake.auth + ']'});
  }

  void received(socketio::Server& server, SocketId socket, const Event& event) override {
    if (event.name == "echo") {
      event.ack ? server.acknowledge(socket, *event.ack, without_name(event))
                : server.emit(socket, event.arguments);
    } else if (event.name == "ask me") {
      server.emit_with_ack(socket, with_name("question", without_name(event)));
    } else if (event.name == "disconnect me") {
      server.disconnect(socket, socketio::DisconnectScope::this_namespace);
    } else if (event.name == "disconnect me wholly") {
      server.disconnect(socket, socketio::DisconnectScope::whole_connection);
    }
  }

  void acknowledged(socketio::Server& server, SocketId socket, AckId,
                    const Arguments& arguments) override {
    server.emit(socket, with_name("answered", arguments));
  }

  // Everybody else learns why one has left.
  void disconnected(socketio::Server& server, SocketId socket,
                    socketio::DisconnectReason reason) override {
    sockets_.erase(socket);
    for (const auto other : sockets_)
      server.emit(other, {.json = R"(["gone",")" + std::string{text(reason)} + "\"]"});
  }

 private:
  std::set<SocketId> sockets_;
};

class RefusingNamespace : public socketio::Namespace {
 public:
  Result<void, socketio::ConnectError> admit(const socketio::Handshake&) override {
    return std::unexpected{
        socketio::ConnectError{.message = "not today", .data = R"({"retry":false})"}};
  }
  void connected(socketio::Server&, SocketId, const socketio::Handshake&) override {}
  void received(socketio::Server&, SocketId, const Event&) override {}
  void disconnected(socketio::Server&, SocketId, socketio::DisconnectReason) override {}
};

class NoPages : public net::Pages {
 public:
  HttpResponse get(const HttpRequest&) override {
    return {.status = 404, .fields = {}, .body = {}};
  }
};

int run(std::uint16_t port, const node::Options& options) {
  net::SystemEntropy entropy;
  EchoNamespace root;
  EchoNamespace custom;
  RefusingNamespace refusing;
  node::Node node{options, entropy};
  node.socketio().add("/", root);
  node.socketio().add("/custom", custom);
  node.socketio().add("/refuse", refusing);
  NoPages pages;
  net::Server server{
      node, pages, {}, [](auto, std::string_view text) { std::cerr << text << '\n'; }};
  const auto listening = server.listen("127.0.0.1", port);
  if (!listening) return 1;
  server.stop_on({SIGTERM});
  std::cout << *listening << '\n' << std::flush;
  server.run();
  return 0;
}

}  // namespace
}  // namespace parley

int main(int argc, char** argv) {
  const auto number = [&](int at, int otherwise) {
    return argc > at ? std::atoi(argv[at]) : otherwise;
  };
  parley::node::Options options;
  options.engineio.allow_eio3 = true;
  options.engineio.ping_interval = parley::Duration{number(2, 25'000)};
  options.engineio.ping_timeout = parley::Duration{number(3, 20'000)};
  return parley::run(static_cast<std::uint16_t>(number(1, 0)), options);
}
