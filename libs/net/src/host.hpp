#pragma once

#include "connection_table.hpp"
#include "frame_deflater.hpp"
#include "house.hpp"
#include "inbox.hpp"
#include "listener.hpp"
#include "outbox.hpp"
#include "poller.hpp"
#include "ring.hpp"
#include "tls_context.hpp"
#include "wake_ups.hpp"

#include <parley/net/server.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::net {

/// One thread of the server: its table of connections, its node, and the turns that join them.
///
/// Whatever happens (bytes, time, a connection's end) is told to the node or the connection, and
/// then turn() carries out what the node wants, until nobody wants anything. A connection that ends
/// is only marked; its entry goes at the end of the turn, so that references hold until then.
class Server::Host {
 public:
  Host(House& house, std::size_t shard, node::Node& node);

  Result<std::uint16_t, ListenError> listen(const std::string& address, std::uint16_t port);
  Result<std::uint16_t, ListenError> listen(const std::string& address, std::uint16_t port,
                                            const TlsFiles& files);
  void stop_on(std::initializer_list<int> signals);
  void run();

  // From any thread.
  void post(Inbox::Action action);
  void stop();

 private:
  // Tags of the poller: what is above them is the id of a connection, which are far above.
  static constexpr Poller::Tag inbox_tag{0};
  static constexpr Poller::Tag signal_tag{1};
  static constexpr std::uint64_t first_door_tag = 2;

  struct Door {
    Descriptor socket;
    TlsContext* tls;  // of tls_, or empty if it is plain
  };
  /// A connection on its way to the thread that will have it: it is new, or comes with a request.
  struct Newcomer {
    Transport transport;
    std::unique_ptr<HttpPhase> http;
    std::optional<HttpRequest> request = {};
  };

  // host.cpp: turns and time.
  void handle(const epoll_event& event);
  void open_inbox();
  void serve_ready();
  void tick();
  void turn();
  void reap();
  void begin_stop();
  void signalled();
  std::optional<Duration> time_to_wait() const;
  std::optional<Time> wake_at() const;
  Result<std::uint16_t, ListenError> add_doors(const std::string& address, std::uint16_t port,
                                               TlsContext* tls);

  // host_together.cpp: reads and sends of many connections in one system call.
  void prepare_together();
  void handle_all(std::span<const epoll_event> events);
  bool can_receive_together(const epoll_event& event) const;
  void receive_together();
  bool put_into_outbox(Connection& connection, std::span<const std::string_view> parts);
  void send_together();
  void deliver();

  // host_doors.cpp
  void open_doors();
  void close_doors();
  void put_off(std::error_code error);
  void let_in(const Door& door);
  void deal(Accepted accepted, const TlsContext* tls);
  void send_to(std::size_t shard, Newcomer newcomer);
  void take_in(Newcomer newcomer);
  void hand_over(Connection& connection, HttpRequest request, std::size_t shard);

  // host_connection.cpp: what all connections share.
  void happened(Connection& connection, const epoll_event& event);
  static void note(Transport& transport, const epoll_event& event);
  void go_on(Connection& connection);
  void read(Connection& connection);
  void came(Connection& connection, Moved read, std::span<char> buffer);
  void write(Connection& connection);
  /// Tells the node whether a WebSocket's peer keeps up.
  void note_backlog(Connection& connection);
  void received(Connection& connection, std::span<char> bytes);
  void overdue(Connection& connection);
  void send(Connection& connection, std::span<const std::string_view> parts);
  void send(Connection& connection, std::string_view bytes) { send(connection, {&bytes, 1}); }
  void sent(Connection& connection, Sent outcome);
  void set_deadline(Connection& connection, Wait wait);
  /// Lets the peer read what was sent, and then ends the connection.
  void linger(Connection& connection);
  /// The same for a peer that has said its last: unless it must be waited for, this is the end.
  void hang_up(Connection& connection);
  /// The peer is gone, or is to be treated so: whoever waits for it is told.
  void lost(Connection& connection);
  void drop(Connection& connection);
  /// It is nothing of ours any more; its entry goes at the end of the turn.
  void forget(Connection& connection);
  void tell(node::RequestId request);
  void tell(node::WebSocketId socket);

