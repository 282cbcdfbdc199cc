#pragma once

#include "transport.hpp"

#include <parley/net/server.hpp>

#include <boost/asio/basic_socket_acceptor.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace parley::net {

/// Accepts connections on every address that a name stands for, all on one port.
class Listener {
 public:
  /// Where an accepted connection goes, or the reason why none could be accepted.
  using Accepted = std::function<void(error_code, Socket)>;

  Listener(asio::io_context& io, Accepted accepted);

  [[nodiscard]] Result<std::uint16_t, ListenError> listen(const std::string& address,
                                                          std::uint16_t port);

  /// Accepts one connection after the other until pause(). An error pauses by itself.
  void resume();
  void pause();
  bool paused() const { return paused_; }

  void close();

 private:
  using Endpoint = asio::ip::tcp::endpoint;
  using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
  // An acceptor stays at its place in acceptors_, whose size does not change once it listens.
  struct Door {
    Acceptor acceptor;
    bool waiting = false;
  };

  error_code open(const Endpoint& endpoint);
  error_code open_all(const std::vector<Endpoint>& endpoints, std::uint16_t port);
  void accept(std::size_t door);
  void accepted(std::size_t door, const error_code& error, Socket socket);

  asio::io_context& io_;  // the host's, which owns this too
  Accepted accepted_;
  std::vector<Door> doors_;
  bool paused_ = true;
};

}  // namespace parley::net
