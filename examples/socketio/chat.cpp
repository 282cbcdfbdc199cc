// A chat: everybody hears who comes, what is said, and who leaves.

#include <parley/net/socket_io.hpp>

#include <iostream>

using parley::socketio::DisconnectReason;
using parley::socketio::Socket;

int main() {
  parley::net::SocketIo server;
  auto& chat = server.of("/");

  chat.on_connection([](Socket socket) { socket.broadcast().emit("joined", socket.id()); });
  chat.on("say",
          [&](Socket socket, const std::string& words) { chat.emit("said", socket.id(), words); });
  chat.on_disconnect([&](Socket socket, DisconnectReason) { chat.emit("left", socket.id()); });

  const auto port = server.listen("127.0.0.1", 0);
  if (!port) return 1;
  std::cout << "http://127.0.0.1:" << *port << std::endl;
  server.run();
}
