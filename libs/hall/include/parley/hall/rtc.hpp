#pragma once

#include <parley/signaling/waiting_pair.hpp>
#include <parley/socketio/server.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parley::hall {

/// For people who look after the server: who waits, who is paired, who left.
using Log = std::function<void(std::string_view)>;

/// The lesson's `/rtc`: whoever connects takes part in the pairing; `identify` tells the two of a
/// pair who calls, `left` tells the one who stays. A `signal` goes to the partner as it came and to
/// nobody else; without a partner it is dropped. A dumb relay: it never looks inside, so that it
/// cannot answer either, and an acknowledgement that a client asks for never comes. Other events
/// mean nothing here. It and `server` live equally long.
class Rtc {
 public:
  Rtc(socketio::Server& server, Log log);
  Rtc(const Rtc&) = delete;
  Rtc& operator=(const Rtc&) = delete;

 private:
  void connected(socketio::Socket socket);
  void relay(const socketio::Event& event);
  void disconnected(socketio::Socket socket, socketio::DisconnectReason reason);
  void tell(const std::vector<signaling::Output>& outputs);
  void log_waiting(signaling::PeerId peer);
  std::string name(signaling::PeerId peer) const;
  socketio::Socket socket_of(signaling::PeerId peer);

  socketio::Server& server_;
  Log log_;
  signaling::WaitingPair pair_;
  std::unordered_map<signaling::PeerId, std::uint64_t> numbers_;  // by arrival, for the log
  std::uint64_t arrivals_ = 0;
};

}  // namespace parley::hall
