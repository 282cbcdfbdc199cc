#pragma once

#include "tls_stream.hpp"

#include <parley/base/result.hpp>
#include <parley/net/server.hpp>

#include <openssl/ssl.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace parley::net {

/// A certificate and its key, read from their files, and how we speak TLS with them: 1.2 and up,
/// HTTP/1.1 by ALPN (RFC 7301), session tickets, no renegotiation, and no buffers while idle.
class TlsContext {
 public:
  [[nodiscard]] static Result<TlsContext, ListenError> load(const TlsFiles& files);

  /// Reads the files again if they have changed since they were read last. Empty if they have not.
  /// If the new ones will not do, the old ones stay.
  std::optional<Result<void, ListenError>> refresh();

  /// For a connection that was just accepted. It keeps what it began with.
  std::unique_ptr<TlsStream> stream() const { return std::make_unique<TlsStream>(context_.get()); }

  const TlsFiles& files() const { return files_; }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  using Context = std::unique_ptr<SSL_CTX, Free>;

  // What changes when a file is written or replaced.
  struct Stamp {
    std::uint64_t file = 0;
    std::int64_t size = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    bool operator==(const Stamp&) const = default;
  };
  using Stamps = std::array<Stamp, 2>;

  static Stamp stamp_of(const std::string& file);
  static Stamps stamps_of(const TlsFiles& files);
  static Result<Context, ListenError> read(const TlsFiles& files);

  TlsContext(TlsFiles files, Stamps stamps, Context context)
      : files_{std::move(files)}, stamps_{stamps}, context_{std::move(context)} {}

  TlsFiles files_;
  Stamps stamps_;
  Context context_;
};

}  // namespace parley::net
