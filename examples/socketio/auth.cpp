// Who may come in: a middleware looks at what the client shows, and takes its time for it.

#include "listen.hpp"

#include <parley/flow/scheduler.hpp>
#include <parley/socketio/values.hpp>

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using namespace parley;
using socketio::ConnectError;
using socketio::Json;
using socketio::Socket;

namespace {

// A real one would ask a database, with flow_asio or a callback. A coroutine is a function of its
// own, and takes its parameters by value.
flow::task<Result<void, ConnectError>> check_token(Socket socket) {
  auto answer = flow::sleep(socket.server().scheduler(), 5ms);
  co_await answer;
  const auto token = Json{socket.auth()}["token"].as<std::string>();
  if (token && *token == "open sesame") {
    if (auto* data = socket.data()) *data = std::string{"Ali Baba"};
    co_return Result<void, ConnectError>{};
  }
  co_return std::unexpected{ConnectError{.message = "not authorized", .data = R"({"retry":true})"}};
}

}  // namespace

int main(int argc, char** argv) {
  net::SocketIo server;
  auto& io = server.of("/");
  io.use(check_token);
  io.on_connection(
      [](Socket socket) { socket.emit("welcome", std::any_cast<std::string>(*socket.data())); });
  return serve(server, argc, argv);
}
