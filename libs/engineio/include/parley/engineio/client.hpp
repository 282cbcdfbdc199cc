#pragma once

#include <parley/base/message.hpp>
#include <parley/base/queue.hpp>
#include <parley/base/time.hpp>
#include <parley/engineio/outputs.hpp>
#include <parley/engineio/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// The client's end of Engine.IO 4. A namespace of its own, because its words mean the same as the
// server's and differ in form.
namespace parley::engineio::client {

enum class Transport : std::uint8_t { polling, websocket };

/// Names and defaults are those of the field's documentation (Engine.IO, "Client options"); the
/// last one is ours.
struct Options {
  std::string path = "/socket.io/";
  std::vector<std::pair<std::string, std::string>> query = {};  // sent along with every request
  std::vector<Transport> transports = {Transport::polling, Transport::websocket};
  bool upgrade = true;              // from polling to a WebSocket, if `transports` has both
  bool try_all_transports = false;  // go on to the next one if the first cannot connect
  Duration close_timeout{5'000};    // how long the goodbye of a polling session may take
};

// Outputs for the shell. Targets are a path and a query.
struct Get {
  RequestId request;
  std::string target;
  bool operator==(const Get&) const = default;
};
/// To be sent with `Content-Type: text/plain;charset=UTF-8`.
struct Post {
  RequestId request;
  std::string target;
  std::string body;
  bool operator==(const Post&) const = default;
};
/// Nobody waits for this response any more; its TCP connection may be closed.
struct Abort {
  RequestId request;
  bool operator==(const Abort&) const = default;
};
struct OpenWebSocket {
  WebSocketId socket;
  std::string target;
  bool operator==(const OpenWebSocket&) const = default;
};
struct SendFrame {
  WebSocketId socket;
  MessageKind kind;
  std::string payload;
  bool operator==(const SendFrame&) const = default;
};
/// What was sent before, then a close frame. The last word on a socket, opened or not.
struct CloseWebSocket {
  WebSocketId socket;
  bool operator==(const CloseWebSocket&) const = default;
};

// Outputs for whoever speaks above Engine.IO.
struct Opened {
  std::string sid;
  Transport transport;
  bool operator==(const Opened&) const = default;
};
struct Upgraded {
  bool operator==(const Upgraded&) const = default;
};
struct Received {
  MessageKind kind;
  std::string data;  // UTF-8 if text
  bool operator==(const Received&) const = default;
};
struct Closed {
  CloseReason reason;
  std::string description = {};  // for people: what failed
  bool operator==(const Closed&) const = default;
};

using Output = std::variant<Get, Post, Abort, OpenWebSocket, SendFrame, CloseWebSocket, Opened,
                            Upgraded, Received, Closed>;

/// One Engine.IO 4 session, client side: handshake, polling, WebSocket, upgrade, heartbeat.
///
/// No I/O and no clock. After any call that is not const, drain poll() until it is empty, then wait
/// until wake_at(). Every Get and Post is answered by responded() or request_failed(), unless it is
/// aborted. Closed is the last output, and the session is inert after it. How long opening may take
/// is for the host to say: until Opened there is no limit but its close().
class Session {
 public:
  /// Options::transports is not empty.
  explicit Session(Options options);

  /// Once.
  void open();

  /// The first `body` that is not an Engine.IO payload, like any status but 200, ends the session.
  void responded(RequestId id, unsigned status, std::string_view body, Time now);
  /// The connection failed before the response was whole. `why` is for people.
  void request_failed(RequestId id, std::string_view why, Time now);

  void websocket_opened(WebSocketId id);
  void websocket_received(WebSocketId id, MessageKind kind, std::string_view payload, Time now);
  /// It could not be opened, or is gone: transport_close if by a close frame, transport_error
  /// otherwise. Harmless after CloseWebSocket.
  void websocket_closed(WebSocketId id, CloseReason reason, std::string_view why, Time now);

  /// Queues a message. Lost unless between Opened and Closed.
  void send(MessageKind kind, std::string data);

  /// Ends the session as we wish it. What was sent before still goes out, and what comes in is not
  /// heard; Closed{forced_close} follows when the server has been told, or was not in time.
  void close(Time now);

  void advance(Time now);
  std::optional<Time> wake_at() const;
  std::optional<Output> poll() { return outputs_.poll(); }

  /// Whether a message would go out at once. On a WebSocket the shell also knows what it has not
  /// written yet.
  bool writable() const;

 private:
  struct Polling {
    std::optional<RequestId> get;
    std::optional<RequestId> post;
  };
  struct OnWebSocket {
    WebSocketId socket;
  };
  // A WebSocket that is to take over from polling (Engine.IO 4, "Upgrade").
  struct Probe {
    enum class Stage : std::uint8_t {
      connecting,
      probing,    // waits for 3probe
      switching,  // waits for the requests in progress; none is begun
    };
    WebSocketId socket;
    Stage stage;
  };

  // A packet that waits to be sent.
  struct Outgoing {
    PacketType type;
    MessageKind kind;
    std::string data;
  };

  struct Idle {};
  struct Opening {
    std::size_t transport;  // index of the one being tried
  };
  struct Open {
    Time silent_until;  // a ping is due before
  };
  struct Closing {
    Time until;
  };
  struct Ended {};

  template <class State>
  bool is() const {
    return std::holds_alternative<State>(state_);
  }
  bool is_switching() const { return probe_ && probe_->stage == Probe::Stage::switching; }
  bool has_begun() const { return is<Opening>() || is<Open>(); }

  void begin(std::size_t transport);
  void receive_poll(unsigned status, std::string_view body, Time now);
  void receive_on_probe(std::string_view packet);
  void receive(const Packet& packet, Time now);
  void receive_open(std::string_view json, Time now);
  void go_on();
  void complete_upgrade();
  void drop_probe();
  void queue(PacketType type, MessageKind kind = MessageKind::text, std::string data = {});
  void flush();
  void post();
  std::size_t fitting() const;
  void fail(CloseReason reason, std::string description);
  void end(CloseReason reason, std::string description = {});
  void release_transport();
  std::string target(Transport transport) const;
  void push(Output output) { outputs_.push(std::move(output)); }

  Options options_;
  std::variant<Idle, Opening, Open, Closing, Ended> state_;
  std::variant<Polling, OnWebSocket> transport_;
  std::optional<Probe> probe_;
  std::string sid_;
  Duration silence_max_{};       // of the server's: its ping interval and timeout together
  std::size_t max_payload_ = 0;  // of a POST with several packets; 0 if the server set no limit
  std::uint64_t next_id_ = 1;
  std::vector<Outgoing> queue_;
  Queue<Output> outputs_;
};

}  // namespace parley::engineio::client
