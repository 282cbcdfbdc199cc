#include "client_json.hpp"

#include "json.hpp"

#include <simdjson.h>

#include <cstddef>

namespace parley::socketio::client {

namespace {

namespace dom = simdjson::dom;

constexpr std::string_view space = " \t\n\r";

std::string string_in(const dom::object& object, std::string_view key) {
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) return {};
  return std::string{text};
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(space);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

// Whether the character at `at` of a JSON string is escaped.
bool is_escaped(std::string_view text, std::size_t at) {
  std::size_t slashes = 0;
  while (slashes < at && text[at - 1 - slashes] == '\\') ++slashes;
  return slashes % 2 == 1;
}

}  // namespace

ConnectReply read_connect_reply(std::string_view json) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS) return {};
  return {string_in(object, "sid"), string_in(object, "pid")};
}

Refusal read_refusal(std::string_view json) {
  if (json.starts_with('"')) return {unescaped(json), {}};
  dom::parser parser;
  dom::object object;
  // What the parser does not take, numbers beyond 64 bits, is at least not lost.
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS)
    return {{}, std::string{json}};
  dom::element data;
  if (object["data"].get(data) != simdjson::SUCCESS) return {string_in(object, "message"), {}};
  return {string_in(object, "message"), simdjson::minify(data)};
}

std::string connect_payload(std::string_view auth, std::string_view pid, std::string_view offset) {
  if (pid.empty()) return std::string{auth};
  auto payload = R"({"pid":)" + quoted(pid);
  if (!offset.empty()) payload.append(R"(,"offset":)").append(offset);
  const auto object = trimmed(auth);
  const auto members = object.empty() ? object : trimmed(object.substr(1, object.size() - 2));
  if (!members.empty()) payload.append(",").append(members);
  return payload + '}';
}

std::optional<std::string_view> last_string(std::string_view array) {
  array = trimmed(array);
  array = trimmed(array.substr(0, array.size() - 1));
  if (array.size() < 3 || !array.ends_with('"')) return std::nullopt;
  // A quote inside of a string is escaped, so that the first one from behind that is not begins it.
  auto begin = array.rfind('"', array.size() - 2);
  while (begin != array.npos && is_escaped(array, begin)) begin = array.rfind('"', begin - 1);
  if (begin == array.npos) return std::nullopt;
  return array.substr(begin);
}

}  // namespace parley::socketio::client
