#include "tls_context.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <new>
#include <string_view>
#include <utility>

namespace parley::net {

namespace {

constexpr std::string_view http_1_1 = "\x08http/1.1";

// RFC 7301, section 3.2: a client that offers only what we do not speak learns so at once.
// NOLINTNEXTLINE(readability-function-size): OpenSSL says what it takes.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  auto* const ours = reinterpret_cast<const unsigned char*>(http_1_1.data());
  unsigned char* found = nullptr;
  const int result =
      SSL_select_next_proto(&found, size, ours, http_1_1.size(), offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Instead of asking whoever sits at the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

// With what the system says if it was a matter of the file itself.
ListenError unusable(ListenFault fault) {
  const auto first = ERR_peek_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(first)) return {fault, {ERR_GET_REASON(first), std::system_category()}};
  return {fault, {}};
}

void set_up(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // A write may be repeated from a copy of its bytes; and whoever is idle holds no buffer.
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  // A session is resumed by its ticket, which the client keeps; one is enough.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
}

}  // namespace

Result<TlsContext, ListenError> TlsContext::load(const TlsFiles& files) {
  // Before they are read, so that a change in between is seen the next time.
  const auto stamps = stamps_of(files);
  auto context = read(files);
  if (!context) return std::unexpected{context.error()};
  return TlsContext{files, stamps, *std::move(context)};
}

std::optional<Result<void, ListenError>> TlsContext::refresh() {
  const auto stamps = stamps_of(files_);
  if (stamps == stamps_) return std::nullopt;
  stamps_ = stamps;
  auto context = read(files_);
  if (!context) return Result<void, ListenError>{std::unexpected{context.error()}};
  context_ = *std::move(context);
  return Result<void, ListenError>{};
}

Result<TlsContext::Context, ListenError> TlsContext::read(const TlsFiles& files) {
  ERR_clear_error();
  Context context{SSL_CTX_new(TLS_server_method())};
  if (!context) throw std::bad_alloc{};
  set_up(context.get());
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1)
    return std::unexpected{unusable(ListenFault::certificate_unusable)};
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const auto error = ERR_peek_error();
    const bool is_of_another = ERR_GET_LIB(error) == ERR_LIB_X509 &&
                               (ERR_GET_REASON(error) == X509_R_KEY_VALUES_MISMATCH ||
                                ERR_GET_REASON(error) == X509_R_KEY_TYPE_MISMATCH);
    return std::unexpected{
        unusable(is_of_another ? ListenFault::key_of_another : ListenFault::key_unusable)};
  }
  if (SSL_CTX_check_private_key(context.get()) != 1)
    return std::unexpected{unusable(ListenFault::key_of_another)};
  return context;
}

TlsContext::Stamp TlsContext::stamp_of(const std::string& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {.file = status.st_ino,
          .size = status.st_size,
          .seconds = status.st_mtim.tv_sec,
          .nanoseconds = status.st_mtim.tv_nsec};
}

TlsContext::Stamps TlsContext::stamps_of(const TlsFiles& files) {
  return {stamp_of(files.certificate), stamp_of(files.key)};
}

}  // namespace parley::net
