// A server for the tests with the official clients: `libs/net` and `libs/node` as the program
// parley has them, and namespaces that answer whatever the tests ask of them.
//
// usage: echo_server PORT [PING_INTERVAL PING_TIMEOUT [deflate] [recovery] [msgpack] [two-threads]]
// Times are in milliseconds. Prints its port. With `recovery`, clients that are cut off may come
// back to what they had.

#include "features.hpp"

#include <parley/hall/rtc.hpp>
#include <parley/net/nodes.hpp>
#include <parley/net/server.hpp>
#include <parley/node/node.hpp>
#include <parley/socketio/server.hpp>

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace parley {
namespace {

using socketio::Arguments;
using socketio::ArgumentsView;
using socketio::Event;
using socketio::Namespace;
using socketio::Socket;

// The arguments of an event without its name, as an acknowledgement carries them. The name comes
// first, and the official client puts no white space around it.
Arguments without_name(const Event& event) {
  auto arguments = event.arguments().kept();
  const auto name_size = event.name().size() + 2;
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

flow::task<> ask(Socket socket, Arguments question) {
  const auto answer = co_await socket.ask(std::move(question));
  socket.relay(with_name("answered", answer));
}

/// Does what an event's name says; the tests in this directory say what they expect.
void serve_echo(Namespace& echo) {
  echo.on_connection([](Socket socket) { socket.emit("auth", socketio::Json{socket.auth()}); });
  echo.on("echo", [](Event& event) {
    event.ack ? event.ack.relay(without_name(event)) : event.socket().relay(event.arguments());
  });
  echo.on("ask me", [](Event& event) {
    auto question = with_name("question", without_name(event));
    event.socket().server().spawn(ask(event.socket(), std::move(question)), "question");
  });
  echo.on("disconnect me", [](Event& event) { event.socket().disconnect(); });
  echo.on("disconnect me wholly",
          [](Event& event) { event.socket().disconnect(Socket::Scope::whole_connection); });
  // Everybody else learns who has left, and why.
  echo.on_disconnect([&echo](Socket socket, socketio::DisconnectReason reason) {
    echo.emit("gone", text(reason), socket.id());
  });
}

void serve_refusal(Namespace& refusing) {
  refusing.use([](Socket) -> Result<void, socketio::ConnectError> {
    return std::unexpected{
        socketio::ConnectError{.message = "not today", .data = R"({"retry":false})"}};
  });
}

/// Who joins hears what anybody tells, and is told nothing else.
void serve_recovery(Namespace& recovering) {
  recovering.on_connection([](Socket socket) {
    if (!socket.recovered()) socket.join("hearers");
  });
  recovering.on("tell", [&recovering](Event& event) {
    recovering.to("hearers").relay(with_name("told", without_name(event)));
  });
  recovering.on("recovered", [](Event& event) { event.ack(event.socket().recovered()); });
}

class NoPages : public net::Pages {
 public:
  HttpResponse get(const HttpRequest&) override {
    return {.status = 404, .fields = {}, .body = {}};
  }
};

int run(std::uint16_t port, const node::Options& options, std::size_t threads) {
  net::Nodes nodes{options, threads};
  std::deque<hall::Rtc> rtcs;
  for (std::size_t shard = 0; shard < threads; ++shard) {
    auto& io = nodes[shard].socketio();
    serve_echo(io.of("/"));
    serve_echo(io.of("/custom"));
    serve_refusal(io.of("/refuse"));
    serve_recovery(io.of("/recovery"));
    serve_features(io);
    rtcs.emplace_back(
        io, [](std::string_view text) { std::cerr << text << '\n'; },
        shard == 0 ? hall::Pairing::here : hall::Pairing::elsewhere);
  }
  NoPages pages;
  net::Server server{
      nodes, pages, {}, [](auto, std::string_view text) { std::cerr << text << '\n'; }};
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
  std::size_t threads = 1;
  options.engineio.allow_eio3 = true;
  options.engineio.ping_interval = parley::Duration{number(2, 25'000)};
  options.engineio.ping_timeout = parley::Duration{number(3, 20'000)};
  for (const std::string_view wish : std::span{argv, static_cast<std::size_t>(argc)}) {
    if (wish == "deflate") options.engineio.per_message_deflate.emplace();
    if (wish == "msgpack") options.socketio.parser = parley::socketio::Parser::msgpack;
    if (wish == "recovery") options.socketio.connection_state_recovery.emplace();
    if (wish == "two-threads") threads = 2;
  }
  return parley::run(static_cast<std::uint16_t>(number(1, 0)), options, threads);
}
