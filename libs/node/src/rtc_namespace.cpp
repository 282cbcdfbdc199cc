#include "rtc_namespace.hpp"

#include <parley/base/result.hpp>

#include <utility>
#include <variant>

namespace parley::node {

namespace {

signaling::PeerId peer_of(socketio::SocketId socket) {
  return signaling::PeerId{std::to_underlying(socket)};
}
socketio::SocketId socket_of(signaling::PeerId peer) {
  return socketio::SocketId{std::to_underlying(peer)};
}

std::string number(signaling::PeerId peer) { return std::to_string(std::to_underlying(peer)); }

}  // namespace

void RtcNamespace::connected(socketio::Server& server, socketio::SocketId socket,
                             const socketio::Handshake&) {
  const auto peer = peer_of(socket);
  tell(server, pair_.arrive(peer));
  if (pair_.waiting() == peer) log_waiting(peer);
}

void RtcNamespace::received(socketio::Server& server, socketio::SocketId socket,
                            const socketio::Event& event) {
  if (event.name != "signal") return;
  if (const auto partner = pair_.partner_of(peer_of(socket)))
    server.emit(socket_of(*partner), event.arguments);
}

void RtcNamespace::disconnected(socketio::Server& server, socketio::SocketId socket,
                                socketio::DisconnectReason reason) {
  const auto outputs = pair_.leave(peer_of(socket));
  // When everybody goes at once, nobody is left to be told, and a log of it would be noise.
  if (reason == socketio::DisconnectReason::server_shutting_down) return;
  log("/rtc: " + number(peer_of(socket)) + " left: " + std::string{text(reason)});
  tell(server, outputs);
}

std::optional<Log> RtcNamespace::poll() {
  if (logs_.empty()) return std::nullopt;
  auto log = std::move(logs_.front());
  logs_.pop_front();
  return log;
}

void RtcNamespace::tell(socketio::Server& server, const std::vector<signaling::Output>& outputs) {
  for (const auto& output : outputs) {
    std::visit(Match{
                   [&](const signaling::Left& left) {
                     server.emit(socket_of(left.peer), {R"(["left"])", {}});
                     if (pair_.waiting() == left.peer) log_waiting(left.peer);
                   },
                   [&](const signaling::Identify& identify) {
                     const bool calls = identify.role == signaling::Role::caller;
                     server.emit(socket_of(identify.peer),
                                 {calls ? R"(["identify",true])" : R"(["identify",false])", {}});
                     if (calls)
                       log("/rtc: " + number(identify.peer) + " calls " +
                           number(*pair_.partner_of(identify.peer)));
                   },
               },
               output);
  }
}

void RtcNamespace::log_waiting(signaling::PeerId peer) { log("/rtc: " + number(peer) + " waits"); }

void RtcNamespace::log(std::string text) { logs_.push_back({LogLevel::info, std::move(text)}); }

}  // namespace parley::node
