// The WebSocket of a connection: frames in and out, and the two ways in which it ends in order.

#include "host.hpp"

#include <utility>

namespace parley::net {

Connection* Server::Host::find(node::WebSocketId socket) const {
  return connections_.find(ConnectionId{std::to_underlying(socket)});
}

void Server::Host::carry(const node::AcceptUpgrade& output) {
  auto* connection = find(output.socket);
  auto* http = connection ? connection->http() : nullptr;
  if (!http) return;
  auto early = std::move(http->input);
  connection->phase = WebSocketPhase{.deflates = output.deflates};
  if (output.deflates && !deflater_) deflater_ = std::make_unique<FrameDeflater>();
  // Together with the first frame, which comes next.
  accepted_ = encode_header(output.response, AfterResponse::keep_open);
  frames_to_ = output.socket;
  frames_.push_back(accepted_);
  if (!early.empty()) {
    flush_frames();
    if (!connection->gone) receive_frames(*connection, early);
  }
  if (connection->transport.unread()) ready_.push_back(connection->id);
}

void Server::Host::carry(const node::RefuseUpgrade& output) {
  auto* connection = find(output.socket);
  if (connection && connection->http()) respond(*connection, output.response);
}

void Server::Host::carry(const node::SendFrame& output) {
  if (output.socket != frames_to_ || frames_.size() == Transport::parts_max) flush_frames();
  frames_to_ = output.socket;
  frames_.push_back(framed(output));
}

std::string_view Server::Host::framed(const node::SendFrame& output) {
  auto* connection = output.compress ? find(output.socket) : nullptr;
  if (connection && connection->websocket() && connection->websocket()->deflates) {
    if (const auto frame = deflater_->frame(output.kind, output.payload)) return *frame;
  }
  const websocket::FrameHeader header{websocket::opcode_of(output.kind), output.payload.size()};
  return output.payload.preceded_by(header.bytes()).view();
}

void Server::Host::flush_frames() {
  if (frames_.empty()) return;
  auto* connection = find(frames_to_);
  auto* websocket = connection ? connection->websocket() : nullptr;
  if (websocket && !websocket->closing && !put_into_outbox(*connection, frames_))
    send(*connection, frames_);
  frames_.clear();
}

void Server::Host::carry(const node::CloseWebSocket& output) {
  auto* connection = find(output.socket);
  auto* websocket = connection ? connection->websocket() : nullptr;
  if (!websocket || websocket->closing) return;
  websocket->closing = true;
  set_deadline(*connection, Wait::close);
  send(*connection, websocket::encode_close(std::nullopt));
}

// Most reads bring whole messages. Only who is in the middle of one keeps a receiver.
void Server::Host::receive_frames(Connection& connection, std::span<char> bytes) {
  if (auto kept = std::exchange(connection.websocket()->receiver, nullptr)) {
    handle_frames(connection, *kept, bytes);
    if (!kept->is_between_messages() && connection.websocket())
      connection.websocket()->receiver = std::move(kept);
    return;
  }
  auto* inflater = connection.websocket()->deflates ? &deflater_->inflater() : nullptr;
  websocket::Receiver receiver{
      websocket::Role::server, {.message_bytes_max = limits_.message_bytes_max}, inflater};
  handle_frames(connection, receiver, bytes);
  if (!receiver.is_between_messages() && connection.websocket())
    connection.websocket()->receiver = std::make_unique<websocket::Receiver>(std::move(receiver));
}

void Server::Host::handle_frames(Connection& connection, websocket::Receiver& receiver,
                                 std::span<char> bytes) {
  receiver.receive(bytes);
  // An event may end the connection, or its WebSocket.
  while (!connection.gone && connection.websocket()) {
    const auto event = receiver.poll();
    if (!event) return;
    std::visit([&](const auto& what) { handle(connection, what); }, *event);
  }
}

void Server::Host::handle(Connection& connection, const websocket::Message& message) {
  if (connection.websocket()->closing) return;
  node_.websocket_received(node::WebSocketId{std::to_underlying(connection.id)}, message.kind,
                           message.payload, now_);
}

void Server::Host::handle(Connection& connection, const websocket::Ping& ping) {
  if (connection.websocket()->closing) return;
  send(connection, websocket::encode_frame(websocket::Opcode::pong, ping.payload));
}

void Server::Host::handle(Connection&, const websocket::Pong&) {}

void Server::Host::handle(Connection& connection, const websocket::PeerClose& close) {
  if (!connection.websocket()->closing) {
    node_.websocket_closed(node::WebSocketId{std::to_underlying(connection.id)},
                           node::WebSocketEnd::closed, now_);
    // RFC 6455, section 5.5.1: the answer usually carries the code that it answers.
    const auto code =
        close.code ? std::optional{static_cast<websocket::CloseCode>(*close.code)} : std::nullopt;
    connection.websocket()->closing = true;
    send(connection, websocket::encode_close(code));
  }
  hang_up(connection);
}

void Server::Host::handle(Connection& connection, const websocket::Violation& violation) {
  if (!connection.websocket()->closing) {
    node_.websocket_closed(node::WebSocketId{std::to_underlying(connection.id)},
                           node::WebSocketEnd::failed, now_);
    connection.websocket()->closing = true;
    send(connection, websocket::encode_close(violation.code));
  }
  if (!connection.gone) linger(connection);
}

}  // namespace parley::net
