#include <parley/base/result.hpp>
#include <parley/hall/rtc.hpp>

#include <utility>
#include <variant>

namespace parley::hall {

namespace {

signaling::PeerId peer_of(const socketio::Socket& socket) {
  return signaling::PeerId{std::to_underlying(socket.number())};
}

}  // namespace

Rtc::Rtc(socketio::Server& server, Log log) : server_{server}, log_{std::move(log)} {
  auto& rtc = server.of("/rtc");
  rtc.on_connection([this](socketio::Socket socket) { connected(socket); });
  rtc.on("signal", [this](const socketio::Event& event) { relay(event); });
  rtc.on_disconnect([this](socketio::Socket socket, socketio::DisconnectReason reason) {
    disconnected(socket, reason);
  });
}

void Rtc::connected(socketio::Socket socket) {
  const auto peer = peer_of(socket);
  numbers_.emplace(peer, ++arrivals_);
  tell(pair_.arrive(peer));
  if (pair_.waiting() == peer) log_waiting(peer);
}

void Rtc::relay(const socketio::Event& event) {
  if (const auto partner = pair_.partner_of(peer_of(event.socket())))
    socket_of(*partner).relay(event.arguments());
}

void Rtc::disconnected(socketio::Socket socket, socketio::DisconnectReason reason) {
  const auto peer = peer_of(socket);
  const auto outputs = pair_.leave(peer);
  const auto gone = name(peer);
  numbers_.erase(peer);
  // When everybody goes at once, nobody is left to be told, and a log of it would be noise.
  if (reason == socketio::DisconnectReason::server_shutting_down) return;
  log_("/rtc: " + gone + " left: " + std::string{text(reason)});
  tell(outputs);
}

void Rtc::tell(const std::vector<signaling::Output>& outputs) {
  for (const auto& output : outputs) {
    std::visit(Match{
                   [&](const signaling::Left& left) {
                     socket_of(left.peer).emit("left");
                     if (pair_.waiting() == left.peer) log_waiting(left.peer);
                   },
                   [&](const signaling::Identify& identify) {
                     const bool calls = identify.role == signaling::Role::caller;
                     socket_of(identify.peer).emit("identify", calls);
                     if (calls)
                       log_("/rtc: " + name(identify.peer) + " calls " +
                            name(*pair_.partner_of(identify.peer)));
                   },
               },
               output);
  }
}

void Rtc::log_waiting(signaling::PeerId peer) { log_("/rtc: " + name(peer) + " waits"); }

std::string Rtc::name(signaling::PeerId peer) const { return std::to_string(numbers_.at(peer)); }

socketio::Socket Rtc::socket_of(signaling::PeerId peer) {
  return {server_, socketio::SocketId{std::to_underlying(peer)}};
}

}  // namespace parley::hall
