#pragma once

#include <parley/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::client {

/// Where a server is: `http://host[:port][/namespace][?query]`.
struct Url {
  std::string host;  // a name or an address, without the brackets of IPv6
  std::uint16_t port = 80;
  std::string name_space = "/";
  std::vector<std::pair<std::string, std::string>> query = {};  // decoded; sent with every request
  bool operator==(const Url&) const = default;

  /// As the Host field has it (RFC 9112, section 3.2): with brackets, and without port 80.
  std::string authority() const;
};

enum class UrlFault : std::uint8_t { scheme, host, port };

/// The schemes are http and ws, which mean the same here. Nothing is looked up.
Result<Url, UrlFault> parse_url(std::string_view text);

}  // namespace parley::client
