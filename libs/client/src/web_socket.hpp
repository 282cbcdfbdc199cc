#pragma once

#include "environment.hpp"
#include "response_reader.hpp"
#include "tcp.hpp"

#include <parley/base/message.hpp>
#include <parley/engineio/outputs.hpp>
#include <parley/websocket/frame.hpp>
#include <parley/websocket/receiver.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley::client {

/// One WebSocket, client's end: opening handshake, frames, pongs, closing (RFC 6455).
class WebSocket final : private Tcp::User {
 public:
  /// Does nothing to the WebSocket while it is told something.
  class Owner {
   public:
    virtual void websocket_opened(engineio::WebSocketId id) = 0;
    virtual void websocket_received(engineio::WebSocketId id, MessageKind kind,
                                    std::string_view payload) = 0;
    /// The last word, unless close() was called before.
    virtual void websocket_closed(engineio::WebSocketId id, engineio::CloseReason reason,
                                  std::string_view why) = 0;

   protected:
    ~Owner() = default;
  };

  WebSocket(const Environment& environment, Owner& owner, engineio::WebSocketId id,
            std::string_view target);
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;
  ~WebSocket();

  void send(MessageKind kind, std::string_view payload);
  /// What was sent before goes out still.
  void close();
  void flush();
  std::size_t backlog() const { return tcp_ ? tcp_->backlog() : 0; }
  /// Nothing is left of it but what it said last.
  bool is_over() const { return !tcp_; }

 private:
  void connected() override {}
  void received(std::span<char> bytes) override;
  void ended(std::string_view why) override;
  void receive_handshake(std::string_view bytes);
  void receive_frames(std::span<char> bytes);
  void handle(const websocket::Event& event);
  void write(websocket::Opcode opcode, std::string_view payload);
  void say_goodbye(std::optional<websocket::CloseCode> code);
  void fail(engineio::CloseReason reason, std::string_view why);

  const Environment& environment_;
  Owner& owner_;
  engineio::WebSocketId id_;
  std::string key_;
  std::shared_ptr<Tcp> tcp_;
  std::optional<ResponseReader> handshake_;  // until it is open
  websocket::Receiver receiver_;
};

}  // namespace parley::client
