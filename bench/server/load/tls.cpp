#include "tls.hpp"

#include "../common/system.hpp"

#include <openssl/err.h>

#include <cerrno>

namespace parley::bench {

Tls::Context Tls::make_context() {
  Context context{SSL_CTX_new(TLS_client_method())};
  if (!context) fail("no TLS");
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  return context;
}

Tls::Tls(const Context& context, int socket) : ssl_{SSL_new(context.get())} {
  if (!ssl_ || SSL_set_fd(ssl_.get(), socket) != 1) fail("no TLS");
  SSL_set_connect_state(ssl_.get());
}

ssize_t Tls::receive(std::span<char> bytes) {
  ERR_clear_error();
  return result(SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())));
}

ssize_t Tls::send(std::span<const char> bytes) {
  if (bytes.empty()) return 0;
  ERR_clear_error();
  return result(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())));
}

ssize_t Tls::result(int count) const {
  if (count > 0) return count;
  switch (SSL_get_error(ssl_.get(), count)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return -EAGAIN;
    case SSL_ERROR_ZERO_RETURN:
      return 0;
    default:
      return -EPROTO;
  }
}

}  // namespace parley::bench
