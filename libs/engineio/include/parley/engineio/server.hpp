#pragma once

#include <parley/base/arena.hpp>
#include <parley/base/http.hpp>
#include <parley/base/id_map.hpp>
#include <parley/base/ids.hpp>
#include <parley/base/message.hpp>
#include <parley/base/result.hpp>
#include <parley/base/time.hpp>
#include <parley/engineio/options.hpp>
#include <parley/engineio/outputs.hpp>
#include <parley/engineio/session.hpp>
#include <parley/engineio/wakes.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parley::engineio {

/// How a WebSocket ended below us.
enum class WebSocketEnd { closed, failed };

struct Asked;
struct Refusal;

/// All Engine.IO sessions of one thread, server side: routing, handshake, polling, WebSocket,
/// upgrade, heartbeat.
///
/// No I/O and no clock. After any call that is not const, drain poll() until it is empty, then wait
/// until wake_at(). Every request() and upgrade() gets exactly one answer, at once or later, unless
/// the shell says before that it is gone.
///
/// What outputs show lies in `arena` or in what was handed in, so that both stay until the outputs
/// are drained; then the owner of the arena may reset it. `entropy` and `arena` outlive the server.
class Server {
 public:
  Server(Options options, Entropy& entropy, Arena& arena);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// True if the shell should hand this request here: its path begins with Options::path.
  bool owns(const HttpRequest& request) const;

  /// What lets pages of allowed origins read a response to `request` that is not ours.
  std::vector<HttpField> cors_fields(const HttpRequest& request) const;

  /// Options::shard of the server whose session the request is for. Empty if that is anybody's, and
  /// where there is one server.
  std::optional<unsigned> shard_of(const HttpRequest& request) const;

  /// A whole HTTP request, body included. A shell reads one byte more than
  /// Options::max_http_buffer_size of a body at most, and leaves the 413 to us.
  void request(RequestId id, const HttpRequest& request, Time now);

  /// The client went away before its response was written. Harmless if it was answered already.
  void request_gone(RequestId id, Time now);

  /// A request with an Upgrade to WebSocket.
  void upgrade(WebSocketId id, const HttpRequest& request, Time now);

  void websocket_received(WebSocketId id, MessageKind kind, std::string_view payload, Time now);

  /// The connection below is gone or failed. Harmless after CloseWebSocket or RefuseUpgrade.
  void websocket_closed(WebSocketId id, WebSocketEnd end, Time now);

  /// The peer takes less than it is sent, so that something is kept back for it; and: it took all.
  /// Meanwhile volatile messages to it are dropped.
  void websocket_blocked(WebSocketId id);
  void websocket_drained(WebSocketId id);

  /// Queues a message; harmless if the session is closed.
  void send(SessionId session, MessageKind kind, const Payload& data, Time now,
            SendFlags flags = {});

  /// Ends a session as we wish it; what was sent before is flushed first. Closed is still an
  /// output, and before it whatever had been received by then.
  void close(SessionId session, Time now);

  /// Closes every session, e.g. because the server is going down.
  void close_all(Time now);

  void advance(Time now);
  std::optional<Time> wake_at() const;
  std::optional<Output> poll();
  /// The same, shown to `handle(Output&)` where it lies; false if there is none. `handle` calls
  /// nothing here that is not const.
  template <class Handle>
  bool poll(Handle handle) {
    if (outputs_.empty()) flush_all();
    return outputs_.poll([&](Output& output) {
      note(output);
      handle(output);
    });
  }

  /// Those closed but not yet known to be by their client count too.
  std::size_t session_count() const { return sessions_.size(); }

 private:
  struct Entry {
    SessionId id;
    std::array<char, 20> sid_text;
    Session session;
    Time wake_at = Time::max();  // as it stands in wakes_

    std::string_view sid() const { return {sid_text.data(), sid_text.size()}; }
  };

  // Which kind of request it is decides some of the checks.
  enum class Kind { plain, upgrade };

  Result<Entry*, Refusal> route(const HttpRequest& request, const Asked& asked, Kind kind);
  std::optional<Refusal> refusal_of_handshake(const HttpRequest& request, Revision revision) const;
  Entry* find(SessionId id);
  Entry* find(WebSocketId id);
  Entry& open(const HttpRequest& handshake, Dialect dialect, std::optional<WebSocketId> socket,
              Time now);
  void greet(Entry& entry, Transport transport);
  void open_polling(Exchange exchange, const HttpRequest& request, Dialect dialect, Time now);
  void open_websocket(WebSocketId id, const HttpRequest& request, Dialect dialect, Time now);
  void add_headers(std::vector<HttpField>& fields, const HttpRequest& request) const;
  void serve(Entry& entry, Exchange exchange, const HttpRequest& request, Time now);
  void report(const Refusal& refusal, const HttpRequest& request);
  void settle(Entry& entry);
  void forget(Entry& entry);
  bool is_stale(const Wake& wake) const;
  void clear_wakes();
  void flush_all();
  void note(const Output& said);

  Options options_;
  SidGenerator sids_;
  std::uint64_t sessions_opened_ = 0;
  IdMap<SessionId, std::unique_ptr<Entry>> sessions_;
  std::unordered_map<std::string_view, SessionId> by_sid_;  // keys lie in sessions_
  std::unordered_map<RequestId, SessionId> held_;
  IdMap<WebSocketId, SessionId> by_socket_;
  Wakes wakes_;
  std::vector<SessionId> to_flush_;
  Outputs outputs_;
};

}  // namespace parley::engineio
