// Binary: bytes travel beside the JSON, and are read where they lie.

#include "listen.hpp"

#include <parley/socketio/values.hpp>

#include <numeric>
#include <string>

using parley::socketio::Bytes;
using parley::socketio::Event;
using parley::socketio::Socket;
using parley::socketio::Text;

int main(int argc, char** argv) {
  parley::net::SocketIo server;
  auto& io = server.of("/");

  io.on("upload", [](Event& event) {
    const auto values = event.get<Text, Bytes>();
    if (!values) return event.ack("a name and bytes, please");
    const auto& [name, content] = *values;
    const auto sum = std::accumulate(
        content.data.begin(), content.data.end(), 0u,
        [](unsigned so_far, char byte) { return so_far + static_cast<unsigned char>(byte); });
    event.ack(nullptr, content.data.size(), sum);
    event.socket().broadcast().emit("file", name, content);
  });
  return serve(server, argc, argv);
}
