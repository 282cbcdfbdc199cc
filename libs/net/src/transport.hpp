#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace parley::net {

namespace asio = boost::asio;
using boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;

enum class ReadState { open, ended };

struct Read {
  std::size_t size = 0;
  ReadState state = ReadState::open;
};

enum class Sent { all, in_part, failed };

/// One TCP connection that never blocks: a read takes what is there, a send gives the kernel what
/// it takes, and the rest is kept in a backlog until flush().
class Transport {
 public:
  explicit Transport(Socket socket);

  Read read(std::span<char> buffer);

  /// Sends `head` and then `body`. Once something is kept, everything after it is kept behind it.
  Sent send(std::string_view head, std::string_view body = {});

  /// Sends from the backlog.
  Sent flush();

  std::size_t backlog() const { return backlog_.size() - flushed_; }

  /// Tells the peer that no more will come; reading goes on.
  void finish();

  void close();

  std::string remote_address() const;

  /// Calls `handler(error_code)` once there is something to read, or room to write. Aborted by
  /// close().
  template <class Handler>
  void wait_readable(Handler handler) {
    socket_.async_wait(Socket::wait_read, std::move(handler));
  }
  template <class Handler>
  void wait_writable(Handler handler) {
    socket_.async_wait(Socket::wait_write, std::move(handler));
  }

 private:
  void keep(std::string_view head, std::string_view body, std::size_t sent);

  Socket socket_;
  std::string backlog_;
  std::size_t flushed_ = 0;  // bytes of backlog_ that the kernel has taken
};

}  // namespace parley::net
