#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// The MessagePack format (msgpack/spec.md, "Formats"), value by value. Ours, because Debian's
/// msgpack-cxx cannot be installed beside the Boost that we use.
namespace parley::socketio::msgpack {

struct Text {
  std::string_view bytes;  // whether they are UTF-8 is not looked at
};
struct Binary {
  std::string_view bytes;
};
struct Extension {
  std::int8_t type;
  std::string_view bytes;
  bool is_fixed;  // in one of the formats that have no length of their own
};
/// So many values follow.
struct Array {
  std::uint32_t size;
};
/// So many pairs of a key and a value follow.
struct Map {
  std::uint32_t size;
};
/// An integer below zero is an int64_t; monostate is nil.
using Value = std::variant<std::monostate, bool, std::uint64_t, std::int64_t, double, Text, Binary,
                           Extension, Array, Map>;

/// Reads the bytes of one message, which outlive it, from the front. What it promises of lengths is
/// checked; the sizes of arrays and maps are only what the peer says.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_{bytes} {}

  bool is_at_end() const { return rest_.empty(); }

  /// Empty if what follows is no value, or not a whole one.
  std::optional<Value> next();

  /// Takes JavaScript's undefined if it follows. The parser of the field's clients writes it as an
  /// extension of type 0 with one byte.
  bool take_undefined();

  /// Passes one value with all that is in it; false if it is not whole.
  bool skip();

 private:
  std::optional<Value> next_of(std::uint8_t format);
  std::optional<std::uint64_t> number(std::size_t size);
  std::optional<std::string_view> bytes(std::optional<std::uint64_t> size);
  template <class T>
  std::optional<Value> sized(std::optional<std::uint64_t> size);
  std::optional<Value> extension(std::optional<std::uint64_t> size, bool is_fixed);

  std::string_view rest_;
};

/// Each appends one value, or the head of an array or a map, in the shortest format.
void append_nil(std::string& to);
void append_boolean(std::string& to, bool value);  // NOLINT: the value itself
void append_integer(std::string& to, std::int64_t value);
void append_unsigned(std::string& to, std::uint64_t value);
void append_double(std::string& to, double value);
void append_text(std::string& to, std::string_view utf8);
void append_binary(std::string& to, std::string_view bytes);
void append_array(std::string& to, std::size_t size);
void append_map(std::string& to, std::size_t size);

}  // namespace parley::socketio::msgpack
