#pragma once

#include <parley/engineio/server.hpp>

#include <algorithm>
#include <deque>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::engineio {

// How outputs look when a test fails.
inline void PrintTo(const HttpResponse& response, std::ostream* out) {
  *out << response.status;
  for (const auto& field : response.fields) *out << " | " << field.name << ": " << field.value;
  *out << " | '" << response.body << "'";
}
inline void PrintTo(const Respond& o, std::ostream* out) {
  *out << "Respond " << static_cast<std::uint64_t>(o.request) << ' ';
  PrintTo(o.response, out);
}
inline void PrintTo(const AcceptUpgrade& o, std::ostream* out) { PrintTo(o.response, out); }
inline void PrintTo(const RefuseUpgrade& o, std::ostream* out) { PrintTo(o.response, out); }
inline void PrintTo(const SendFrame& o, std::ostream* out) {
  *out << "SendFrame " << o.payload.view();
}
inline void PrintTo(const CloseWebSocket&, std::ostream* out) { *out << "CloseWebSocket"; }
inline void PrintTo(const Opened&, std::ostream* out) { *out << "Opened"; }
inline void PrintTo(const Received& o, std::ostream* out) { *out << "Received " << o.data; }
inline void PrintTo(const Closed& o, std::ostream* out) { *out << "Closed " << text(o.reason); }
inline void PrintTo(const Refused& o, std::ostream* out) { *out << o.code << ' ' << o.message; }

using Said = std::vector<Output>;

// With no chance in it, sids differ by their counter alone.
struct NoEntropy : Entropy {
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, std::byte{0}); }
};
inline const std::string first_sid = "AAAAAAAAAAAAAAAAAAAA";
inline const std::string second_sid = "AAAAAAAAAAAAAAAAAAAB";

inline const std::string polling = "/socket.io/?EIO=4&transport=polling";
inline const std::string websocket = "/socket.io/?EIO=4&transport=websocket";
inline const std::string session_polling = polling + "&sid=" + first_sid;
inline const std::string session_websocket = websocket + "&sid=" + first_sid;

constexpr SessionId session{1};
constexpr WebSocketId socket{100};

inline HttpRequest get(std::string target, std::vector<HttpField> fields = {}) {
  return {.method = "GET",
          .target = std::move(target),
          .fields = std::move(fields),
          .body = "",
          .remote_address = "192.0.2.1"};
}

inline HttpRequest post(std::string body, std::vector<HttpField> fields = {}) {
  auto request = get(session_polling, std::move(fields));
  request.method = "POST";
  request.body = std::move(body);
  return request;
}

inline HttpRequest upgrade(std::string target, std::vector<HttpField> fields = {}) {
  for (const auto& [name, value] :
       std::initializer_list<HttpField>{{"Connection", "Upgrade"},
                                        {"Upgrade", "websocket"},
                                        {"Sec-WebSocket-Version", "13"},
                                        {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}})
    fields.push_back({name, value});
  return get(std::move(target), std::move(fields));
}

// What is expected to be said.
inline Respond payload(RequestId id, std::string body) {
  return {id,
          {.status = 200,
           .fields = {{"Content-Type", "text/plain; charset=UTF-8"}, {"cache-control", "no-store"}},
           .body = std::move(body)}};
}
inline Respond ok(RequestId id) {
  return {id,
          {.status = 200,
           .fields = {{"Content-Type", "text/html"}, {"cache-control", "no-store"}},
           .body = "ok"}};
}
inline Respond empty(RequestId id, unsigned status) {
  return {id, {.status = status, .fields = {}, .body = ""}};
}
inline Respond error(RequestId id, unsigned status, std::string body) {
  return {id,
          {.status = status,
           .fields = {{"Content-Type", "application/json"}},
           .body = std::move(body)}};
}
inline AcceptUpgrade accepted(WebSocketId id) {
  return {id,
          {.status = 101,
           .fields = {{"Upgrade", "websocket"},
                      {"Connection", "Upgrade"},
                      {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}},
           .body = ""}};
}
/// The same to a client of revision 3 for which there are bytes.
inline Respond bytes_payload(RequestId id, std::string body) {
  auto respond = payload(id, std::move(body));
  respond.response.fields.front().value = "application/octet-stream";
  return respond;
}
/// A payload to compare with; it lives as long as the tests.
inline Payload shown(std::string_view bytes) {
  static Arena arena;
  return {arena, bytes};
}
inline SendFrame text_frame(WebSocketId id, std::string_view packet) {
  return {id, MessageKind::text, shown(packet)};
}
inline Received received(std::string_view data, MessageKind kind = MessageKind::text) {
  return {session, kind, data};
}
inline const std::string unknown_sid = R"({"code":1,"message":"Session ID unknown"})";

/// A server and the hand that drives it. Each call returns all that was said because of it.
class Host {
 public:
  explicit Host(Options options = {}) : server_{std::move(options), entropy_, arena_} {}

  Server& server() { return server_; }

  Said request(RequestId id, HttpRequest request) {
    // What outputs show may lie in the request.
    server_.request(id, requests_.emplace_back(std::move(request)), now_);
    return drain();
  }
  Said poll(RequestId id) { return request(id, get(session_polling)); }
  Said request_gone(RequestId id) {
    server_.request_gone(id, now_);
    return drain();
  }
  Said upgrade(WebSocketId id, HttpRequest request) {
    server_.upgrade(id, request, now_);
    return drain();
  }
  Said frame(WebSocketId id, std::string_view payload, MessageKind kind = MessageKind::text) {
    server_.websocket_received(id, kind, payload, now_);
    return drain();
  }
  Said gone(WebSocketId id, WebSocketEnd end) {
    server_.websocket_closed(id, end, now_);
    return drain();
  }
  Said send(std::string_view data, MessageKind kind = MessageKind::text) {
    server_.send(session, kind, {arena_, data}, now_);
    return drain();
  }
  Said send_volatile(std::string_view data) {
    server_.send(session, MessageKind::text, {arena_, data}, now_, {.is_volatile = true});
    return drain();
  }
  Said close() {
    server_.close(session, now_);
    return drain();
  }
  /// Lets time pass the way a shell does: it wakes the server when that wants to be woken.
  Said pass(Duration duration) {
    const auto end = now_ + duration;
    Said said;
    while (server_.wake_at() && *server_.wake_at() <= end) {
      now_ = std::max(now_, *server_.wake_at());
      server_.advance(now_);
      std::ranges::move(drain(), std::back_inserter(said));
    }
    now_ = end;
    return said;
  }

  // To begin with.
  void open_polling() { request(RequestId{1}, get(polling)); }
  void open_websocket() { upgrade(socket, engineio::upgrade(websocket)); }
  void begin_upgrade() {
    open_polling();
    upgrade(socket, engineio::upgrade(session_websocket));
  }

  Said drain() {
    Said said;
    while (auto output = server_.poll()) said.push_back(*std::move(output));
    return said;
  }

 private:
  NoEntropy entropy_;
  Arena arena_;
  Server server_;
  std::deque<HttpRequest> requests_;
  Time now_{};
};

}  // namespace parley::engineio
