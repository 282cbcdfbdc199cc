// Rooms: who has joined one hears what is said in it, and can see who else is there.

#include "listen.hpp"

#include <string>
#include <string_view>
#include <vector>

using parley::socketio::Ack;
using parley::socketio::DisconnectReason;
using parley::socketio::Event;
using parley::socketio::Socket;

int main(int argc, char** argv) {
  parley::net::SocketIo server;
  auto& io = server.of("/");

  io.on("join", [](Socket socket, const std::string& room) {
    socket.join(room);
    socket.to(room).emit("joined", room, socket.id());
  });
  io.on("leave", [](Socket socket, const std::string& room) {
    socket.leave(room);
    socket.to(room).emit("left", room, socket.id());
  });
  io.on("say", [](Socket socket, const std::string& room, const std::string& words) {
    socket.to(room).emit("said", room, words);
  });
  io.on("who", [&](Event& event) {
    const auto room = event.get<std::string>();
    if (!room) return;
    std::vector<std::string_view> ids;
    for (const auto& socket : io.in(std::get<0>(*room)).local_sockets()) ids.push_back(socket.id());
    event.ack(ids);
  });
  // While it is disconnecting a socket is still in its rooms; the first of them is its own.
  io.on_disconnecting([](Socket socket, DisconnectReason) {
    for (const auto& room : socket.rooms()) socket.to(room).emit("left", room, socket.id());
  });
  return serve(server, argc, argv);
}
