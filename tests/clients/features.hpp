#pragma once

#include <parley/socketio/server.hpp>

namespace parley {

/// Namespaces that show what a server does beyond sending events back: `/rooms`, `/door` and, made
/// when somebody asks, `/team-…`. The tests in this directory say what they expect of them.
void serve_features(socketio::Server& server);

}  // namespace parley
