#include "json_tokens.hpp"

#include <algorithm>

namespace parley::socketio {

namespace {

constexpr std::string_view between = " \t\n\r,:";

}  // namespace

JsonTokens::JsonTokens(std::string_view valid, std::size_t attachments) : rest_{valid} {
  if (attachments == 0) return;
  placeholders_ = placeholders_in(valid);
  std::erase_if(placeholders_, [&](const auto& each) { return each.index >= attachments; });
}

std::optional<JsonToken> JsonTokens::next() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(between), rest_.size()));
  if (rest_.empty()) return std::nullopt;
  const auto take = [this](std::size_t size) {
    const auto text = rest_.substr(0, size);
    rest_.remove_prefix(text.size());
    return text;
  };
  if (passed_ < placeholders_.size() && placeholders_[passed_].text.data() == rest_.data()) {
    const auto& placeholder = placeholders_[passed_++];
    return JsonToken{take(placeholder.text.size()), placeholder.index};
  }
  const char first = rest_.front();
  if (first == '[' || first == ']' || first == '{' || first == '}') return JsonToken{take(1)};
  if (first == '"') return JsonToken{take(string_end(rest_))};
  return JsonToken{take(std::min(rest_.find_first_of(",]} \t\n\r"), rest_.size()))};
}

}  // namespace parley::socketio
