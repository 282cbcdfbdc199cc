#pragma once

#include <parley/base/time.hpp>
#include <parley/engineio/options.hpp>
#include <parley/engineio/outputs.hpp>
#include <parley/engineio/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::engineio {

/// How the body of a response may be packed (RFC 9110, section 8.4.1).
enum class Coding : std::uint8_t { identity, gzip, deflate };

/// A request that is to be answered, and what its response carries besides its own.
struct Exchange {
  RequestId request;
  std::vector<HttpField> fields;
  Coding coding = Coding::identity;
};

/// What an application may say of one message.
struct SendFlags {
  bool compress = true;      // false: not worth it, e.g. because it is compressed already
  bool is_volatile = false;  // dropped unless the session is writable right now
  bool is_part = false;      // of the message before it: sent or dropped as that was
};

/// One Engine.IO session, server side, from its handshake to its end, whatever carries it:
/// polling, a WebSocket, or the one while it changes to the other.
///
/// Server calls it, once a request has passed the checks that need no session. It says what it has
/// to say to the Outputs that it is handed. It closes once: Closed is its last word to whoever
/// speaks above it. Idle, it holds nothing but itself. `options` outlives it.
class Session {
 public:
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

  /// The connection below has more than the peer takes, or has it no more.
  void websocket_is_behind(WebSocketId socket, bool is_behind);

  /// On polling the packet waits for flush(), so that all that is sent in one go shares a response.
  void send(PacketType type, MessageKind kind, const Payload& data, Outputs& outputs,
            SendFlags flags = {});
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
    std::unique_ptr<Exchange> held;  // the poll that waits for something to send
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

  // Packets that wait for the next poll.
  struct Queued {
    PacketType type;
    MessageKind kind;
    bool compress;
    std::string data;
  };
  struct Queue {
    std::vector<Queued> packets;
    std::size_t bytes = 0;
  };

  bool is_open() const;
  std::optional<Time> state_ends_at() const;
  bool is_writable() const;
  void queue(PacketType type, MessageKind kind, std::string_view data, SendFlags flags);
  void send_control(PacketType type, Outputs& outputs);
  void send_frame(PacketType type, MessageKind kind, const Payload& data, Outputs& outputs,
                  SendFlags flags);
  HttpResponse take_queue(Exchange& exchange);
  bool is_too_busy(Time now);
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
  void end(CloseReason reason, Outputs& outputs, std::string_view detail = {});

  SessionId id_;
  const Options& options_;
  std::variant<Polling, OnWebSocket> transport_;
  std::unique_ptr<Probe> probe_;
  std::variant<Resting, AwaitingPong, AwaitingPing, Lingering, Ended> state_;
  std::unique_ptr<Queue> queue_;  // while something waits
  std::uint32_t second_ = 0;      // of which packets_ are counted
  std::uint32_t packets_ = 0;
  Dialect dialect_;
  bool is_behind_ = false;  // the WebSocket below
  bool dropped_ = false;    // the last message
};

}  // namespace parley::engineio
