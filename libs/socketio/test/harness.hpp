#pragma once

#include <parley/socketio/server.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
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

// Writes down every call in words, and does what a test asks of it.
struct Recorder : Namespace {
  Result<void, ConnectError> admit(const Handshake& handshake) override {
    if (refusal) return std::unexpected{*refusal};
    calls.push_back("admit " + handshake.auth + " " + handshake.request.target);
    return {};
  }
  void connected(Server& server, SocketId socket, const Handshake&) override {
    calls.push_back("connected " + number(socket));
    last = socket;
    if (on_connected) on_connected(server, socket);
  }
  void received(Server& server, SocketId socket, const Event& event) override {
    calls.push_back("received " + number(socket) + " " + std::string{event.name} + " " +
                    event.arguments.json +
                    (event.ack ? " ack " + std::to_string(std::to_underlying(*event.ack)) : ""));
    if (on_received) on_received(server, socket, event);
    calls.push_back("returned");
  }
  void acknowledged(Server&, SocketId socket, AckId ack, const Arguments& arguments) override {
    calls.push_back("acknowledged " + number(socket) + " " +
                    std::to_string(std::to_underlying(ack)) + " " + arguments.json);
  }
  void disconnected(Server& server, SocketId socket, DisconnectReason reason) override {
    calls.push_back("disconnected " + number(socket) + " " + std::string{text(reason)});
    if (on_disconnected) on_disconnected(server, socket);
  }

  static std::string number(SocketId socket) { return std::to_string(std::to_underlying(socket)); }

  std::vector<std::string> take() { return std::exchange(calls, {}); }

  std::vector<std::string> calls;
  SocketId last{};
  std::optional<ConnectError> refusal;
  std::function<void(Server&, SocketId)> on_connected;
  std::function<void(Server&, SocketId, const Event&)> on_received;
  std::function<void(Server&, SocketId)> on_disconnected;
};

// What the host would carry: text frames with Engine.IO's leading 4, binary ones after "b:",
// "close" with the violation if there was one.
using Frames = std::vector<std::string>;
using Calls = std::vector<std::string>;

constexpr Time start{};
constexpr ConnectionId ann{1}, bob{2};

// A server with the namespaces "/" and "/custom", and Engine.IO's side of its connections.
struct Host {
  explicit Host(Options options = {}) : server{options, entropy, arena} {
    server.add("/", main);
    server.add("/custom", custom);
  }

  void open(ConnectionId id = ann) {
    server.opened(id, {"GET", "/socket.io/?EIO=4", {}, {}, {}}, start);
  }
  void open_and_join(ConnectionId id = ann, std::string_view frame = "40") {
    open(id);
    receive(frame, id);
    (void)frames(id);
    main.calls.clear();
    custom.calls.clear();
  }

  /// Delivers a WebSocket text frame, Engine.IO's leading 4 included.
  void receive(std::string_view frame, ConnectionId id = ann) {
    server.received(id, MessageKind::text, frame.substr(1), start);
  }
  void receive_binary(std::string_view bytes, ConnectionId id = ann) {
    server.received(id, MessageKind::binary, bytes, start);
  }

  /// What was sent to `id` since the last call; what others were sent stays.
  Frames frames(ConnectionId id = ann) {
    while (auto output = server.poll()) outputs.push_back(*std::move(output));
    Frames found;
    std::erase_if(outputs, [&](const Output& output) {
      const auto* send = std::get_if<Send>(&output);
      const auto* close = std::get_if<Close>(&output);
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

  NoChance entropy;
  Recorder main;
  Recorder custom;
  Arena arena;
  Server server;
  std::vector<Output> outputs;
};

}  // namespace parley::socketio
