#include "tls_stream.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <new>

namespace parley::net {

namespace {

// RFC 8446, section 5.1. What is longer goes out in several records.
constexpr std::size_t record_bytes_max = 16 * 1024;

// OpenSSL's way to our sockets: without SIGPIPE, and without reading what is known to be empty.
Socket& socket_of(BIO* bio) { return *static_cast<Socket*>(BIO_get_data(bio)); }

int result_of(BIO* bio, Moved moved, int retry) {
  BIO_clear_retry_flags(bio);
  if (moved.outcome == Outcome::blocked) BIO_set_flags(bio, retry | BIO_FLAGS_SHOULD_RETRY);
  if (moved.outcome == Outcome::moved) return static_cast<int>(moved.size);
  return moved.outcome == Outcome::ended ? 0 : -1;
}

int read_bio(BIO* bio, char* data, int size) {
  const std::span buffer{data, static_cast<std::size_t>(size)};
  return result_of(bio, socket_of(bio).receive(buffer), BIO_FLAGS_READ);
}

int write_bio(BIO* bio, const char* data, int size) {
  const std::string_view part{data, static_cast<std::size_t>(size)};
  return result_of(bio, socket_of(bio).send({&part, 1}), BIO_FLAGS_WRITE);
}

long control_bio(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* socket_method() {
  static BIO_METHOD* const method = [] {
    auto* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "parley socket");
    if (!made) throw std::bad_alloc{};
    BIO_meth_set_read(made, read_bio);
    BIO_meth_set_write(made, write_bio);
    BIO_meth_set_ctrl(made, control_bio);
    return made;
  }();
  return method;
}

}  // namespace

TlsStream::TlsStream(SSL_CTX* context) : ssl_{SSL_new(context)} {
  auto* const bio = BIO_new(socket_method());
  if (!ssl_ || !bio) throw std::bad_alloc{};
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_accept_state(ssl_.get());
}

bool TlsStream::unread(const Socket& socket) const {
  return !wants_room_ && (is_full_ || ended_ || socket.unread());
}

SSL* TlsStream::use(Socket& socket) {
  BIO_set_data(SSL_get_rbio(ssl_.get()), &socket);
  // OpenSSL tells an old error from a new one by the queue's being empty before.
  ERR_clear_error();
  return ssl_.get();
}

Moved TlsStream::read(Socket& socket, std::span<char> buffer) {
  if (ended_) return {.outcome = Outcome::ended};
  auto* const ssl = use(socket);
  std::size_t size = 0;
  while (size < buffer.size()) {
    const auto left = buffer.subspan(size);
    const int result = SSL_read(ssl, left.data(), static_cast<int>(left.size()));
    if (result > 0) {
      size += static_cast<std::size_t>(result);
      continue;
    }
    const auto why = failed(result);
    ended_ = why.outcome != Outcome::blocked;
    is_full_ = false;
    // What came before the end is shown first.
    return size > 0 ? Moved{.size = size} : why;
  }
  is_full_ = true;
  return {.size = size};
}

Moved TlsStream::write(Socket& socket, std::span<const std::string_view> parts) {
  use(socket);
  std::size_t total = 0;
  for (const auto part : parts) total += part.size();
  if (parts.size() > 1 && total <= record_bytes_max) {
    std::array<char, record_bytes_max> record;
    auto end = record.begin();
    for (const auto part : parts) end = std::ranges::copy(part, end).out;
    return write_part({record.data(), total});
  }
  std::size_t size = 0;
  for (const auto part : parts) {
    const auto moved = write_part(part);
    size += moved.size;
    if (moved.size < part.size()) return size > 0 ? Moved{.size = size} : moved;
  }
  return {.size = size};
}

Moved TlsStream::write_part(std::string_view part) {
  std::size_t size = 0;
  while (size < part.size()) {
    const auto left = part.substr(size);
    const int result = SSL_write(ssl_.get(), left.data(), static_cast<int>(left.size()));
    if (result <= 0) return size > 0 ? Moved{.size = size} : failed(result);
    size += static_cast<std::size_t>(result);
  }
  return {.size = size};
}

Moved TlsStream::failed(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_WRITE:
      wants_room_ = true;
      [[fallthrough]];
    case SSL_ERROR_WANT_READ:
      return {.outcome = Outcome::blocked};
    case SSL_ERROR_ZERO_RETURN:
      return {.outcome = Outcome::ended};
    default:
      break;
  }
  const auto error = ERR_peek_last_error();
  met_plain_http_ =
      ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_HTTP_REQUEST;
  if (const auto* const reason = ERR_reason_error_string(error)) fault_ = reason;
  return {.outcome = Outcome::failed};
}

void TlsStream::finish(Socket& socket) {
  if (is_established() && !ended_) SSL_shutdown(use(socket));
}

}  // namespace parley::net
