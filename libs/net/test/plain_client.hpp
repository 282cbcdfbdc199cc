#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace parley::net {

/// A blocking TCP client of 127.0.0.1 that sends and sees literal bytes. It gives up after 10 s, so
/// that a broken server fails a test and does not hang it.
class PlainClient {
 public:
  explicit PlainClient(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  virtual ~PlainClient() {
    if (socket_ >= 0) ::close(socket_);
  }
  PlainClient(const PlainClient&) = delete;
  PlainClient& operator=(const PlainClient&) = delete;

  /// False once the server does not take any more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = write_some(bytes);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Exactly `size` bytes, or fewer if the connection ends.
  std::string read(std::size_t size) {
    while (seen_.size() < size && receive()) {
    }
    return take(size);
  }

  /// Up to and with `end`, or fewer if the connection ends.
  std::string read_until(std::string_view end) {
    std::size_t at = seen_.find(end);
    while (at == seen_.npos && receive()) at = seen_.find(end);
    return take(at == seen_.npos ? at : at + end.size());
  }

  /// Everything until the server ends the connection.
  std::string read_all() {
    while (receive()) {
    }
    return take(seen_.npos);
  }

  void finish() { ::shutdown(socket_, SHUT_WR); }

  /// Ends the connection rudely: the server gets a reset.
  void reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
  }

 protected:
  virtual ssize_t write_some(std::string_view bytes) {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  virtual ssize_t read_some(std::span<char> buffer) {
    return ::recv(socket_, buffer.data(), buffer.size(), 0);
  }
  int socket() const { return socket_; }

 private:
  bool receive() {
    char buffer[64 * 1024];
    const auto size = read_some(buffer);
    if (size > 0) seen_.append(buffer, static_cast<std::size_t>(size));
    return size > 0;
  }
  std::string take(std::size_t size) {
    auto taken = seen_.substr(0, size);
    seen_.erase(0, size);
    return taken;
  }

  int socket_;
  std::string seen_;
};

}  // namespace parley::net