  // host_tls.cpp: certificates that change, and those who came to the wrong port.
  void look_at_files();
  void give_up_handshake(Connection& connection);
  void refuse_plain_http(Connection& connection);
  void warn_of_tls(const HttpPhase& http);
  void hint(std::optional<Time>& said, std::string_view text);

  // host_http.cpp
  void serve(Connection& connection);
  void await_more(Connection& connection);
  void dispatch(Connection& connection, AfterResponse after);
  void ask(Connection& connection, const HttpRequest& request);
  void refuse(Connection& connection, HttpFault fault);
  void refuse_with(Connection& connection, unsigned status);
  void respond(Connection& connection, const HttpResponse& response);
  void next_request(Connection& connection);

  // host_websocket.cpp
  std::string_view framed(const node::SendFrame& output);
  void flush_frames();
  void receive_frames(Connection& connection, std::span<char> bytes);
  void handle_frames(Connection& connection, websocket::Receiver& receiver, std::span<char> bytes);
  void handle(Connection& connection, const websocket::Message& message);
  void handle(Connection& connection, const websocket::Ping& ping);
  void handle(Connection& connection, const websocket::Pong& pong);
  void handle(Connection& connection, const websocket::PeerClose& close);
  void handle(Connection& connection, const websocket::Violation& violation);
  Connection* find(node::WebSocketId socket) const;

  // What the node wants: host_http.cpp and host_websocket.cpp, each its own.
  void carry(const node::Respond& output);
  void carry(const node::AcceptUpgrade& output);
  void carry(const node::RefuseUpgrade& output);
  void carry(const node::SendFrame& output);
  void carry(const node::CloseWebSocket& output);
  void carry(const node::Publish& output);
  void carry(const node::Log& output) { log_(output.level, output.text); }

  House& house_;
  const std::size_t shard_;  // whose place this is in House::hosts
  node::Node& node_;
  Pages& pages_;
  const Limits& limits_;
  const LogSink& log_;
  Poller poller_;
  Inbox inbox_;
  std::optional<Signals> signals_;
  std::deque<TlsContext> tls_;  // where an entry stays at its place
  std::vector<Door> doors_;     // the first host's
  bool doors_open_ = false;

  ConnectionTable connections_;
  // What is received and sent together, where the system can do that.
  std::optional<Ring> ring_;
  std::unique_ptr<char[]> early_bytes_;
  std::vector<epoll_event> early_;  // whose bytes are received together
  std::vector<Transfer> incoming_;
  std::vector<Transfer> outgoing_;
  Outbox outbox_;
  // Frames in a row for one WebSocket go out together, where the node shows them.
  std::vector<std::string_view> frames_;
  node::WebSocketId frames_to_{};
  std::string accepted_;                     // the header that frames_ may begin with
  std::unique_ptr<FrameDeflater> deflater_;  // once a WebSocket has agreed on it
  std::vector<ConnectionId> ready_;          // with more to read, or to serve, before we wait again
  std::deque<std::variant<node::RequestId, node::WebSocketId>>
      farewells_;  // the node's, to be told
  std::vector<ConnectionId> gone_;
  Deadlines deadlines_;

  Time now_;  // the clock is read once each time that we have waited
  bool full_logged_ = false;
  bool finished_ = false;
  std::optional<Time> accept_at_;  // when to try again, after accepting has failed
  std::optional<Time> stop_at_;    // set once we are stopping
  std::optional<Time> look_at_;    // at the TLS files
  std::optional<Time> plain_http_said_;
  std::optional<Time> tls_said_;
  std::array<char, 64 * 1024> buffer_;
};

}  // namespace parley::net
