#pragma once

#include "environment.hpp"
#include "http_connection.hpp"
#include "web_socket.hpp"

#include <parley/engineio/client.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string_view>

namespace parley::client {

/// One Engine.IO session and what carries it: a connection for the poll that is held, one for
/// POSTs, and WebSockets. Whatever the network says goes into the session, and then a turn is asked
/// for, in which the session's outputs are carried out; so nobody is called from inside of a call.
class Line final : private HttpConnection::Owner, private WebSocket::Owner {
 public:
  Line(const Environment& environment, engineio::client::Options options,
       std::function<void()> want_turn);

  engineio::client::Session& session() { return session_; }

  // What the session wants of the network.
  void carry(const engineio::client::Get& output);
  void carry(const engineio::client::Post& output);
  void carry(const engineio::client::Abort& output);
  void carry(const engineio::client::OpenWebSocket& output);
  void carry(const engineio::client::SendFrame& output);
  void carry(const engineio::client::CloseWebSocket& output);

  /// Sends what was carried in this turn.
  void flush();

  /// Whether a message would go out at once.
  bool is_free() const;

 private:
  void responded(engineio::RequestId id, unsigned status, std::string_view body) override;
  void request_failed(engineio::RequestId id, std::string_view why) override;
  void websocket_opened(engineio::WebSocketId id) override;
  void websocket_received(engineio::WebSocketId id, MessageKind kind,
                          std::string_view payload) override;
  void websocket_closed(engineio::WebSocketId id, engineio::CloseReason reason,
                        std::string_view why) override;

  const Environment& environment_;
  std::function<void()> want_turn_;
  engineio::client::Session session_;
  HttpConnection polls_;
  HttpConnection posts_;
  std::map<engineio::WebSocketId, std::unique_ptr<WebSocket>> sockets_;
};

}  // namespace parley::client
