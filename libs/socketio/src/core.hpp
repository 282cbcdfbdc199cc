#pragma once

#include "recovery.hpp"

#include <parley/base/id_map.hpp>
#include <parley/base/slots.hpp>
#include <parley/flow/scope.hpp>
#include <parley/socketio/cluster_message.hpp>
#include <parley/socketio/decoder.hpp>
#include <parley/socketio/server.hpp>

#include <any>
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parley::socketio {

class Missing;

/// What is behind Server: the tables of connections and sockets, and what happens to them.
///
/// A socket that leaves is at once deaf and dumb; its handlers hear of it in settle(), when the
/// handler that may have caused it has returned, and then its entry goes.
class Server::Core {
 public:
  using AckHandler = std::function<void(Result<ArgumentsView, AckFault>)>;

  Core(Server& server, Options options, Entropy& entropy, Arena& arena);
  ~Core();

  // What a socket has that most have not.
  struct Extras {
    std::string auth = "{}";
    std::string own_id;  // of a client of revision 3
    std::any data;
    std::map<std::string, Listeners<void(Event&)>, std::less<>> events;
    Listeners<void(Event&)> any;
    Listeners<void(const ArgumentsView&)> any_outgoing;
    Listeners<void(DisconnectReason)> disconnecting;
    Listeners<void(DisconnectReason)> disconnect;
  };

  // What a socket has whose client may come back.
  struct Recoverable {
    std::string pid;
    Progress progress;
    bool is_recovered = false;
    std::shared_ptr<const Moved> moved = nullptr;
  };

  enum class Phase : std::uint8_t { admitting, joined, leaving };

  struct SocketState {
    ConnectionId connection;
    Namespace* name_space;
    std::array<char, 20> sid = {};
    Phase phase = Phase::admitting;
    std::uint32_t member = 0;  // its place in Namespace::members_
    Rooms::Joined rooms = {};
    std::shared_ptr<Extras> extras = nullptr;  // the second owner is a call of its handlers
    std::unique_ptr<Recoverable> recoverable = nullptr;

    std::string_view id() const {
      return extras && !extras->own_id.empty() ? std::string_view{extras->own_id}
                                               : std::string_view{sid.data(), sid.size()};
    }
    Extras& more() {
      if (!extras) extras = std::make_shared<Extras>();
      return *extras;
    }
  };

  // connections.cpp: what the host says.
  void opened(ConnectionId id, const HttpRequest& handshake, Time now, Peer peer);
  void upgraded(ConnectionId id);
  void received(ConnectionId id, MessageKind kind, std::string_view data);
  void closed(ConnectionId id, DisconnectReason reason);
  void expire(Time now);
  void settle();
  void cut(ConnectionId id, Violation violation);

  // joining.cpp: from CONNECT to the connection handlers.
  void connect(ConnectionId id, std::string_view name, std::string_view auth);

  // sockets.cpp: what handlers do with a socket.
  SocketState* find(SocketId id) { return sockets_.find(id); }
  /// Only while it may be sent something.
  SocketState* find_present(SocketId id);
  void emit(SocketId to, const ArgumentsView& arguments, Flags flags);
  void send_event(const SocketState& to, std::optional<AckId> ack, const ArgumentsView& arguments,
                  Flags flags);
  /// Tells those who look on what these sockets were sent.
  void show_sent(std::span<const SocketId> sockets, const ArgumentsView& arguments);
  AckId ask(SocketId to, const ArgumentsView& arguments, AckHandler&& handler);
  void forget(SocketId to, AckId ack) { awaited_.erase({to, ack}); }
  void acknowledge(SocketId to, AckId ack, const ArgumentsView& arguments);
  void disconnect(SocketId id, Socket::Scope scope);
  void leave(SocketId id, DisconnectReason reason);

  std::optional<Transport> transport_of(SocketId id);
  static flow::task<Arguments> question(Core* core, SocketId to, Arguments arguments);
  const Handshake* handshake_of(SocketId id);

  // broadcast.cpp: to many; a packet is encoded once.
  struct Encoded {
    MessageKind kind;
    Payload message;
    std::vector<Payload> attachments;  // messages of their own, if the parser has them so
  };
  /// False, and the host is told, if it has more attachments than may be sent.
  bool may_send(const ArgumentsView& arguments);
  Encoded encode_packet(Header header, std::span<const std::string> attachments);
  Encoded encode_event(const Namespace& name_space, std::optional<AckId> ack,
                       const ArgumentsView& arguments);
  void send(ConnectionId to, const Encoded& packet, Flags flags);
  void emit(const Namespace* from, const Target& target, const ArgumentsView& arguments,
            Flags flags, Origin origin = {});
  void send_to_all(const std::vector<SocketId>& sockets, std::optional<AckId> ack,
                   const ArgumentsView& arguments, Flags flags);
  std::vector<SocketId> select(const Namespace* from, const Target& target) const;
  void select_in(const Namespace& name_space, const Target& target,
                 std::vector<SocketId>& selected) const;

  // questions.cpp: to many, of this server and others.
  static flow::task<Answers> ask_all(Core* core, Broadcast to, Arguments arguments);
  static flow::task<FetchedSockets> fetch(Core* core, Broadcast from);
  static flow::task<Answers> ask_servers(Core* core, std::string about, Arguments arguments);

  // recovering.cpp: connection state recovery.
  std::unique_ptr<Recovery> make_recovery();
  /// Whoever of `target` is away gets it later, unless it is volatile; `sockets` are those who are
  /// not.
  struct Recoverably {
    Flags flags;
    Origin origin = {};
  };
  void emit_recoverably(const Namespace& name_space, const Target& target,
                        std::span<const SocketId> sockets, const ArgumentsView& arguments,
                        const Recoverably& how);

  // cluster.cpp: the other servers.
  bool has_others() const { return options.cluster && !options.cluster->others.empty(); }
  bool reaches_others(const Broadcast& broadcast) const;
  /// How many of them.
  std::size_t others_of(const Broadcast& broadcast) const;
  /// Whose sockets of this server it reaches: none without a namespace.
  Namespace* own_part(const Broadcast& broadcast) const;
  void publish(std::string about, cluster::Body body, std::optional<NodeId> to = {});
  /// To those whom `broadcast` reaches, if it reaches others.
  void publish(const Broadcast& broadcast, cluster::Body body);
  Namespace* named(std::string_view name) const;
  /// The number of the next broadcast that others hear.
  cluster::BroadcastNumber next_broadcast() {
    return options.connection_state_recovery ? ++known_.own : 0;
  }
  void heard(NodeId from, const ClusterMessage& message);

  Server& server;
  const Options options;
  Arena& arena;
  Scheduler scheduler;
  Queue<Output>& outputs;
  Traffic traffic;
  std::size_t polling = 0;  // connections
  Listeners<void(Namespace&)> on_namespace;
  Listeners<void(Socket)> on_upgrade;
  std::map<std::string, std::unique_ptr<Namespace>, std::less<>> namespaces;
  std::vector<std::pair<NameMatcher, std::unique_ptr<Namespace>>> parents;
  void spawn(flow::task<> flow, std::string what);
  /// Now, if something was done to sockets outside of the host's calls.
  std::optional<Time> wake_at();
  std::size_t connection_count() const { return connections_.size(); }

 private:
  class Asked;
  class Request;
  using Hear = std::function<void(NodeId, const cluster::Body&)>;
  struct Connection {
    Handshake handshake;
    Revision revision;
    Transport transport;
    bool is_open = true;
    Time connect_by;
    std::optional<Time> attachments_by = {};  // while a packet waits for some
    std::string sid;                          // of revision 3
    Decoder decoder = {};
    std::vector<SocketId> sockets = {};
  };
  struct Departure {
    SocketId socket;
    DisconnectReason reason;
  };

  // connections.cpp
  void handle(ConnectionId id, Connection& connection, const Packet& packet);
  void handle(SocketId id, const Packet& packet);
  void dispatch(SocketId id, const Packet& packet);
  void watch_attachments(ConnectionId id, Connection& connection);
  void take_acknowledgement(SocketId id, const Packet& packet);
  void forget(ConnectionId id, DisconnectReason reason);
  void announce_departures();
  void announce(const Departure& departure);
  bool is_in_any(const Namespace& name_space, const std::vector<std::string>& rooms,
                 SocketId id) const;
  void fail_awaited(SocketId id);
  Connection& connection_at(ConnectionId id) { return **connections_.find(id); }
  Connection* find_open(ConnectionId id);
  std::optional<SocketId> find_socket(const Connection& connection, std::string_view name) const;

  // moving.cpp: sessions that go over to another server.
  bool may_search() const {
    return has_others() && searches_ < options.connection_state_recovery->searches_max;
  }
  static flow::task<> find_elsewhere(Core* core, SocketId id, std::string about, Shown shown);
  std::optional<cluster::MovedSession> give_away(Namespace& name_space, const Shown& shown,
                                                 NodeId to);
  std::optional<Session> take_over(Namespace& name_space, NodeId from,
                                   const cluster::MovedSession& moved);
  void become(SocketId id, std::optional<Session> session);

  // joining.cpp
  void let_in(SocketId id);
  Namespace* find_namespace(std::string_view name, std::string_view auth);
  SocketId add_socket(ConnectionId id, Namespace& name_space, std::string_view auth,
                      std::string_view sid);
  flow::task<> admit(SocketId id);
  void join(SocketId id);
  void refuse(SocketId id, const ConnectError& error);
  void send_refusal(ConnectionId id, std::string_view name_space, const ConnectError& error);
  void remove(SocketId id);
  bool is_spare(const Namespace& name_space) const;
  void send_packet(ConnectionId to, const Header& header) {
    send(to, encode_packet(header, {}), {});
  }

  // cluster.cpp
  void apply(NodeId from, const std::string& about, const cluster::Broadcast& broadcast);
  void apply(NodeId from, const std::string& about, const cluster::SocketsJoin& join);
  void apply(NodeId from, const std::string& about, const cluster::SocketsLeave& leave);
  void apply(NodeId from, const std::string& about, const cluster::DisconnectSockets& disconnect);
  void apply(NodeId from, const std::string& about, const cluster::FetchSockets& fetch);
  void apply(NodeId from, const std::string& about, const cluster::ServerSideEmit& emit);
  void apply(NodeId from, const std::string& about, const cluster::FindSession& find);

  // questions.cpp
  void answer_for(NodeId whom, const std::string& about, const cluster::Broadcast& broadcast);
  static flow::task<> keep_until_answered(Core* core, std::shared_ptr<Asked> asked,
                                          std::shared_ptr<Missing> missing, Duration time);
  std::vector<SocketFacts> facts_of(const Namespace* name_space, const Target& target);

  // recovering.cpp
  struct Taken {
    bool is_known = false;  // its client was here
    std::optional<Session> session = {};
  };
  Taken take_session(Namespace& name_space, const Shown& shown);
  Taken take_absent(Namespace& name_space, const Shown& shown);
  void displace(SocketId old);
  void make_recoverable(SocketId id, std::optional<Session> session);
  bool send_missed(SocketId id);
  std::optional<Session> session_of(const SocketState& state, DisconnectReason reason) const;
  void keep(SocketState& state, Session session);
  void sweep(Time now);
  void want_sweep();

  SidGenerator sids_, pids_;
  IdMap<ConnectionId, std::unique_ptr<Connection>> connections_;
  Slots<SocketId, SocketState> sockets_;
  std::unordered_map<std::string_view, SocketId> by_sid_;  // keys lie in sockets_
  std::set<std::pair<Time, ConnectionId>> unjoined_;    // connections that never joined a namespace
  std::set<std::pair<Time, ConnectionId>> incomplete_;  // that owe attachments
  std::map<std::pair<SocketId, AckId>, AckHandler> awaited_;
  std::map<cluster::RequestId, Hear> requests_;  // to other servers, while somebody waits
  std::uint64_t last_request_ = 0;
  Known known_;               // of broadcasts, if clients may come back
  std::size_t searches_ = 0;  // for sessions that may be with another server
  std::unordered_map<std::string_view, SocketId> by_pid_;  // of those that joined; keys likewise
  std::optional<Time> sweep_at_;      // none if nothing is kept for clients that are away
  std::size_t children_ = 0;          // namespaces that were made for clients
  std::vector<std::string> spare_;    // names of children that may be empty
  std::deque<Departure> departures_;  // not announced yet
  std::vector<ConnectionId> closed_;  // until their sockets' departures are announced
  flow::Scope<Scheduler> flows_;      // destroyed first: flows look at all else
};

}  // namespace parley::socketio
