// Any text: what the checker takes can be walked whole, and what the walk writes is the same text
// without its white space; every reading of it ends in a value or a fault.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/socketio/values.hpp>

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

using namespace parley;
using namespace parley::socketio;

namespace {

std::string without_space(std::string_view json) {
  std::string text;
  bool in_string = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '"') in_string = !in_string;
    if (in_string && c == '\\') text += json[at++];
    if (in_string || std::string_view{" \t\r\n"}.find(c) == std::string_view::npos)
      text += json[at];
  }
  return text;
}

// Every element and every member, by iteration.
void walk(JsonWriter& writer, Json json) {
  if (json.kind() == JsonKind::array) {
    writer.begin_array();
    for (const auto element : json.elements()) walk(writer, element);
    writer.end_array();
  } else if (json.kind() == JsonKind::object) {
    writer.begin_object();
    for (const auto& [name, value] : json.members()) {
      PARLEY_CHECK(json[name].kind() != JsonKind::undefined);
      writer.name(name);
      walk(writer, value);
    }
    writer.end_object();
  } else {
    writer.json(json);
  }
}

std::string walked(Json json) {
  std::string text;
  JsonWriter writer{text};
  walk(writer, json);
  return text;
}

template <class... T>
void read_as(Json json) {
  (static_cast<void>(json.as<T>()), ...);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::Input{data, size}.rest();
  const auto json = Json::parse(text);
  if (!json) return 0;
  const auto again = walked(*json);
  // Only the escapes of a name may be written in another way.
  if (text.find('\\') == std::string_view::npos) PARLEY_CHECK(again == without_space(text));
  const auto parsed = Json::parse(again);
  PARLEY_CHECK(parsed && parsed->size() == json->size() && walked(*parsed) == again);

  const std::vector<std::string> attachments{"a", "b"};
  const Json of_packet{text, attachments};
  read_as<bool, int, std::uint64_t, double, std::string, Text, Bytes, std::optional<int>,
          std::vector<Json>, std::map<std::string, double>, std::tuple<Text, Json>>(of_packet);
  std::string rewritten;
  JsonWriter{rewritten}.json(of_packet);
  PARLEY_CHECK(Json::parse(rewritten));
  return 0;
}
