#pragma once

#include <parley/socketio/listeners.hpp>

namespace parley::client {

/// A handler for as long as this lives; it may outlive what it listens to.
using Subscription = socketio::ScopedListener;

}  // namespace parley::client
