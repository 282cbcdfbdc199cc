#pragma once

#include "socket.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace parley::net {

/// The server's end of TLS on one connection: records in, what they carry out, and the other way
/// round. The handshake is part of the first reads.
///
/// Every call names the connection's socket, which stays where it belongs: in the transport.
class TlsStream {
 public:
  explicit TlsStream(SSL_CTX* context);

  bool is_established() const { return SSL_is_init_finished(ssl_.get()) == 1; }

  /// Reads until `buffer` is full, or nothing is there.
  Moved read(Socket& socket, std::span<char> buffer);

  /// True if read() has something to do.
  bool unread(const Socket& socket) const;

  /// There is room to write, which the handshake may have waited for.
  void found_room() { wants_room_ = false; }

  /// As much of `parts`, in their order, as the kernel takes. What it did not take must be written
  /// next.
  Moved write(Socket& socket, std::span<const std::string_view> parts);

  /// Says goodbye; the peer may still send.
  void finish(Socket& socket);

  /// True if the peer did not speak TLS at all, but HTTP.
  bool met_plain_http() const { return met_plain_http_; }

  /// Why read() or write() failed, in OpenSSL's words.
  std::string fault() const { return fault_; }

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  SSL* use(Socket& socket);
  Moved write_part(std::string_view part);
  Moved failed(int result);

  std::unique_ptr<SSL, Free> ssl_;
  bool wants_room_ = false;  // nothing can be read before something was written
  bool is_full_ = false;     // the last buffer was too small for what is here
  bool ended_ = false;
  bool met_plain_http_ = false;
  const char* fault_ = "";
};

}  // namespace parley::net
