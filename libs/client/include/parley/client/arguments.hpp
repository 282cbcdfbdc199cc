#pragma once

#include <parley/socketio/packet.hpp>
#include <parley/socketio/values.hpp>

namespace parley::client {

using socketio::Arguments;

/// `values` as an acknowledgement carries them; with a name in front, as an event does.
template <class... T>
Arguments arguments_of(const T&... values) {
  Arguments arguments;
  arguments.json.clear();
  socketio::JsonWriter writer{arguments.json};
  writer.array(values...);
  for (const auto attachment : writer.attachments()) arguments.attachments.emplace_back(attachment);
  return arguments;
}

/// The values of an acknowledgement: see socketio::arguments_as(). They are views of `arguments`.
template <class... T>
auto values_of(const Arguments& arguments) {
  return socketio::arguments_as<T...>(socketio::Json{arguments.json, arguments.attachments});
}

}  // namespace parley::client
