#pragma once

#include <parley/engineio/client.hpp>

#include <algorithm>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::engineio::client {

// How outputs look when a test fails.
inline std::string number(auto id) { return std::to_string(std::to_underlying(id)); }
inline void PrintTo(const Get& o, std::ostream* out) {
  *out << "Get " << number(o.request) << ' ' << o.target;
}
inline void PrintTo(const Post& o, std::ostream* out) {
  *out << "Post " << number(o.request) << ' ' << o.target << " '" << o.body << "'";
}
inline void PrintTo(const Abort& o, std::ostream* out) { *out << "Abort " << number(o.request); }
inline void PrintTo(const OpenWebSocket& o, std::ostream* out) {
  *out << "OpenWebSocket " << number(o.socket) << ' ' << o.target;
}
inline void PrintTo(const SendFrame& o, std::ostream* out) {
  *out << "SendFrame " << number(o.socket) << ' ' << o.payload;
}
inline void PrintTo(const CloseWebSocket& o, std::ostream* out) {
  *out << "CloseWebSocket " << number(o.socket);
}
inline void PrintTo(const Opened& o, std::ostream* out) { *out << "Opened " << o.sid; }
inline void PrintTo(const Upgraded&, std::ostream* out) { *out << "Upgraded"; }
inline void PrintTo(const Received& o, std::ostream* out) { *out << "Received " << o.data; }
inline void PrintTo(const Closed& o, std::ostream* out) {
  *out << "Closed " << text(o.reason) << " '" << o.description << "'";
}

using Said = std::vector<Output>;

inline const std::string handshake =
    R"(0{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":20})";
inline const std::string handshake_with_upgrade =
    R"(0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000})";

inline const std::string polling = "/socket.io/?EIO=4&transport=polling";
inline const std::string websocket = "/socket.io/?EIO=4&transport=websocket";
inline const std::string session_polling = polling + "&sid=abc";
inline const std::string session_websocket = websocket + "&sid=abc";

inline SendFrame text_frame(WebSocketId id, std::string packet) {
  return {id, MessageKind::text, std::move(packet)};
}
inline Received received(std::string data, MessageKind kind = MessageKind::text) {
  return {kind, std::move(data)};
}

/// A session and the hand that drives it. Each call returns all that was said because of it.
class Host {
 public:
  explicit Host(Options options = {}) : session_{std::move(options)} {}

  Session& session() { return session_; }

  Said open() {
    session_.open();
    return drain();
  }
  Said respond(RequestId id, std::string_view body, unsigned status = 200) {
    session_.responded(id, status, body, now_);
    return drain();
  }
  Said fail(RequestId id, std::string_view why) {
    session_.request_failed(id, why, now_);
    return drain();
  }
  Said opened(WebSocketId id) {
    session_.websocket_opened(id);
    return drain();
  }
  Said frame(WebSocketId id, std::string_view payload, MessageKind kind = MessageKind::text) {
    session_.websocket_received(id, kind, payload, now_);
    return drain();
  }
  Said gone(WebSocketId id, CloseReason reason, std::string_view why = "") {
    session_.websocket_closed(id, reason, why, now_);
    return drain();
  }
  Said send(std::string data, MessageKind kind = MessageKind::text) {
    session_.send(kind, std::move(data));
    return drain();
  }
  Said close() {
    session_.close(now_);
    return drain();
  }
  /// Lets time pass the way a shell does: it wakes the session when that wants to be woken.
  Said pass(Duration duration) {
    const auto end = now_ + duration;
    Said said;
    while (session_.wake_at() && *session_.wake_at() <= end) {
      now_ = std::max(now_, *session_.wake_at());
      session_.advance(now_);
      std::ranges::move(drain(), std::back_inserter(said));
    }
    now_ = end;
    return said;
  }

  Said drain() {
    Said said;
    while (auto output = session_.poll()) said.push_back(*std::move(output));
    return said;
  }

 private:
  Session session_;
  Time now_{};
};

}  // namespace parley::engineio::client
