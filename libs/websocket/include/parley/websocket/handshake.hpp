#pragma once

#include <parley/base/http.hpp>
#include <parley/base/result.hpp>

#include <string>
#include <string_view>

namespace parley::websocket {

/// True if `request` asks for a WebSocket at all (RFC 6455, section 4.2.1: Upgrade and Connection).
bool is_upgrade(const HttpRequest& request);

/// The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key (RFC 6455, section 4.2.2).
std::string accept_key(std::string_view key);

/// The 101 that accepts `request`, or the 400 that says what is wrong with it (version, key,
/// method). It accepts no extension: that is accept_deflate()'s.
Result<HttpResponse, HttpResponse> accept_upgrade(const HttpRequest& request);

}  // namespace parley::websocket
