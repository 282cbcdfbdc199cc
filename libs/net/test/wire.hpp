#pragma once

#include "plain_client.hpp"

#include <parley/websocket/frame.hpp>

#include <string>
#include <string_view>

namespace parley::net {

// What tests say and hear on the wire.

inline std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

inline std::string post(const std::string& target, const std::string& body) {
  return "POST " + target +
         " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

/// Where a session is polled; a new one without a sid.
inline std::string polling(const std::string& sid = "") {
  return "/socket.io/?EIO=4&transport=polling" + (sid.empty() ? "" : "&sid=" + sid);
}

/// Opens an Engine.IO session by polling and returns its sid.
inline std::string open_session(PlainClient& client) {
  client.send(get(polling()));
  client.read_until("\"sid\":\"");
  const auto sid = client.read(20);
  client.read_until("}");
  return sid;
}

/// Asks for a WebSocket, of a new session without a sid.
inline std::string upgrade_request(const std::string& sid = "") {
  return "GET /socket.io/?EIO=4&transport=websocket" + (sid.empty() ? "" : "&sid=" + sid) +
         " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

inline std::string frame(websocket::Opcode opcode, std::string_view payload) {
  return websocket::encode_frame(opcode, payload, {'\x01', '\x02', '\x03', '\x04'});
}

inline std::string text_frame(std::string_view payload) {
  return frame(websocket::Opcode::text, payload);
}

/// The payload of the server's next frame.
inline std::string read_frame(PlainClient& client,
                              websocket::Opcode opcode = websocket::Opcode::text) {
  const auto header = client.read(2);
  if (header.size() < 2) return "(the end)";
  EXPECT_EQ(header[0], static_cast<char>(0x80 | static_cast<int>(opcode)));
  // RFC 6455, section 5.2: 126 and 127 stand for a size of two and of eight bytes.
  std::size_t size = static_cast<unsigned char>(header[1]);
  if (size >= 126) {
    const auto extended = client.read(size == 126 ? 2 : 8);
    size = 0;
    for (const char byte : extended) size = size << 8 | static_cast<unsigned char>(byte);
  }
  return client.read(size);
}

/// A client whose Engine.IO session is open.
class WebSocketClient : public PlainClient {
 public:
  explicit WebSocketClient(std::uint16_t port) : PlainClient{port} {
    send(upgrade_request());
    EXPECT_TRUE(read_until("\r\n\r\n").starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
    const auto open = read_frame(*this);
    EXPECT_TRUE(open.starts_with("0{\"sid\":\""));
    sid_ = open.substr(std::string_view{"0{\"sid\":\""}.size(), 20);
  }

  const std::string& sid() const { return sid_; }

 private:
  std::string sid_;
};

}  // namespace parley::net
