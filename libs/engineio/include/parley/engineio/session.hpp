#pragma once

#include <parley/base/time.hpp>
#include <parley/engineio/options.hpp>
#include <parley/engineio/outputs.hpp>
#include <parley/engineio/packet.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::engineio {

/// A request that is to be answered, and the fields that its response carries besides its own.
struct Exchange {
  RequestId request;
  std::vector<HttpField> fields;
};

/// One Engine.IO session, server side, from its handshake to its end, whatever carries it:
/// polling, a WebSocket, or the one while it changes to the other.
///
/// Server calls it, once a request has passed the checks that need no session. It says what it has
/// to say to the Outputs that it is handed. It closes once: Closed is its last word to whoever
/// speaks above it. `options` outlives it.
class Session {
 public:
  enum class Transport { polling, websocket };

  /// Begins on polling, or on `socket` if there is one.
  Session(SessionId id, const Options& options, Dialect dialect, std::optional<WebSocketId> socket,
          Time now);

  Transport transport() const;
  Revision revision() const { return dialect_.revision; }

  /// Nothing is left to do: it can be forgotten.
  bool has_ended() const { return std::holds_alternative<Ended>(state_); }

  // Only on polling.
  void receive_poll(Exchange exchange, Outputs& outputs);
  void receive_post(Exchange exchange, const HttpRequest& request, Time now, Outputs& outputs);
  bool holds(RequestId request) const;
  void request_gone(RequestId request, Outputs& outputs);

  /// False if it has its WebSocket, is about to get one, or is closed.
  bool can_upgrade() const;
  void begin_upgrade(WebSocketId socket, Dialect::Bytes bytes, Time now);

  void receive_frame(WebSocketId socket, MessageKind kind, std::string_view payload, Time now,
                     Outputs& outputs);

  /// The connection below is gone; nothing is sent to it any more.
  void websocket_closed(WebSocketId socket, CloseReason reason, Outputs& outputs);

  /// On polling the packet waits for flush(), so that all that is sent in one go shares a response.
  void send(PacketType type, MessageKind kind, const Payload& data, Outputs& outputs);
  bool wants_flush() const;
  void flush(Outputs& outputs);

  /// Ends it as we wish it. A polling client that is not polling right now hears it at its next
  /// poll.
  void close(Time now, Outputs& outputs);

  void advance(Time now, Outputs& outputs);
  std::optional<Time> wake_at() const;

 private:
  // What carries the session.
  struct Polling {
    std::optional<Exchange> held;  // the poll that waits for something to send
  };
  struct OnWebSocket {
    WebSocketId socket;
  };
  // A WebSocket that may take over from polling (Engine.IO 4, "Upgrade").
  struct Probe {
    WebSocketId socket;
    Dialect::Bytes bytes;
    Time deadline;
    std::optional<Time> noop_at;  // set once the client has probed
  };

  // Engine.IO 4, "Heartbeat", and what comes after.
  struct Resting {
    Time ping_at;
  };
  struct AwaitingPong {
    Time deadline;
    bool extended;  // the first other packet after a ping restarts the wait, once
  };
  // Engine.IO 3: the client pings.
  struct AwaitingPing {
    Time deadline;
  };
  struct Lingering {
    Time until;  // closed, but the client has not heard it
  };
  struct Ended {};

  // A packet that waits for the next poll.
  struct Queued {
    PacketType type;
    MessageKind kind;
    std::string data;
  };

  bool is_open() const;
  void send_control(PacketType type, Outputs& outputs);
  HttpResponse take_queue(std::vector<HttpField> fields);
  void send_frame(PacketType type, MessageKind kind, const Payload& data, Outputs& outputs);
  void receive(const Packet& packet, Time now, Outputs& outputs);
  void receive_ping(Time now, Outputs& outputs);
  void receive_pong(Time now, Outputs& outputs);
  void receive_on_probe(std::string_view packet, Time now, Outputs& outputs);
  void note_sign_of_life(PacketType type, Time now);
  PayloadFormat format_of(const HttpRequest& post) const;
  void complete_upgrade(Time now, Outputs& outputs);
  void release_held_poll(Time now, Outputs& outputs);
  void drop_probe(Outputs& outputs);
  void advance_heartbeat(Time now, Outputs& outputs);
  void end(CloseReason reason, Outputs& outputs);

  SessionId id_;
  const Options& options_;
  Dialect dialect_;
  std::variant<Polling, OnWebSocket> transport_;
  std::optional<Probe> probe_;
  std::variant<Resting, AwaitingPong, AwaitingPing, Lingering, Ended> state_;
  std::vector<Queued> queue_;
  std::size_t queued_bytes_ = 0;
};

}  // namespace parley::engineio
