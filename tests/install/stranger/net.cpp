#include <parley/net/socket_io.hpp>

int main() {
  parley::net::SocketIo server;
  server.of("/").on("say", [](parley::socketio::Socket socket, const std::string& words) {
    socket.emit("said", words);
  });
  return server.listen("127.0.0.1", 0) ? 0 : 1;
}
