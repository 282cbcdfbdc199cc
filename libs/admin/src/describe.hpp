#pragma once

#include <parley/socketio/server.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace parley::admin {

/// JSON of a socket as the page wants it (docs/admin-ui.md). Sockets of one connection have
/// the same client's id, which begins with `server_id`.
std::string describe(const socketio::Socket& socket, std::string_view server_id);

/// What came and went since `before`, as the page's "aggregated events": a JSON array.
std::string describe(const socketio::Traffic& traffic, const socketio::Traffic& before,
                     std::chrono::sys_time<Duration> now);

}  // namespace parley::admin
