#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace parley::socketio {

enum class JsonKind { object, array, string, number, literal };

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

/// The characters that a JSON string, quotes included, stands for. Lone surrogates become U+FFFD.
std::string unescaped(std::string_view quoted);

/// `text` as a JSON string.
std::string quoted(std::string_view text);

}  // namespace parley::socketio
