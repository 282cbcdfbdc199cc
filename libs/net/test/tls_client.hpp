#pragma once

#include "plain_client.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace parley::net {

/// How a client presents itself.
struct TlsClientOptions {
  int version_max = TLS1_3_VERSION;
  std::string protocols = {};  // of ALPN, each after a byte with its length
  SSL_SESSION* resume = nullptr;
};

/// A PlainClient through TLS that believes every certificate.
class TlsClient : public PlainClient {
 public:
  explicit TlsClient(std::uint16_t port, const TlsClientOptions& options = {})
      : PlainClient{port}, context_{SSL_CTX_new(TLS_client_method())} {
    SSL_CTX_set_max_proto_version(context_.get(), options.version_max);
    SSL_CTX_set_min_proto_version(context_.get(), 0);
    SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_CLIENT);
    ssl_.reset(SSL_new(context_.get()));
    const auto& protocols = options.protocols;
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                        static_cast<unsigned>(protocols.size()));
    if (options.resume) SSL_set_session(ssl_.get(), options.resume);
    SSL_set_fd(ssl_.get(), socket());
    shook_hands_ = SSL_connect(ssl_.get()) == 1;
  }

  bool shook_hands() const { return shook_hands_; }
  bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  SSL_SESSION* session() const { return SSL_get1_session(ssl_.get()); }
  std::string version() const { return SSL_get_version(ssl_.get()); }

  /// What ALPN agreed on.
  std::string protocol() const {
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
    return {reinterpret_cast<const char*>(chosen), size};
  }

  /// The common name in the server's certificate.
  std::string server_name() const {
    char name[64] = "";
    auto* const certificate = SSL_get0_peer_certificate(ssl_.get());
    if (certificate)
      X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name,
                                sizeof name);
    return name;
  }

  /// Asks for another handshake on this connection; false if the server does not want it.
  bool renegotiate() {
    return SSL_renegotiate(ssl_.get()) == 1 && SSL_do_handshake(ssl_.get()) == 1;
  }

  /// True if the server said goodbye before it closed.
  bool saw_goodbye() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

 protected:
  ssize_t write_some(std::string_view bytes) override {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  }
  ssize_t read_some(std::span<char> buffer) override {
    return SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
  }

 private:
  template <auto free>
  using Freed = decltype([](auto* what) { free(what); });

  std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, Freed<SSL_free>> ssl_;
  bool shook_hands_ = false;
};

}  // namespace parley::net
