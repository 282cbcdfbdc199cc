#pragma once

#include <parley/base/ids.hpp>
#include <parley/base/time.hpp>
#include <parley/flow/task.hpp>
#include <parley/socketio/server.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::admin {

/// Says whether these are a user's name and password. Called on the server's thread; a hash that is
/// dear is better computed on another one, meanwhile.
using Verify = std::function<flow::task<bool>(std::string username, std::string password)>;

/// What a core cannot know.
struct Host {
  std::string hostname;
  std::uint64_t pid = 0;
  Time started;                                  // the process, by the host's clock
  std::chrono::sys_time<Duration> zero_of_time;  // what the calendar said when that was at zero
};

/// What somebody who looks on is told: numbers alone, or also every socket, room and event.
enum class Mode : std::uint8_t { production, development };

/// Names and defaults are those of the original's documentation ("Admin UI"), where it has them.
struct Options {
  Verify verify = {};  // everybody may look on unless told
  std::string namespace_name = "/admin";
  bool read_only = false;      // nobody may steer
  std::string server_id = {};  // the host's name unless told; no two of a cluster have the same
  Mode mode = Mode::development;
  Duration stats_interval{2'000};
  std::size_t logins_max = 4;        // being verified at one time; another is refused. Ours
  std::size_t sessions_max = 1'000;  // that spare a login; the oldest is forgotten. Ours
  Host host = {};
};

/// What `@socket.io/admin-ui`'s page talks to: a namespace where people look on and steer. It says
/// what `instrument()` of that package does (docs/admin-ui.md).
///
/// To be made before the application registers its handlers, so that it hears first. While nobody
/// looks on it says nothing and keeps no clock. Several servers that act as one have one each, and
/// whoever looks at one sees all. It and `server` live equally long; `entropy` outlives it.
class Admin {
 public:
  Admin(socketio::Server& server, Options options, Entropy& entropy);
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;

 private:
  using Verdict = Result<void, socketio::ConnectError>;

  // Who may look on.
  static flow::task<Verdict> admit(Admin* self, socketio::Socket socket);
  bool knows(std::string_view session) const;
  void remember(std::string session);
  void welcome(socketio::Socket socket);
  static flow::task<> show_all(Admin* self, socketio::Socket socket);
  std::vector<std::string> describe_all();

  // What they see.
  bool is_watched() const;
  void watch(socketio::Namespace& name_space);
  void watch_events(socketio::Namespace& name_space);
  void show(std::string_view what, socketio::Socket socket, const socketio::ArgumentsView& said);
  void watch_rooms(socketio::Namespace& name_space);
  void start_stats();
  static flow::task<> keep_stats(Admin* self);
  std::string stats();
  std::string now() const;

  // What they do.
  void obey(std::string_view command,
            void (Admin::*step)(const socketio::Broadcast&, const socketio::ArgumentsView&));
  void emit(const socketio::Broadcast& to, const socketio::ArgumentsView& command);
  void join(const socketio::Broadcast& to, const socketio::ArgumentsView& command);
  void leave(const socketio::Broadcast& to, const socketio::ArgumentsView& command);
  void disconnect(const socketio::Broadcast& to, const socketio::ArgumentsView& command);

  // Between the servers of a cluster.
  void hear_others();

  socketio::Server& server_;
  const Options options_;
  socketio::Namespace& admin_;
  SidGenerator sids_;
  std::deque<std::string> sessions_;
  std::size_t logins_ = 0;
  std::optional<Time> watched_until_;  // by somebody who is at another server
  bool keeps_stats_ = false;
  socketio::Traffic told_;               // at the last statistics
  std::vector<std::string> rooms_left_;  // by a socket that is about to be gone
};

}  // namespace parley::admin
