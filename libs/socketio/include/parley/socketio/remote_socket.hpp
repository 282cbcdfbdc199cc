#pragma once

#include <parley/socketio/broadcast.hpp>
#include <parley/socketio/handshake.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::socketio {

/// What a server says of one of its sockets. Owns what it shows, and shows how things were.
struct SocketFacts {
  std::string id;
  Handshake handshake;
  std::string auth;                // JSON
  std::vector<std::string> rooms;  // its own first
  std::string data;                // JSON: see SharedData
};

/// What an application keeps in Socket::data() if other servers are to see it too,
/// and to have it when its client comes back to one of them:
/// `*socket.data() = SharedData::of(user)`. Anything else stays with the server of its socket.
struct SharedData {
  std::string json;

  /// What `value` may be says JsonWriter.
  template <class T>
  static SharedData of(const T& value) {
    SharedData data;
    JsonWriter{data.json}.value(value);
    return data;
  }
};

/// A socket that may be another server's (Socket.IO, "fetchSockets"). What is asked of it is asked
/// of all servers through the room of its id, so also of whoever else has joined that; harmless
/// once it has left. The server that it was got from outlives it.
class RemoteSocket : public SocketFacts {
 public:
  RemoteSocket(Server& server, std::string name_space, SocketFacts facts)
      : SocketFacts{std::move(facts)}, server_{&server}, name_space_{std::move(name_space)} {}

  /// To it alone; chains on: `socket.room().timeout(1s).emit_with_ack("ready?")`.
  Broadcast room() const;

  template <class... T>
  void emit(std::string_view event, const T&... values) const {
    room().emit(event, values...);
  }
  void relay(const ArgumentsView& arguments) const { room().relay(arguments); }
  void join(std::string_view name) const { room().sockets_join(name); }
  void leave(std::string_view name) const { room().sockets_leave(name); }
  void disconnect(Socket::Scope scope = Socket::Scope::this_namespace) const {
    room().disconnect_sockets(scope);
  }

 private:
  Server* server_;
  std::string name_space_;  // that was asked: the one that it is in, or what that was made from
};

/// What Broadcast::fetch_sockets() found.
struct FetchedSockets {
  std::vector<RemoteSocket> sockets;  // of this server first
  bool is_complete = false;           // every server has said which it has
};

}  // namespace parley::socketio
