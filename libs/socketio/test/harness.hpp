#pragma once

#include <parley/socketio/server.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace parley::socketio {

// The same bytes each time, so that socket ids are known: their last four characters count.
struct NoChance : Entropy {
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, std::byte{}); }
};

inline const std::string first_sid = "AAAAAAAAAAAAAAAAAAAA";
inline const std::string second_sid = "AAAAAAAAAAAAAAAAAAAB";

// Writes down in words every call of a namespace's handlers, and does what a test asks of it.
struct Recorder {
  explicit Recorder(Namespace& watched) {
    watched.use([this](Socket socket) -> Result<void, ConnectError> {
      if (refusal) return std::unexpected{*refusal};
      calls.push_back("admit " + std::string{socket.auth()} + " " +
                      std::string{socket.handshake()->url()});
      return {};
    });
    watched.on_connection([this](Socket socket) {
      calls.push_back("connected " + number(socket));
      last = socket;
      if (on_connected) on_connected(socket);
    });
    watched.on_any([this](Event& event) {
      calls.push_back("received " + number(event.socket()) + " " + std::string{event.name()} + " " +
                      std::string{event.arguments().json} + (event.ack ? " ack" : ""));
      if (on_received) on_received(event);
      calls.push_back("returned");
    });
    watched.on_disconnect([this](Socket socket, DisconnectReason reason) {
      calls.push_back("disconnected " + number(socket) + " " + std::string{text(reason)});
      if (on_disconnected) on_disconnected(socket);
    });
  }

  static std::string number(Socket socket) {
    return std::to_string(std::to_underlying(socket.number()));
  }

  /// Asks a client, and writes down what it answers.
  void ask(Socket socket, std::string_view json) {
    socket.server().spawn(answer(this, socket, std::string{json}), "question");
  }
  static flow::task<> answer(Recorder* self, Socket socket, std::string json) {
    Arguments question{std::move(json), {}};
    const auto answer = co_await socket.ask(std::move(question));
    self->calls.push_back("acknowledged " + number(socket) + " " + answer.json);
  }

  std::vector<std::string> take() { return std::exchange(calls, {}); }

  std::vector<std::string> calls;
  std::optional<Socket> last;
  std::optional<ConnectError> refusal;
  std::function<void(Socket)> on_connected;
  std::function<void(Event&)> on_received;
  std::function<void(Socket)> on_disconnected;
};

using Verdict = Result<void, ConnectError>;

/// A middleware's verdict that takes its time.
inline flow::task<Verdict> later(Server* server, Duration time, Verdict verdict) {
  co_await flow::sleep(server->scheduler(), time);
  co_return verdict;
}

// What the host would carry: text frames with Engine.IO's leading 4, binary ones after "b:",
// "close" with the violation if there was one.
using Frames = std::vector<std::string>;
using Calls = std::vector<std::string>;

constexpr Time start{};
constexpr ConnectionId ann{1}, bob{2}, cat{3};

// A server with the namespaces "/" and "/custom", and Engine.IO's side of its connections.
struct Host {
  explicit Host(Options options = {}) : server{options, entropy, arena} {}

  void open(ConnectionId id = ann) {
    server.opened(id, {"GET", "/socket.io/?EIO=4", {}, {}, {}}, now);
  }
  void open_and_join(ConnectionId id = ann, std::string_view frame = "40") {
    open(id);
    receive(frame, id);
    (void)frames(id);
    main.calls.clear();
    custom.calls.clear();
  }

  /// A new connection that is in the main namespace.
  Socket enter(ConnectionId id) {
    open_and_join(id);
    return *main.last;
  }

  /// Delivers a WebSocket text frame, Engine.IO's leading 4 included.
  void receive(std::string_view frame, ConnectionId id = ann) {
    server.received(id, MessageKind::text, frame.substr(1), now);
  }
  void receive_binary(std::string_view bytes, ConnectionId id = ann) {
    server.received(id, MessageKind::binary, bytes, now);
  }

  /// What was sent to `id` since the last call; what others were sent stays.
  Frames frames(ConnectionId id = ann) {
    while (auto output = server.poll()) outputs.push_back(*std::move(output));
    Frames found;
    std::erase_if(outputs, [&](const Output& output) {
      const auto* send = std::get_if<Send>(&output);
      const auto* close = std::get_if<Close>(&output);
      if (!send && !close) return false;
      if ((send ? send->connection : close->connection) != id) return false;
      if (send) {
        found.push_back((send->kind == MessageKind::text ? "4" : "b:") +
                        std::string{send->data.view()});
      } else {
        found.push_back(close->violation ? "close: " + std::string{text(*close->violation)}
                                         : "close");
      }
      return true;
    });
    return found;
  }

  /// What the host was told of flows that failed.
  std::vector<std::string> take_failures() {
    while (auto output = server.poll()) outputs.push_back(*std::move(output));
    std::vector<std::string> failures;
    std::erase_if(outputs, [&](const Output& output) {
      const auto* failed = std::get_if<HandlerFailed>(&output);
      if (failed) failures.push_back(failed->what);
      return failed != nullptr;
    });
    return failures;
  }

  void pass(Duration duration) {
    now += duration;
    server.advance(now);
  }
  void lose(ConnectionId id = ann, DisconnectReason reason = DisconnectReason::transport_close) {
    server.closed(id, reason, now);
  }

  NoChance entropy;
  Arena arena;
  Server server;
  Time now = start;
  Recorder main{server.of("/")};
  Recorder custom{server.of("/custom")};
  std::vector<Output> outputs;
};

}  // namespace parley::socketio
