#include <parley/base/check.hpp>
#include <parley/socketio/json_view.hpp>

#include "json.hpp"

#include <simdjson.h>

#include <algorithm>

namespace parley::socketio {

namespace {

constexpr std::string_view space = " \t\n\r";

std::string_view without_space(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
  while (!text.empty() && space.find(text.back()) != text.npos) text.remove_suffix(1);
  return text;
}

std::size_t container_end(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    switch (text[at]) {
      case '"':
        at += string_end(text.substr(at)) - 1;
        break;
      case '[':
      case '{':
        ++depth;
        break;
      case ']':
      case '}':
        if (--depth == 0) return at + 1;
        break;
      default:
        break;
    }
  }
  PARLEY_CHECK(false);  // Whoever made the Json promised that it is whole.
}

// The value that `text` begins with.
std::string_view front_value(std::string_view text) {
  PARLEY_CHECK(!text.empty());
  if (text.front() == '"') return text.substr(0, string_end(text));
  if (text.front() == '[' || text.front() == '{') return text.substr(0, container_end(text));
  return text.substr(0, text.find_first_of(",]} \t\n\r"));
}

}  // namespace

std::string_view text(JsonFault fault) {
  switch (fault) {
    case JsonFault::missing:
      return "missing";
    case JsonFault::wrong_kind:
      return "of another kind";
    case JsonFault::out_of_range:
      return "a number out of range";
  }
  PARLEY_CHECK(false);  // Every fault has its words.
}

namespace detail {

bool JsonCursor::next() {
  const auto skip = [this](std::size_t size) {
    rest_.remove_prefix(size);
    rest_.remove_prefix(std::min(rest_.find_first_not_of(space), rest_.size()));
  };
  skip(0);
  if (rest_.starts_with(',')) skip(1);
  PARLEY_CHECK(!rest_.empty());
  if (rest_.front() == ']' || rest_.front() == '}') return false;
  if (has_keys_) {
    key_ = front_value(rest_);
    skip(key_.size());
    PARLEY_CHECK(rest_.starts_with(':'));
    skip(1);
  }
  value_ = front_value(rest_);
  rest_.remove_prefix(value_.size());
  return true;
}

template <>
Json JsonRange<Json>::Iterator::operator*() const {
  return Json{cursor_.value(), attachments_};
}

template <>
JsonMember JsonRange<JsonMember>::Iterator::operator*() const {
  return {text_of(cursor_.key()), Json{cursor_.value(), attachments_}};
}

}  // namespace detail

Json::Json(std::string_view valid, Attachments attachments)
    : text_{without_space(valid)}, attachments_{attachments} {}

std::optional<Json> Json::parse(std::string_view text) {
  if (!simdjson::validate_utf8(text.data(), text.size()) || !scan_json(text)) return std::nullopt;
  return Json{text};
}

JsonKind Json::kind() const { return text_.empty() ? JsonKind::undefined : kind_of(text_.front()); }

Json Json::operator[](std::string_view key) const {
  Json found;
  if (kind() != JsonKind::object) return found;
  detail::JsonCursor cursor{text_};
  while (cursor.next()) {
    if (is_named(cursor.key(), key)) found = Json{cursor.value(), attachments_};
  }
  return found;
}

Json Json::operator[](std::size_t index) const {
  for (const auto element : elements()) {
    if (index-- == 0) return element;
  }
  return {};
}

std::size_t Json::size() const {
  if (kind() != JsonKind::object && kind() != JsonKind::array) return 0;
  std::size_t count = 0;
  for (detail::JsonCursor cursor{text_}; cursor.next();) ++count;
  return count;
}

detail::JsonRange<Json> Json::elements() const {
  return {kind() == JsonKind::array ? text_ : "[]", attachments_};
}

detail::JsonRange<JsonMember> Json::members() const {
  return {kind() == JsonKind::object ? text_ : "{}", attachments_};
}

}  // namespace parley::socketio
