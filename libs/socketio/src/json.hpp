#pragma once

#include <parley/socketio/json_view.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::socketio {

/// How many levels of arrays and objects may be in one another.
constexpr int json_depth_max = 512;

struct JsonValue {
  JsonKind kind;
  std::string_view text;  // as written, quotes and escapes included
};

/// What Socket.IO asks about a JSON text, besides whether it is one.
struct JsonText {
  JsonValue value;
  std::optional<JsonValue> first;    // element of an array
  std::size_t placeholders_end = 0;  // all numbers of attachment placeholders are below it
};

/// Checks that `text` is one complete JSON value (RFC 8259) and nothing else; empty if it is not.
///
/// Ours, because it must take what JSON.parse takes: JavaScript writes numbers beyond 64 bits
/// (100000000000000000000) and lone surrogates ("\ud83d"), and a client that sends one must not
/// lose its connection. `text` is UTF-8 already. Nesting is limited.
std::optional<JsonText> scan_json(std::string_view text);

/// An object that stands for an attachment, and which.
struct Placeholder {
  std::string_view text;
  std::size_t index;
};

/// Those in a text that scan_json() took, in their order. None within another.
std::vector<Placeholder> placeholders_in(std::string_view valid);

/// Whether a character stands in a JSON string as itself.
constexpr bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

/// Where the string ends that `text`, which is valid, begins with.
std::size_t string_end(std::string_view text);

/// The characters that a JSON string, quotes included, stands for. Lone surrogates become U+FFFD.
std::string unescaped(std::string_view quoted);

/// The same, copied only if there are escapes.
Text text_of(std::string_view quoted);

/// Whether the JSON string `quoted` stands for `name`.
bool is_named(std::string_view quoted, std::string_view name);

/// What a value is that begins with `first`.
JsonKind kind_of(char first);

/// Appends `text`, which is UTF-8, as a JSON string, with the escapes of JSON.stringify.
void append_quoted(std::string& json, std::string_view text);
std::string quoted(std::string_view text);

}  // namespace parley::socketio
