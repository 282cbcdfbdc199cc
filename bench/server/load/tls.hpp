#pragma once

#include <openssl/ssl.h>
#include <sys/types.h>

#include <memory>
#include <span>

namespace parley::bench {

/// The TLS of one connection, of the client's side. It agrees while it sends and receives, and
/// believes any certificate.
class Tls {
 public:
  struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  using Context = std::unique_ptr<SSL_CTX, FreeContext>;

  static Context make_context();

  Tls(const Context& context, int socket);

  // As recv(2) and send(2) return it, and where they set errno, -errno.
  ssize_t receive(std::span<char> bytes);
  ssize_t send(std::span<const char> bytes);

  /// Whether what is to be sent waits for the other side.
  bool awaits_input() const { return SSL_want_read(ssl_.get()); }

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  ssize_t result(int count) const;

  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace parley::bench
