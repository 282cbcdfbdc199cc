#include <parley/base/http.hpp>
#include <parley/client/url.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace parley::client {

namespace {

// No white space and no control character: the host goes into our request's header.
bool is_host(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return c > ' ' && c <= '~' &&
           std::string_view{"\"<>\\^`{|}[]@"}.find(c) == std::string_view::npos;
  });
}

std::optional<std::uint16_t> port_of(std::string_view digits) {
  std::uint16_t port = 0;
  const auto* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, port);
  if (read.ec != std::errc{} || read.ptr != end || port == 0) return std::nullopt;
  return port;
}

}  // namespace

std::string Url::authority() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  auto text = is_v6 ? '[' + host + ']' : host;
  return port == 80 ? text : text + ':' + std::to_string(port);
}

Result<Url, UrlFault> parse_url(std::string_view text) {
  const auto scheme = text.substr(0, text.find("://"));
  if (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "ws"))
    return std::unexpected{UrlFault::scheme};
  if (scheme.size() == text.size()) return std::unexpected{UrlFault::scheme};
  text.remove_prefix(scheme.size() + 3);

  const auto target = text.substr(std::min(text.find_first_of("/?"), text.size()));
  auto authority = text.substr(0, text.size() - target.size());
  const bool has_brackets = authority.starts_with('[');
  const auto host_end = has_brackets ? authority.find(']') : authority.find(':');
  if (has_brackets && host_end == authority.npos) return std::unexpected{UrlFault::host};

  Url url{.host = std::string{
              authority.substr(has_brackets ? 1 : 0, host_end - (has_brackets ? 1 : 0))}};
  if (!is_host(url.host)) return std::unexpected{UrlFault::host};
  authority.remove_prefix(std::min(authority.size(), host_end + (has_brackets ? 1 : 0)));
  if (!authority.empty()) {
    const auto port = authority.starts_with(':') ? port_of(authority.substr(1)) : std::nullopt;
    if (!port) return std::unexpected{UrlFault::port};
    url.port = *port;
  }
  const auto path = target.substr(0, target.find('?'));
  if (!path.empty()) url.name_space = path;
  url.query = Query{target}.entries();
  return url;
}

}  // namespace parley::client
