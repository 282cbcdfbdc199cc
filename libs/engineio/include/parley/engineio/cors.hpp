#pragma once

#include <parley/base/http.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::engineio {

/// Which pages may use the server, and what their browsers are told about it (the Fetch standard,
/// "CORS protocol"). Names and defaults are those of the field's `cors` option.
struct Cors {
  /// Nobody's; "https://school.example", or "*" for everybody's; those of a list; those that a
  /// function knows. A page of our own needs none of them.
  using Origin = std::variant<std::monostate, std::string, std::vector<std::string>,
                              std::function<bool(std::string_view)>>;

  Origin origin = {};
  std::vector<std::string> methods = {"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"};
  std::vector<std::string> allowed_headers = {};  // empty: whichever a page asks for
  std::vector<std::string> exposed_headers = {};
  bool credentials = false;  // whether pages may send cookies along
  std::optional<std::chrono::seconds> max_age = {};

  /// False for a foreign page. A request without an Origin header (a program) is always let in, and
  /// so is a page whose Origin is the request's Host.
  bool admits(const HttpRequest& request) const;
};

}  // namespace parley::engineio
