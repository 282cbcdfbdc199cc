#pragma once

#include <parley/base/result.hpp>
#include <parley/net/server.hpp>
#include <parley/net/system_entropy.hpp>
#include <parley/node/node.hpp>
#include <parley/socketio/server.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace parley::net {

/// What went wrong, in a few words.
std::string_view text(ListenFault fault);

/// A program that is a Socket.IO server and nothing else, in one object: register handlers, listen,
/// run. It serves no pages. Whoever needs more puts a node and a Server together.
class SocketIo {
 public:
  struct Options {
    node::Options node = {};
    Limits limits = {};
    LogSink log = {};  // warnings go to the standard error stream unless told
  };

  SocketIo() : SocketIo{Options{}} {}
  explicit SocketIo(Options options);

  socketio::Server& io() { return node_.socketio(); }
  /// The namespace `name`; "/" is the one that clients join unless told.
  socketio::Namespace& of(std::string_view name) { return io().of(name); }

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
  class NoPages : public Pages {
   public:
    HttpResponse get(const HttpRequest& request) override;
  };

  SystemEntropy entropy_;
  node::Node node_;
  NoPages pages_;
  Server server_;
};

}  // namespace parley::net
