#pragma once

#include <parley/socketio/packet.hpp>
#include <parley/socketio/values.hpp>

#include <string>

namespace parley::socketio {

/// Values for the wire: what emit() and an Ack turn theirs into. To be used in the same expression.
class Message {
 public:
  /// An array of `values`; the first one is an event's name, if it is one.
  template <class... T>
  explicit Message(const T&... values) {
    JsonWriter writer{arguments_.json};
    writer.array(values...);
    arguments_.attachments.assign(writer.attachments().begin(), writer.attachments().end());
  }

  // NOLINTNEXTLINE(google-explicit-constructor): it is what is sent.
  operator ArgumentsView() const { return arguments_; }
  Arguments take() && { return std::move(arguments_); }

 private:
  Arguments arguments_{.json = {}};
};

/// What was received, as values: each as a T (see arguments_as), the first `skip` left out.
template <class... T>
auto values_of(const ArgumentsView& arguments, std::size_t skip = 0) {
  return arguments_as<T...>(Json{arguments.json, arguments.attachments}, skip);
}

}  // namespace parley::socketio
