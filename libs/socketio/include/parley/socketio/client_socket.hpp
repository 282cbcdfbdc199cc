#pragma once

#include <parley/base/queue.hpp>
#include <parley/base/result.hpp>
#include <parley/base/time.hpp>
#include <parley/socketio/client_outputs.hpp>
#include <parley/socketio/packet.hpp>
#include <parley/socketio/parser.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::socketio::client {

/// Names and defaults are those of the field's documentation ("Client options"), but for the
/// limits, which are ours.
struct Options {
  Parser parser = Parser::json;  // the server has to use the same
  bool reconnection = true;
  std::optional<std::size_t> reconnection_attempts = {};  // in a row; no limit if unset
  Duration reconnection_delay{1'000};                     // before the first attempt, then doubled
  Duration reconnection_delay_max{5'000};
  double randomization_factor = 0.5;         // a delay is up to this part of it shorter or longer
  Duration timeout{20'000};                  // for a connection to open
  std::optional<Duration> ack_timeout = {};  // of an acknowledgement without a limit of its own
  // If set, events are sent one at a time, each until it is acknowledged, and again after
  // ack_timeout or a loss of the connection; so often at most, besides the first time. The server
  // may see an event twice.
  std::optional<std::size_t> retries = {};

  std::size_t max_attachments = 10;  // in one packet, either way: stock parsers refuse more
  std::size_t max_attachment_bytes = 100'000'000;  // all that one packet brings
  std::size_t send_buffer_max = 16'000'000;        // bytes kept of a socket that is not connected
  std::size_t early_events_max = 16'000'000;       // bytes of events that precede the connect
};

/// A reserved name is one that means something else in the field's clients and servers (Socket.IO,
/// "Emit cheatsheet").
enum class EmitFault : std::uint8_t { too_many_attachments, buffer_full, reserved_event };

/// Whether what is sent now would go out at once: the host knows.
enum class Line : std::uint8_t { free, busy };

/// What an emit asks for beside being sent.
struct EmitOptions {
  bool wants_ack = false;
  std::optional<Duration> ack_limit = {};  // Options::ack_timeout if unset
};

using Outputs = Queue<Output>;

/// One namespace of a client: connect, events, acknowledgements, what waits while there is no
/// connection, recovery. The Manager owns it and tells it about the connection; its outputs go
/// there.
class Socket {
 public:
  /// `options` outlives it.
  Socket(SocketId id, std::string name, const Options& options);

  const std::string& name() const { return name_; }
  /// Whether it is, or wants to be, connected.
  bool is_active() const { return active_; }
  bool is_connected() const { return !sid_.empty(); }
  /// Empty unless connected.
  const std::string& sid() const { return sid_; }
  bool has_recovered() const { return recovered_; }

  /// JSON text of an object, or empty.
  void show(std::string auth);

  void activate() { active_ = true; }
  /// The application leaves the namespace.
  void leave(Outputs& outputs);

  void connection_opened(ConnectionId connection, Outputs& outputs);
  void connection_lost(DisconnectReason reason, const std::string& description, bool will_retry,
                       Outputs& outputs);

  /// False if the server says more before it connects us than we keep.
  [[nodiscard]] bool receive(const Packet& packet, Time now, Outputs& outputs);

  Result<std::optional<AckId>, EmitFault> emit(Arguments arguments, EmitOptions wishes, Time now,
                                               Outputs& outputs);
  /// Lost unless connected and `line` is free.
  Result<void, EmitFault> emit_volatile(const Arguments& arguments, Line line, Outputs& outputs);
  void acknowledge(AckTicket ticket, const Arguments& arguments, Outputs& outputs);

  void advance(Time now, Outputs& outputs);
  std::optional<Time> wake_at() const;

 private:
  Result<void, EmitFault> may_emit(const Arguments& arguments) const;

  struct Buffered {
    Arguments arguments;
    std::optional<AckId> ack;
  };
  struct Early {
    std::string event;
    Arguments arguments;
    std::optional<AckId> ack;
  };
  // Of Options::retries. The first in the row is the one that is being sent.
  struct Retried {
    Arguments arguments;
    std::optional<AckId> ack;  // what the application knows it by
    std::optional<Duration> limit;
    std::size_t tries = 0;
    std::optional<AckId> sent_as = {};  // while it waits for its acknowledgement
  };

  void receive_connect(const Packet& packet, Time now, Outputs& outputs);
  void receive_connect_error(const Packet& packet, Outputs& outputs);
  [[nodiscard]] bool receive_event(const Packet& packet, Outputs& outputs);
  void receive_ack(const Packet& packet, Time now, Outputs& outputs);
  void deliver(Early event, Outputs& outputs);
  void disconnect(DisconnectReason reason, std::string description, Outputs& outputs);

  AckId await_ack(std::optional<Duration> limit, Time now);
  void forget_ack(AckId ack);
  void fail_acks(Outputs& outputs);
  void time_out(AckId ack, Time now, Outputs& outputs);

  void send_next_retried(Time now, Outputs& outputs);
  bool is_retried(AckId ack) const;
  void end_retried(Result<Arguments, AckFault> answer, Time now, Outputs& outputs);

  void send(const Header& header, const std::vector<std::string>& attachments,
            Outputs& outputs) const;
  void send_event(const Arguments& arguments, std::optional<AckId> ack, Outputs& outputs) const;

  SocketId id_;
  std::string name_;
  const Options& options_;
  std::string auth_;
  bool active_ = false;
  std::optional<ConnectionId> connection_;  // while there is one
  bool asked_ = false;                      // CONNECT was sent and not answered yet
  std::string sid_;
  bool recovered_ = false;
  std::string pid_;     // of connection state recovery; private to us and the server
  std::string offset_;  // of the last event with one
  std::vector<Early> early_;
  std::size_t early_bytes_ = 0;
  std::deque<Buffered> buffer_;
  std::size_t buffered_bytes_ = 0;  // of buffer_ and retried_
  std::deque<Retried> retried_;
  std::uint64_t next_ack_ = 0;
  std::map<AckId, std::optional<Time>> awaited_;
  std::set<std::pair<Time, AckId>> deadlines_;  // of awaited_
};

}  // namespace parley::socketio::client
