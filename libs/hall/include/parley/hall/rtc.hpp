#pragma once

#include <parley/base/id_map.hpp>
#include <parley/signaling/waiting_pair.hpp>
#include <parley/socketio/server.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace parley::hall {

/// For people who look after the server: who waits, who is paired, who left.
using Log = std::function<void(std::string_view)>;

/// Where it is decided who is paired with whom. Of several servers that act as one, one decides.
enum class Pairing { here, elsewhere };

/// The lesson's `/rtc`: whoever connects takes part in the pairing; `identify` tells the two of a
/// pair who calls, `left` tells the one who stays. A `signal` goes to the partner as it came and to
/// nobody else; without a partner it is dropped. A dumb relay: it never looks inside, so that it
/// cannot answer either, and an acknowledgement that a client asks for never comes. Other events
/// mean nothing here. It and `server` live equally long.
///
/// Several servers that act as one (socketio::Cluster) have one each. What they tell one another
/// must arrive in the order of its causes, as through inboxes, or else a signal could come before
/// its receiver knows of the pair.
class Rtc {
 public:
  Rtc(socketio::Server& server, Log log, Pairing pairing = Pairing::here);
  Rtc(const Rtc&) = delete;
  Rtc& operator=(const Rtc&) = delete;

 private:
  struct Guest {
    socketio::NodeId server;  // that has it
    std::string id;
  };
  /// A socket of this server, or another's.
  using Partner = std::variant<socketio::SocketId, Guest>;

  struct NameForOthers {
    std::string id;
    std::optional<std::uint64_t> server;  // none if it is the one that says so
  };

  void relay(const socketio::Event& event);
  void identify(socketio::Socket socket, signaling::Role role, Partner partner);
  void left(socketio::Socket socket);
  std::optional<socketio::Socket> find(std::string_view id);
  socketio::Socket socket_of(socketio::SocketId number) { return {server_, number}; }

  // Where it is not decided.
  void ask();

  // Where it is. Somebody's peer id is the number of the socket if that is here.
  void decide();
  void arrive(signaling::PeerId peer);
  void leave(signaling::PeerId peer, std::string_view reason);
  void tell(const std::vector<signaling::Output>& outputs);
  void tell_pair(signaling::PeerId receiver);
  void tell(signaling::PeerId peer, signaling::Role role, signaling::PeerId partner);
  void tell_left(signaling::PeerId peer);
  void log_waiting(signaling::PeerId peer);
  std::string name(signaling::PeerId peer) const;
  Partner partner_for(signaling::PeerId peer) const;
  NameForOthers name_for_others(signaling::PeerId peer);

  socketio::Server& server_;
  socketio::Namespace& rtc_;
  Log log_;
  IdMap<socketio::SocketId, Partner> partners_;  // of those who are here

  signaling::WaitingPair pair_;
  std::unordered_map<signaling::PeerId, std::uint64_t> numbers_;  // by arrival, for the log
  std::uint64_t arrivals_ = 0;
  std::map<std::string, signaling::PeerId, std::less<>> guest_peers_;  // by the guests' ids
  std::unordered_map<signaling::PeerId, Guest> guests_;                // the other way round
};

}  // namespace parley::hall
