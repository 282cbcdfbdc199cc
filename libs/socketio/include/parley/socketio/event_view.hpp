#pragma once

#include <parley/socketio/message.hpp>

#include <string_view>
#include <tuple>

namespace parley::socketio {

/// What an event says. It shows what lies in the message that it came in, which is there as long as
/// its handlers are called.
class EventView {
 public:
  EventView(std::string_view name, const ArgumentsView& arguments)
      : name_{name}, arguments_{arguments} {}

  /// Unescaped: "\u0073ignal" is "signal"; a number's text if the name is a number.
  std::string_view name() const { return name_; }
  /// As they came, the name first.
  const ArgumentsView& arguments() const { return arguments_; }
  /// The values after the name, each as a T (see arguments_as): `event.get<int, Text>()`.
  template <class... T>
  Result<std::tuple<T...>, ArgumentFault> get() const {
    return values_of<T...>(arguments_, 1);
  }

 private:
  std::string_view name_;
  ArgumentsView arguments_;
};

}  // namespace parley::socketio
