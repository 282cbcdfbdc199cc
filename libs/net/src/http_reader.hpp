#pragma once

#include <parley/base/http.hpp>
#include <parley/base/result.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace parley::net {

enum class HttpFault { malformed, header_too_large, body_too_large };

/// Reads one HTTP/1 request from a stream, on Beast's parser.
///
/// Bytes that receive() did not take must be presented again, at the front of what came since: the
/// header is only taken whole. A reader reads one request; the next one needs another reader.
class HttpReader {
 public:
  struct Limits {
    std::size_t header_bytes_max;
    std::size_t body_bytes_max;
  };

  explicit HttpReader(Limits limits);
  ~HttpReader();
  HttpReader(HttpReader&&) noexcept;
  HttpReader& operator=(HttpReader&&) noexcept;

  /// Returns how many bytes were taken. After a fault, and once done(), there is no more to call.
  [[nodiscard]] Result<std::size_t, HttpFault> receive(std::string_view bytes);

  bool header_done() const;
  bool done() const;

  /// True if the client waits for "100 Continue" before it sends the body (RFC 9110,
  /// section 10.1.1).
  bool expects_continue() const;

  /// True if the connection may carry another request after this one.
  bool keep_alive() const;

  /// What was read so far, to be moved from once done(). An absolute target ("http://host/path") is
  /// given as the path that it means.
  HttpRequest& request();

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace parley::net
