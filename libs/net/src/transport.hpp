#pragma once

#include "socket.hpp"
#include "tls_stream.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace parley::net {

enum class Sent { all, in_part, failed };

/// One connection, plain or through TLS, that never blocks: a read takes what is there, a send
/// gives the kernel what it takes, and the rest is kept in a backlog until flush().
class Transport {
 public:
  static constexpr std::size_t parts_max = Socket::parts_max;

  explicit Transport(Descriptor socket, std::unique_ptr<TlsStream> tls = nullptr)
      : socket_{std::move(socket)}, tls_{std::move(tls)} {}

  /// Something came to be read, or there is room to write again.
  void arrived(Arrival arrival) { socket_.arrived(arrival); }
  void found_room();

  /// True if read() may have something to do.
  bool unread() const { return tls_ ? tls_->unread(socket_) : socket_.unread(); }

  Moved read(std::span<char> buffer);

  /// Sends `parts` in their order, at most parts_max. Once something is kept, everything after it
  /// is kept behind it.
  Sent send(std::span<const std::string_view> parts);

  /// Whether what it receives and sends is what the kernel receives and sends: then others may
  /// make the calls, and say here what came of them.
  bool is_plain() const { return !tls_; }
  Moved received(ssize_t result, std::size_t room) { return socket_.received(result, room); }
  /// As send() of `bytes`. Only while nothing is kept.
  Sent sent(std::string_view bytes, ssize_t result);

  /// Sends from the backlog.
  Sent flush();

  std::size_t backlog() const { return backlog_ ? backlog_->bytes.size() - backlog_->flushed : 0; }

  /// Tells the peer, if it speaks TLS, that no more will come.
  void say_goodbye();

  /// Tells any peer that no more will come; reading goes on.
  void finish();

  void close() { socket_.close(); }

  /// False during a TLS handshake.
  bool is_established() const { return !tls_ || tls_->is_established(); }

  /// Empty if it is plain.
  const TlsStream* tls() const { return tls_.get(); }

  /// For a peer that has never spoken TLS.
  void become_plain() { tls_.reset(); }

  const Descriptor& descriptor() const { return socket_.descriptor(); }

 private:
  // Only while a peer reads too slowly.
  struct Backlog {
    std::string bytes;
    std::size_t flushed = 0;  // of bytes, which the kernel has taken
  };

  Moved write(std::span<const std::string_view> parts);
  Sent keep_rest(std::span<const std::string_view> parts, Moved sent);
  void keep(std::span<const std::string_view> parts, std::size_t sent);

  Socket socket_;
  std::unique_ptr<TlsStream> tls_;
  std::unique_ptr<Backlog> backlog_;
};

}  // namespace parley::net
