#pragma once

#include <parley/base/result.hpp>
#include <parley/net/client_files.hpp>
#include <parley/net/nodes.hpp>
#include <parley/net/server.hpp>
#include <parley/node/node.hpp>
#include <parley/socketio/server.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace parley::net {

/// What went wrong, in a few words.
std::string_view text(ListenFault fault);

/// A program that is a Socket.IO server and nothing else, in one object: register handlers, listen,
/// run. It serves no pages but the client, if told to. Whoever needs more puts a node and a Server
/// together.
class SocketIo {
 public:
  struct Options {
    node::Options node = {};
    Limits limits = {};
    LogSink log = {};  // warnings go to the standard error stream unless told
    std::size_t threads = 1;
  };

  SocketIo() : SocketIo{Options{}} {}
  explicit SocketIo(Options options);

  socketio::Server& io() { return nodes_[0].socketio(); }
  /// The namespace `name`; "/" is the one that clients join unless told.
  socketio::Namespace& of(std::string_view name) { return io().of(name); }

  /// With several threads there is a server for each, which act as one, and io() and of() are the
  /// first one's. Calls `set_up` with each, so that all get the same handlers; before run(). What
  /// handlers share is then the application's to guard.
  void each(const std::function<void(socketio::Server&)>& set_up);

  /// Shows pages the client that lies in `directory` (see ClientFiles); before run(). Off unless
  /// told.
  [[nodiscard]] Result<void, std::error_code> serve_client(const std::filesystem::path& directory);

  /// See Server::listen().
  [[nodiscard]] Result<std::uint16_t, ListenError> listen(const std::string& address,
                                                          std::uint16_t port) {
    return server_.listen(address, port);
  }
  [[nodiscard]] Result<std::uint16_t, ListenError> listen(const std::string& address,
                                                          std::uint16_t port,
                                                          const TlsFiles& files) {
    return server_.listen(address, port, files);
  }

  /// Serves until SIGINT, SIGTERM or stop(). The signals are taken over when this object is made:
  /// threads of the program are to be started after it (see Server::stop_on()).
  void run() { server_.run(); }
  /// See Server::post().
  void post(std::move_only_function<void()> action) { server_.post(std::move(action)); }
  /// From any thread.
  void stop() { server_.stop(); }

 private:
  class ClientPages : public Pages {
   public:
    HttpResponse get(const HttpRequest& request) override;
    std::optional<HttpResponse> get_before_node(const HttpRequest& request) override;
    std::optional<ClientFiles> client;
  };

  Nodes nodes_;
  std::string path_;
  ClientPages pages_;
  Server server_;
};

}  // namespace parley::net
