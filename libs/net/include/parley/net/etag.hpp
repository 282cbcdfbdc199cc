#pragma once

#include <parley/base/http.hpp>

#include <string>
#include <string_view>

namespace parley::net {

/// A strong tag of these bytes, with its quotes (RFC 9110, section 8.8.3).
std::string etag_of(std::string_view bytes);

/// Whether the client has that representation already and asks only for another one (RFC 9110,
/// section 13.1.2). `etag` has no comma in it.
bool is_held_by_client(const HttpRequest& request, std::string_view etag);

}  // namespace parley::net
