#include "line.hpp"

#include <algorithm>
#include <utility>

namespace parley::client {

Line::Line(const Environment& environment, engineio::client::Options options,
           std::function<void()> want_turn)
    : environment_{environment},
      want_turn_{std::move(want_turn)},
      session_{std::move(options)},
      polls_{environment, *this},
      posts_{environment, *this} {}

void Line::carry(const engineio::client::Get& output) {
  polls_.send(output.request, output.target, std::nullopt);
}

void Line::carry(const engineio::client::Post& output) {
  posts_.send(output.request, output.target, output.body);
}

void Line::carry(const engineio::client::Abort& output) {
  polls_.abort(output.request);
  posts_.abort(output.request);
}

void Line::carry(const engineio::client::OpenWebSocket& output) {
  sockets_.emplace(output.socket,
                   std::make_unique<WebSocket>(environment_, static_cast<WebSocket::Owner&>(*this),
                                               output.socket, output.target));
}

void Line::carry(const engineio::client::SendFrame& output) {
  sockets_.at(output.socket)->send(output.kind, output.payload);
}

void Line::carry(const engineio::client::CloseWebSocket& output) {
  sockets_.at(output.socket)->close();
}

void Line::flush() {
  polls_.flush();
  posts_.flush();
  for (const auto& [id, socket] : sockets_) socket->flush();
  std::erase_if(sockets_, [](const auto& entry) { return entry.second->is_over(); });
}

bool Line::is_free() const {
  return session_.writable() && std::ranges::all_of(sockets_, [](const auto& entry) {
           return entry.second->backlog() == 0;
         });
}

void Line::responded(engineio::RequestId id, unsigned status, std::string_view body) {
  session_.responded(id, status, body, now());
  want_turn_();
}

void Line::request_failed(engineio::RequestId id, std::string_view why) {
  session_.request_failed(id, why, now());
  want_turn_();
}

void Line::websocket_opened(engineio::WebSocketId id) {
  session_.websocket_opened(id);
  want_turn_();
}

void Line::websocket_received(engineio::WebSocketId id, MessageKind kind,
                              std::string_view payload) {
  session_.websocket_received(id, kind, payload, now());
  want_turn_();
}

void Line::websocket_closed(engineio::WebSocketId id, engineio::CloseReason reason,
                            std::string_view why) {
  session_.websocket_closed(id, reason, why, now());
  want_turn_();
}

}  // namespace parley::client
