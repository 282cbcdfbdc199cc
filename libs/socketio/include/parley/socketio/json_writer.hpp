#pragma once

#include <parley/socketio/json_view.hpp>

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace parley::socketio {

/// Writes one JSON text at the end of a string, as JSON.stringify does: no white space, doubles
/// with the fewest digits that give them back, NaN and infinities as null, characters beyond ASCII
/// as UTF-8. What is not UTF-8 becomes U+FFFD, because it would cost the receiver its
/// connection. Integers are written exactly; JavaScript rounds those beyond 2^53.
///
/// Commas come by themselves; that begin and end match is the caller's. A type of the user's is
/// written by a `void to_json(JsonWriter&, const T&)` in its own namespace, which calls one of
/// value(), array() and object(). The string outlives the writer.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& text) : text_{text}, start_{text.size()} {}

  /// bool, numbers, strings, nullptr, optional, vector, map, tuple, Json, Bytes, or what has a
  /// to_json(). An empty optional and an undefined Json are null; as members, they are left out.
  template <class T>
  void value(const T& value) {
    to_json(*this, value);
  }

  /// An array of `values`: `writer.array("move", 3, 4)`.
  template <class... T>
  void array(const T&... values) {
    begin_array();
    (value(values), ...);
    end_array();
  }

  /// An object of names and values in turn: `writer.object("x", point.x, "y", point.y)`.
  template <class... T>
    requires(sizeof...(T) % 2 == 0)
  void object(const T&... names_and_values) {
    begin_object();
    members(names_and_values...);
    end_object();
  }

  void begin_array() { open('['); }
  void end_array() { text_ += ']'; }
  void begin_object() { open('{'); }
  void end_object() { text_ += '}'; }
  /// Of a member whose value comes next.
  void name(std::string_view name);
  template <class T>
  void member(std::string_view name, const T& value);

  // What to_json() of other types comes down to.
  void null();
  void boolean(bool value);  // NOLINT: the value itself
  void number(double value);
  template <std::integral T>
  void number(T value);
  void string(std::string_view text);
  /// A placeholder for one more attachment. The bytes are not copied.
  void bytes(Bytes bytes);
  /// As it stands; its attachments become this text's, with numbers of their own.
  void json(Json json);

  /// The bytes that placeholders name, in their order. Views: they hold as long as what was
  /// written.
  const std::vector<std::string_view>& attachments() const { return attachments_; }

 private:
  void begin_value();
  void open(char bracket);
  void append_placeholder(std::string_view attachment);

  void members() {}
  template <class T, class... More>
  void members(std::string_view name, const T& value, const More&... more) {
    member(name, value);
    members(more...);
  }

  std::string& text_;
  std::size_t start_;
  std::vector<std::string_view> attachments_;
};

namespace detail {

template <class T>
bool is_undefined(const T&) {
  return false;
}
template <class T>
bool is_undefined(const std::optional<T>& value) {
  return !value;
}
inline bool is_undefined(const Json& json) { return json.kind() == JsonKind::undefined; }

template <class T>
concept Number = std::floating_point<T> ||
                 (std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>);

}  // namespace detail

template <class T>
void JsonWriter::member(std::string_view name, const T& value) {
  if (detail::is_undefined(value)) return;
  this->name(name);
  to_json(*this, value);
}

template <std::integral T>
void JsonWriter::number(T value) {
  begin_value();
  std::array<char, 24> digits;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  text_.append(digits.data(), written.ptr);
}

// How JsonWriter::value() writes what it knows by itself.

inline void to_json(JsonWriter& json, std::nullptr_t) { json.null(); }

template <std::same_as<bool> T>
void to_json(JsonWriter& json, T value) {
  json.boolean(value);
}

template <detail::Number T>
void to_json(JsonWriter& json, T value) {
  json.number(value);
}

template <std::convertible_to<std::string_view> T>
void to_json(JsonWriter& json, const T& text) {
  json.string(text);
}

template <std::same_as<Bytes> T>
void to_json(JsonWriter& json, T bytes) {
  json.bytes(bytes);
}

template <std::same_as<Json> T>
void to_json(JsonWriter& json, T value) {
  json.json(value);
}

template <class T>
void to_json(JsonWriter& json, const std::optional<T>& value) {
  if (value) {
    json.value(*value);
  } else {
    json.null();
  }
}

template <class T>
void to_json(JsonWriter& json, const std::vector<T>& values) {
  json.begin_array();
  for (const auto& value : values) json.value(static_cast<const T&>(value));
  json.end_array();
}

template <class T>
void to_json(JsonWriter& json, const std::map<std::string, T>& values) {
  json.begin_object();
  for (const auto& [name, value] : values) json.member(name, value);
  json.end_object();
}

template <class... T>
void to_json(JsonWriter& json, const std::tuple<T...>& values) {
  std::apply([&](const auto&... value) { json.array(value...); }, values);
}

}  // namespace parley::socketio
