#pragma once

#include <parley/base/http.hpp>
#include <parley/base/result.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace parley::client {

struct ResponseLimits {
  std::size_t header_bytes_max;
  std::size_t body_bytes_max;
};

enum class ResponseFault { malformed, header_too_large, body_too_large };
std::string_view text(ResponseFault fault);

/// Reads one HTTP/1 response from a stream, on Beast's parser. One response is all it reads: the
/// next one needs another reader.
class ResponseReader {
 public:
  explicit ResponseReader(ResponseLimits limits);
  ~ResponseReader();
  ResponseReader(ResponseReader&&) noexcept;
  ResponseReader& operator=(ResponseReader&&) noexcept;

  [[nodiscard]] Result<void, ResponseFault> receive(std::string_view bytes);
  /// The stream has ended; that completes a response which says no length.
  void end();

  bool done() const;
  /// True if the connection may carry another request after this response.
  bool keep_alive() const;
  /// What came after the response.
  std::string& rest() { return rest_; }

  unsigned status() const;
  std::string& body();
  /// The value of the first field of that name, or empty.
  std::string_view field(std::string_view name) const;

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
  std::string rest_;  // what the parser has not taken
};

}  // namespace parley::client
