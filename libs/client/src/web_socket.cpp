#include "web_socket.hpp"

#include <parley/base/base64.hpp>
#include <parley/base/result.hpp>
#include <parley/websocket/handshake.hpp>

#include <array>
#include <cstdint>
#include <utility>

namespace parley::client {

namespace {

template <std::size_t size>
std::array<char, size> draw(Entropy& entropy) {
  std::array<char, size> bytes;
  entropy.fill(std::as_writable_bytes(std::span{bytes}));
  return bytes;
}

std::string new_key(Entropy& entropy) {
  const auto bytes = draw<16>(entropy);
  return base64_encode({bytes.data(), bytes.size()});
}

std::string describe(const websocket::PeerClose& close) {
  if (!close.code) return "closed by the server";
  return "closed by the server: " + std::to_string(*close.code) + ' ' + std::string{close.reason};
}

}  // namespace

WebSocket::WebSocket(const Environment& environment, Owner& owner, engineio::WebSocketId id,
                     std::string_view target)
    : environment_{environment},
      owner_{owner},
      id_{id},
      key_{new_key(environment.entropy)},
      tcp_{std::make_shared<Tcp>(environment.executor, static_cast<Tcp::User&>(*this))},
      handshake_{environment.limits},
      receiver_{websocket::Role::client, {.message_bytes_max = environment.limits.body_bytes_max}} {
  tcp_->connect(environment.url);
  tcp_->write(environment.request("GET", target,
                                  {{"Connection", "Upgrade"},
                                   {"Upgrade", "websocket"},
                                   {"Sec-WebSocket-Version", "13"},
                                   {"Sec-WebSocket-Key", key_}}));
}

WebSocket::~WebSocket() {
  if (tcp_) tcp_->stop();
}

void WebSocket::send(MessageKind kind, std::string_view payload) {
  write(websocket::opcode_of(kind), payload);
}

void WebSocket::close() {
  if (!tcp_) return;
  if (handshake_) return std::exchange(tcp_, nullptr)->stop();
  say_goodbye(websocket::CloseCode::normal);
}

void WebSocket::flush() {
  if (tcp_) tcp_->flush();
}

void WebSocket::received(std::span<char> bytes) {
  if (handshake_) return receive_handshake({bytes.data(), bytes.size()});
  receive_frames(bytes);
}

void WebSocket::ended(std::string_view why) {
  tcp_.reset();
  fail(engineio::CloseReason::transport_error,
       why.empty() ? "the server closed the connection" : why);
}

// RFC 6455, section 4.1, "If the status code ...". We offer no extension, so none may be accepted.
void WebSocket::receive_handshake(std::string_view bytes) {
  const auto read = handshake_->receive(bytes);
  if (!read) return fail(engineio::CloseReason::transport_error, text(read.error()));
  if (!handshake_->done()) return;
  if (handshake_->status() != 101)
    return fail(engineio::CloseReason::transport_error,
                "HTTP status " + std::to_string(handshake_->status()) + ": " +
                    handshake_->body().substr(0, 200));
  if (handshake_->field("Sec-WebSocket-Accept") != websocket::accept_key(key_) ||
      !handshake_->field("Sec-WebSocket-Extensions").empty())
    return fail(engineio::CloseReason::transport_error, "bad WebSocket handshake");
  auto rest = std::move(handshake_->rest());
  handshake_.reset();
  owner_.websocket_opened(id_);
  if (!rest.empty()) receive_frames(rest);
}

void WebSocket::receive_frames(std::span<char> bytes) {
  receiver_.receive(bytes);
  while (const auto event = receiver_.poll()) handle(*event);
  flush();
}

void WebSocket::handle(const websocket::Event& event) {
  std::visit(
      Match{[this](const websocket::Message& message) {
              owner_.websocket_received(id_, message.kind, message.payload);
            },
            [this](const websocket::Ping& ping) { write(websocket::Opcode::pong, ping.payload); },
            [](const websocket::Pong&) {},
            [this](const websocket::PeerClose& close) {
              say_goodbye(std::nullopt);
              fail(engineio::CloseReason::transport_close, describe(close));
            },
            [this](const websocket::Violation& violation) {
              say_goodbye(violation.code);
              fail(engineio::CloseReason::transport_error, "bad frame");
            }},
      event);
}

void WebSocket::write(websocket::Opcode opcode, std::string_view payload) {
  if (!tcp_ || handshake_) return;
  tcp_->write(websocket::encode_frame(opcode, payload, draw<4>(environment_.entropy)));
}

void WebSocket::say_goodbye(std::optional<websocket::CloseCode> code) {
  std::string payload;
  if (code) {
    const auto value = static_cast<std::uint16_t>(*code);
    payload = {static_cast<char>(value >> 8U), static_cast<char>(value & 0xffU)};
  }
  write(websocket::Opcode::close, payload);
  std::exchange(tcp_, nullptr)->finish();
}

void WebSocket::fail(engineio::CloseReason reason, std::string_view why) {
  if (const auto tcp = std::exchange(tcp_, nullptr)) tcp->stop();
  owner_.websocket_closed(id_, reason, why);
}

}  // namespace parley::client
