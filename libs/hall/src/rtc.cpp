#include <parley/base/result.hpp>
#include <parley/hall/rtc.hpp>
#include <parley/socketio/values.hpp>

#include <limits>
#include <utility>

namespace parley::hall {

using signaling::PeerId;
using signaling::Role;
using socketio::DisconnectReason;
using socketio::NodeId;
using socketio::ServerEvent;
using socketio::Socket;
using socketio::SocketId;

namespace {

PeerId peer_of(const Socket& socket) { return PeerId{std::to_underlying(socket.number())}; }

}  // namespace

Rtc::Rtc(socketio::Server& server, Log log, Pairing pairing)
    : server_{server}, rtc_{server.of("/rtc")}, log_{std::move(log)} {
  rtc_.on("signal", [this](const socketio::Event& event) { relay(event); });
  pairing == Pairing::here ? decide() : ask();
}

void Rtc::relay(const socketio::Event& event) {
  const auto* partner = partners_.find(event.socket().number());
  if (!partner) return;
  std::visit(
      Match{
          [&](SocketId here) { socket_of(here).relay(event.arguments()); },
          [&](const Guest& guest) { rtc_.to(guest.id).on(guest.server).relay(event.arguments()); },
      },
      *partner);
}

void Rtc::identify(Socket socket, Role role, Partner partner) {
  partners_.erase(socket.number());
  partners_.insert(socket.number(), std::move(partner));
  socket.emit("identify", role == Role::caller);
}

void Rtc::left(Socket socket) {
  partners_.erase(socket.number());
  socket.emit("left");
}

// By the room that each socket is in by itself.
std::optional<Socket> Rtc::find(std::string_view id) {
  const auto sockets = rtc_.to(id).local_sockets();
  return sockets.empty() ? std::nullopt : std::optional{sockets.front()};
}

// One of several servers, and not the one that decides: says who comes and goes, and is told.
void Rtc::ask() {
  rtc_.on_connection([this](Socket socket) { rtc_.server_side_emit("arrived", socket.id()); });
  rtc_.on_disconnecting([this](Socket socket, DisconnectReason reason) {
    partners_.erase(socket.number());
    if (reason != DisconnectReason::server_shutting_down)
      rtc_.server_side_emit("gone", socket.id(), text(reason));
  });
  rtc_.on_server_side("identify", [this](ServerEvent& event) {
    const auto values = event.get<std::string, bool, std::string, std::optional<std::uint64_t>>();
    if (!values) return;
    const auto& [id, calls, partner_id, partner_server] = *values;
    const auto socket = find(id);
    if (!socket) return;
    const auto partner = find(partner_id);
    const NodeId server = partner_server ? NodeId{*partner_server} : event.from();
    identify(*socket, calls ? Role::caller : Role::receiver,
             partner ? Partner{partner->number()} : Partner{Guest{server, partner_id}});
  });
  rtc_.on_server_side("left", [this](ServerEvent& event) {
    const auto values = event.get<std::string>();
    if (const auto socket = values ? find(std::get<0>(*values)) : std::nullopt) left(*socket);
  });
}

void Rtc::decide() {
  rtc_.on_connection([this](Socket socket) { arrive(peer_of(socket)); });
  rtc_.on_disconnect([this](Socket socket, DisconnectReason reason) {
    partners_.erase(socket.number());
    // When everybody goes at once, nobody is left to be told, and a log of it would be noise.
    if (reason != DisconnectReason::server_shutting_down) leave(peer_of(socket), text(reason));
  });
  rtc_.on_server_side("arrived", [this](ServerEvent& event) {
    const auto values = event.get<std::string>();
    if (!values) return;
    // Counted down, where no socket's number will ever be.
    const PeerId peer{std::numeric_limits<std::uint64_t>::max() - arrivals_};
    const auto& [id] = *values;
    if (!guest_peers_.emplace(id, peer).second) return;
    guests_.emplace(peer, Guest{event.from(), id});
    arrive(peer);
  });
  rtc_.on_server_side("gone", [this](ServerEvent& event) {
    const auto values = event.get<std::string, std::string>();
    if (!values) return;
    const auto& [id, reason] = *values;
    const auto guest = guest_peers_.find(id);
    if (guest == guest_peers_.end()) return;
    leave(guest->second, reason);
    guests_.erase(guest->second);
    guest_peers_.erase(guest);
  });
}

void Rtc::arrive(PeerId peer) {
  numbers_.emplace(peer, ++arrivals_);
  tell(pair_.arrive(peer));
  if (pair_.waiting() == peer) log_waiting(peer);
}

void Rtc::leave(PeerId peer, std::string_view reason) {
  const auto outputs = pair_.leave(peer);
  log_("/rtc: " + name(peer) + " left: " + std::string{reason});
  numbers_.erase(peer);
  tell(outputs);
}

void Rtc::tell(const std::vector<signaling::Output>& outputs) {
  for (const auto& output : outputs) {
    std::visit(Match{
                   [&](const signaling::Left& left) {
                     tell_left(left.peer);
                     if (pair_.waiting() == left.peer) log_waiting(left.peer);
                   },
                   [&](const signaling::Identify& identify) {
                     if (identify.role == Role::receiver) tell_pair(identify.peer);
                   },
               },
               output);
  }
}

// The receiver first, so that it knows of the pair before anything that the caller says.
void Rtc::tell_pair(PeerId receiver) {
  const auto caller = *pair_.partner_of(receiver);
  tell(receiver, Role::receiver, caller);
  tell(caller, Role::caller, receiver);
  log_("/rtc: " + name(caller) + " calls " + name(receiver));
}

void Rtc::tell(PeerId peer, Role role, PeerId partner) {
  const auto guest = guests_.find(peer);
  if (guest == guests_.end())
    return identify(socket_of(SocketId{std::to_underlying(peer)}), role, partner_for(partner));
  const auto whom = name_for_others(partner);
  rtc_.server_side_emit("identify", guest->second.id, role == Role::caller, whom.id, whom.server);
}

void Rtc::tell_left(PeerId peer) {
  const auto guest = guests_.find(peer);
  if (guest == guests_.end()) return left(socket_of(SocketId{std::to_underlying(peer)}));
  rtc_.server_side_emit("left", guest->second.id);
}

void Rtc::log_waiting(PeerId peer) { log_("/rtc: " + name(peer) + " waits"); }

std::string Rtc::name(PeerId peer) const { return std::to_string(numbers_.at(peer)); }

Rtc::Partner Rtc::partner_for(PeerId peer) const {
  const auto guest = guests_.find(peer);
  if (guest != guests_.end()) return guest->second;
  return SocketId{std::to_underlying(peer)};
}

Rtc::NameForOthers Rtc::name_for_others(PeerId peer) {
  return std::visit(Match{
                        [&](SocketId here) {
                          return NameForOthers{std::string{socket_of(here).id()}, std::nullopt};
                        },
                        [](const Guest& guest) {
                          return NameForOthers{guest.id, std::to_underlying(guest.server)};
                        },
                    },
                    partner_for(peer));
}

}  // namespace parley::hall
