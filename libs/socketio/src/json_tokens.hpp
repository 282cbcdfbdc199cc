#pragma once

#include "json.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace parley::socketio {

struct JsonToken {
  std::string_view text;  // a bracket, or a whole string, number or literal
  std::optional<std::size_t> attachment =
      {};  // if it is a placeholder: one token, whatever is in it
};

/// A valid JSON text in one pass, without commas and colons.
class JsonTokens {
 public:
  /// Objects that name one of so many attachments are placeholders; without any, none is.
  JsonTokens(std::string_view valid, std::size_t attachments);

  std::optional<JsonToken> next();

 private:
  std::string_view rest_;
  std::vector<Placeholder> placeholders_;
  std::size_t passed_ = 0;  // of the placeholders
};

}  // namespace parley::socketio
