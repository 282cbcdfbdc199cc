// Dynamic namespaces: each customer has one, made when its first client comes and gone with its
// last.

#include "listen.hpp"

#include <string_view>

using parley::socketio::Namespace;
using parley::socketio::Socket;

int main(int argc, char** argv) {
  parley::net::SocketIo::Options options;
  options.node.socketio.cleanup_empty_child_namespaces = true;
  parley::net::SocketIo server{options};
  auto& customers = server.io().of([](std::string_view name, std::string_view) {
    return name.starts_with("/customer-") && name.size() < 40;
  });
  customers.on_connection([](Socket socket) {
    socket.emit("here", socket.name_space()->name(), socket.name_space()->socket_count());
  });
  customers.on("announce", [](Socket socket, const std::string& words) {
    socket.name_space()->emit("announced", words);
  });
  server.io().on_new_namespace = [](Namespace& made) { std::cerr << made.name() << " is new\n"; };
  return serve(server, argc, argv);
}
