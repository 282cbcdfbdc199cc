#pragma once

#include <parley/base/result.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace parley::socketio {

/// `undefined` is no value at all: what JavaScript says of a member that an object does not have.
enum class JsonKind { undefined, null, boolean, number, string, array, object };

/// Why a value is not what was asked for.
enum class JsonFault {
  missing,
  wrong_kind,
  out_of_range,  // a number that the type cannot hold, a fraction for an integer included
};
std::string_view text(JsonFault fault);

/// The binary messages that belong to a packet; its placeholders name them by their place.
using Attachments = std::span<const std::string>;

/// Bytes that travel as an attachment (Socket.IO protocol 5, "Binary"). A view.
struct Bytes {
  std::string_view data;
  bool operator==(const Bytes&) const = default;
};

/// The characters of a JSON string: a view of where they stand, or a copy if it has escapes.
class Text {
 public:
  Text() = default;
  explicit Text(std::string_view plain) : characters_{plain} {}
  explicit Text(std::string unescaped) : characters_{std::move(unescaped)} {}

  std::string_view view() const {
    const auto* owned = std::get_if<std::string>(&characters_);
    return owned != nullptr ? *owned : std::get<std::string_view>(characters_);
  }
  operator std::string_view() const { return view(); }  // NOLINT: it stands for one

  friend bool operator==(const Text& a, const Text& b) { return a.view() == b.view(); }
  friend bool operator==(const Text& a, std::string_view b) { return a.view() == b; }

 private:
  std::variant<std::string_view, std::string> characters_;
};

namespace detail {

/// Goes through the elements of an array or the members of an object.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view container)
      : has_keys_{container.starts_with('{')}, rest_{container.substr(1)} {}

  bool next();  // false at the end
  std::string_view key() const { return key_; }
  std::string_view value() const { return value_; }

 private:
  bool has_keys_;
  std::string_view rest_;
  std::string_view key_;
  std::string_view value_;
};

template <class Item>
class JsonRange;

}  // namespace detail

struct JsonMember;

/// One JSON value, looked at where it stands in a text that was checked before; as cheap to copy as
/// a string_view, and like one it holds no longer than the text and the attachments.
///
/// Nothing is parsed before it is asked for, and nothing is kept: whoever needs a member twice
/// keeps what operator[] gave. What is not there is undefined, so that lookups can be chained and
/// only the end of the chain is checked: `offer["sdp"]["type"].as<Text>()`.
class Json {
 public:
  Json() = default;

  /// `valid` is one whole JSON value, as every payload is that Socket.IO delivers.
  explicit Json(std::string_view valid, Attachments attachments = {});

  /// Empty unless `text` is one whole JSON value (RFC 8259) in UTF-8, nested less than 512 deep.
  static std::optional<Json> parse(std::string_view text);

  JsonKind kind() const;

  /// As written, quotes and escapes included; empty if undefined.
  std::string_view text() const { return text_; }
  Attachments attachments() const { return attachments_; }

  /// The member of an object (the last, if the name comes twice, as in JavaScript); undefined if
  /// there is none, or no object.
  Json operator[](std::string_view key) const;
  /// The element of an array; likewise.
  Json operator[](std::size_t index) const;

  /// Elements of an array, members of an object; none of anything else.
  std::size_t size() const;
  detail::JsonRange<Json> elements() const;
  detail::JsonRange<JsonMember> members() const;

  /// The value as a T: bool, an integer, double, std::string, Text, Bytes, Json, or an optional, a
  /// vector, a map by name or a tuple of such; and every type that has, in its own namespace,
  /// `Result<void, JsonFault> from_json(Json, T&)`. Text and Bytes are views like this one.
  template <class T>
  Result<T, JsonFault> as() const {
    T value{};
    if (const auto read = from_json(*this, value); !read) return std::unexpected{read.error()};
    return value;
  }

  /// Reads members of an object into variables: `json.read("x", point.x, "y", point.y)`. What a
  /// from_json() consists of. Members that nobody asks for are ignored.
  template <class T, class... More>
  Result<void, JsonFault> read(std::string_view key, T& value, More&&... more) const {
    if (kind() != JsonKind::object) return std::unexpected{fault()};
    auto member = (*this)[key].template as<T>();
    if (!member) return std::unexpected{member.error()};
    value = *std::move(member);
    if constexpr (sizeof...(more) > 0) return read(std::forward<More>(more)...);
    return {};
  }

  /// Why this is not the kind of value that was asked for.
  JsonFault fault() const { return text_.empty() ? JsonFault::missing : JsonFault::wrong_kind; }

  bool operator==(const Json& other) const { return text_ == other.text_; }

 private:
  std::string_view text_;
  Attachments attachments_;
};

struct JsonMember {
  Text key;
  Json value;
};

namespace detail {

/// The elements or members of one value, for a range-for.
template <class Item>
class JsonRange {
 public:
  class Iterator {
   public:
    using value_type = Item;
    using difference_type = std::ptrdiff_t;

    Iterator(JsonCursor cursor, Attachments attachments)
        : cursor_{cursor}, attachments_{attachments}, done_{!cursor_.next()} {}

    Item operator*() const;
    Iterator& operator++() {
      done_ = !cursor_.next();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return done_; }

   private:
    JsonCursor cursor_;
    Attachments attachments_;
    bool done_;
  };

  JsonRange(std::string_view container, Attachments attachments)
      : container_{container}, attachments_{attachments} {}

  Iterator begin() const { return {JsonCursor{container_}, attachments_}; }
  std::default_sentinel_t end() const { return {}; }

 private:
  std::string_view container_;
  Attachments attachments_;
};

}  // namespace detail

}  // namespace parley::socketio
