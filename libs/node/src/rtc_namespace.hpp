#pragma once

#include <parley/node/log.hpp>
#include <parley/signaling/waiting_pair.hpp>
#include <parley/socketio/server.hpp>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace parley::node {

/// The lesson's `/rtc`: whoever connects takes part in the pairing; `identify` tells the two of a
/// pair who calls, `left` tells the one who stays. A `signal` goes to the partner as it came and to
/// nobody else; without a partner it is dropped. A dumb relay: it never looks inside, so that it
/// cannot answer either, and an acknowledgement that a client asks for never comes. Other events
/// mean nothing here.
class RtcNamespace : public socketio::Namespace {
 public:
  void connected(socketio::Server& server, socketio::SocketId socket,
                 const socketio::Handshake& handshake) override;
  void received(socketio::Server& server, socketio::SocketId socket,
                const socketio::Event& event) override;
  void disconnected(socketio::Server& server, socketio::SocketId socket,
                    socketio::DisconnectReason reason) override;

  std::optional<Log> poll();

 private:
  void tell(socketio::Server& server, const std::vector<signaling::Output>& outputs);
  void log_waiting(signaling::PeerId peer);
  void log(std::string text);

  signaling::WaitingPair pair_;
  std::deque<Log> logs_;
};

}  // namespace parley::node
