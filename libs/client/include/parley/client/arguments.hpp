#pragma once

#include <parley/socketio/message.hpp>
#include <parley/socketio/packet.hpp>

namespace parley::client {

using socketio::Arguments;
using socketio::values_of;

/// `values` as an acknowledgement carries them; with a name in front, as an event does.
template <class... T>
Arguments arguments_of(const T&... values) {
  return socketio::Message{values...}.take();
}

}  // namespace parley::client
