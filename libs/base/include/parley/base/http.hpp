#pragma once

#include <parley/base/time.hpp>

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley {

/// An HTTP header field; names compare without regard to case (RFC 9110, section 5.1).
struct HttpField {
  std::string name;
  std::string value;
  bool operator==(const HttpField&) const = default;
};

/// A whole request as plain data, the way cores are told about it. Owns its text.
struct HttpRequest {
  std::string method;
  std::string target;  // path and query as sent, not decoded
  std::vector<HttpField> fields;
  std::string body;
  std::string remote_address;  // for logs and the handshake object: "127.0.0.1"
  bool is_secure = false;      // it came through TLS; for the handshake object, as what follows
  std::chrono::sys_time<Duration> received_at = {};  // by the shell's calendar

  /// The value of the first field of that name, or empty.
  std::optional<std::string_view> field(std::string_view name) const;

  /// The target up to '?', not decoded.
  std::string_view path() const;

  bool operator==(const HttpRequest&) const = default;
};

/// A whole response. The shell adds Content-Length and Connection; everything else stands here.
struct HttpResponse {
  unsigned status = 200;
  std::vector<HttpField> fields;
  std::string body;
  bool operator==(const HttpResponse&) const = default;
};

/// Without the white space around it (RFC 9110, section 5.6.3).
std::string_view trimmed(std::string_view text);

/// RFC 9110, section 5.1: ASCII letters compare without regard to case.
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// True if the comma-separated list `value` holds `token` (without regard to case).
bool list_contains(std::string_view value, std::string_view token);

/// A parsed query string: percent-decoded, '+' is a space, the last of a repeated key wins.
class Query {
 public:
  explicit Query(std::string_view target);

  std::optional<std::string_view> get(std::string_view key) const;
  const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

}  // namespace parley
