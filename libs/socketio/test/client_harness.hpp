#pragma once

#include <parley/socketio/client.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::socketio::client {

// How outputs look when a test fails.
inline std::string number(auto id) { return std::to_string(std::to_underlying(id)); }
inline void PrintTo(const OpenConnection& o, std::ostream* out) {
  *out << "OpenConnection " << number(o.connection);
}
inline void PrintTo(const Send& o, std::ostream* out) {
  *out << "Send " << number(o.connection) << ' ' << o.data;
}
inline void PrintTo(const CloseConnection& o, std::ostream* out) {
  *out << "CloseConnection " << number(o.connection);
}
inline void PrintTo(const Connected& o, std::ostream* out) {
  *out << "Connected " << number(o.socket) << ' ' << o.sid << (o.recovered ? " recovered" : "");
}
inline void PrintTo(const ConnectError& o, std::ostream* out) {
  *out << "ConnectError " << number(o.socket) << " '" << o.message << "' " << o.data
       << (o.will_retry ? " will retry" : "");
}
inline void PrintTo(const Disconnected& o, std::ostream* out) {
  *out << "Disconnected " << number(o.socket) << ' ' << text(o.reason) << " '" << o.description
       << "'";
}
inline void PrintTo(const Received& o, std::ostream* out) {
  *out << "Received " << number(o.socket) << ' ' << o.event << ' ' << o.arguments.json;
  if (o.ticket) *out << " ticket " << number(o.ticket->connection) << ' ' << number(o.ticket->ack);
}
inline void PrintTo(const Acknowledged& o, std::ostream* out) {
  *out << "Acknowledged " << number(o.socket) << ' ' << number(o.ack) << ' '
       << (o.answer                                  ? o.answer->json
           : o.answer.error() == AckFault::timed_out ? "timed out"
                                                     : "disconnected");
}
inline void PrintTo(const ReconnectAttempt& o, std::ostream* out) {
  *out << "ReconnectAttempt " << o.attempt;
}
inline void PrintTo(const Reconnected& o, std::ostream* out) {
  *out << "Reconnected " << o.attempts;
}
inline void PrintTo(const ReconnectFailed&, std::ostream* out) { *out << "ReconnectFailed"; }

using Said = std::vector<Output>;

// Chance that a test sets, by its most significant byte.
struct SetChance : Entropy {
  void fill(std::span<std::byte> bytes) override {
    std::ranges::fill(bytes, std::byte{0});
    bytes.back() = byte;
  }
  std::byte byte{0x80};  // the middle: nothing is added to a delay
};

constexpr SocketId root{0};
constexpr ConnectionId first{1}, second{2};

inline Send sent(std::string text, ConnectionId connection = first) {
  return {connection, MessageKind::text, std::move(text)};
}
inline Send sent_binary(std::string bytes, ConnectionId connection = first) {
  return {connection, MessageKind::binary, std::move(bytes)};
}

/// A manager and the hand that drives it. Each call returns all that was said because of it.
class Hand {
 public:
  explicit Hand(Options options = {}) : manager_{options, chance} { manager_.socket("/"); }

  Manager& manager() { return manager_; }
  Time now() const { return now_; }

  SocketId socket(std::string_view name) { return manager_.socket(name); }
  Said connect(SocketId socket = root) {
    manager_.connect(socket, now_);
    return drain();
  }
  Said disconnect(SocketId socket = root) {
    manager_.disconnect(socket);
    return drain();
  }
  Said opened(ConnectionId connection = first) {
    manager_.opened(connection, now_);
    return drain();
  }
  Said hear(std::string_view packet, ConnectionId connection = first) {
    manager_.received(connection, MessageKind::text, packet, now_);
    return drain();
  }
  Said hear_binary(std::string_view bytes, ConnectionId connection = first) {
    manager_.received(connection, MessageKind::binary, bytes, now_);
    return drain();
  }
  Said lose(ConnectionId connection = first,
            DisconnectReason reason = DisconnectReason::transport_close,
            std::string description = "gone") {
    manager_.closed(connection, reason, std::move(description), now_);
    return drain();
  }
  Said emit(std::string json, std::vector<std::string> attachments = {}, SocketId socket = root) {
    const auto done = manager_.emit(socket, {std::move(json), std::move(attachments)}, {}, now_);
    fault = done ? std::nullopt : std::optional{done.error()};
    return drain();
  }
  Said ask(std::string json, std::optional<Duration> limit = {}) {
    const auto done =
        manager_.emit(root, {std::move(json)}, {.wants_ack = true, .ack_limit = limit}, now_);
    fault = done ? std::nullopt : std::optional{done.error()};
    return drain();
  }
  Said acknowledge(AckTicket ticket, Arguments arguments) {
    manager_.acknowledge(root, ticket, arguments);
    return drain();
  }
  /// Lets time pass the way a host does: it wakes the manager when that wants to be woken.
  Said pass(Duration duration) {
    const auto end = now_ + duration;
    Said said;
    while (manager_.wake_at() && *manager_.wake_at() <= end) {
      now_ = std::max(now_, *manager_.wake_at());
      manager_.advance(now_);
      std::ranges::move(drain(), std::back_inserter(said));
    }
    now_ = end;
    return said;
  }

  /// Until the root namespace is connected, with the sid "s1".
  void begin() {
    connect();
    opened();
    hear(R"(0{"sid":"s1"})");
  }

  Said drain() {
    Said said;
    while (auto output = manager_.poll()) said.push_back(*std::move(output));
    return said;
  }

  SetChance chance;
  std::optional<EmitFault> fault;

 private:
  Manager manager_;
  Time now_{};
};

}  // namespace parley::socketio::client
