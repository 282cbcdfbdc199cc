// The WebSocket of a connection: frames in and out, and the two ways in which it ends in order.

#include "host.hpp"

#include "clock.hpp"

#include <utility>

namespace parley::net {

Connection* Server::Host::find(node::WebSocketId socket) {
  return find(ConnectionId{std::to_underlying(socket)});
}

void Server::Host::carry(const node::AcceptUpgrade& output) {
  auto* connection = find(output.socket);
  auto* http = connection ? connection->http() : nullptr;
  if (!http) return;
  auto early = std::move(http->input);
  clear_deadline(*connection);
  connection->phase = WebSocketPhase{websocket::Receiver{
      websocket::Role::server, {.message_bytes_max = limits_.message_bytes_max}}};
  send(*connection, encode_header(output.response, AfterResponse::keep_open));
  if (!early.empty() && !connection->gone) receive_frames(*connection, early);
  watch(*connection);
}

void Server::Host::carry(const node::RefuseUpgrade& output) {
  auto* connection = find(output.socket);
  if (connection && connection->http()) respond(*connection, output.response);
}

void Server::Host::carry(const node::SendFrame& output) {
  auto* connection = find(output.socket);
  auto* websocket = connection ? connection->websocket() : nullptr;
  if (!websocket || websocket->closing) return;
  const websocket::FrameHeader header{websocket::opcode_of(output.kind), output.payload.size()};
  send(*connection, output.payload.preceded_by(header.bytes()).view());
}

void Server::Host::carry(const node::CloseWebSocket& output) {
  auto* connection = find(output.socket);
  auto* websocket = connection ? connection->websocket() : nullptr;
  if (!websocket || websocket->closing) return;
  websocket->closing = true;
  set_deadline(*connection, limits_.close_time);
  send(*connection, websocket::encode_close(std::nullopt));
}

void Server::Host::receive_frames(Connection& connection, std::span<char> bytes) {
  connection.websocket()->receiver.receive(bytes);
  // An event may end the connection, or its WebSocket.
  while (!connection.gone && connection.websocket()) {
    const auto event = connection.websocket()->receiver.poll();
    if (!event) return;
    std::visit([&](const auto& what) { handle(connection, what); }, *event);
  }
}

void Server::Host::handle(Connection& connection, const websocket::Message& message) {
  if (connection.websocket()->closing) return;
  node_.websocket_received(node::WebSocketId{std::to_underlying(connection.id)}, message.kind,
                           message.payload, now());
}

void Server::Host::handle(Connection& connection, const websocket::Ping& ping) {
  if (connection.websocket()->closing) return;
  send(connection, websocket::encode_frame(websocket::Opcode::pong, ping.payload));
}

void Server::Host::handle(Connection&, const websocket::Pong&) {}

void Server::Host::handle(Connection& connection, const websocket::PeerClose& close) {
  if (!connection.websocket()->closing) {
    node_.websocket_closed(node::WebSocketId{std::to_underlying(connection.id)},
                           node::WebSocketEnd::closed, now());
    // RFC 6455, section 5.5.1: the answer usually carries the code that it answers.
    const auto code =
        close.code ? std::optional{static_cast<websocket::CloseCode>(*close.code)} : std::nullopt;
    connection.websocket()->closing = true;
    send(connection, websocket::encode_close(code));
  }
  if (!connection.gone) linger(connection);
}

void Server::Host::handle(Connection& connection, const websocket::Violation& violation) {
  if (!connection.websocket()->closing) {
    node_.websocket_closed(node::WebSocketId{std::to_underlying(connection.id)},
                           node::WebSocketEnd::failed, now());
    connection.websocket()->closing = true;
    send(connection, websocket::encode_close(violation.code));
  }
  if (!connection.gone) linger(connection);
}

}  // namespace parley::net
