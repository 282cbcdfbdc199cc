#pragma once

#include <parley/base/result.hpp>
#include <parley/socketio/json_view.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace parley::socketio {

// What Json::as() knows by itself.

Result<void, JsonFault> from_json(Json json, bool& value);
Result<void, JsonFault> from_json(Json json, std::int64_t& value);
Result<void, JsonFault> from_json(Json json, std::uint64_t& value);
Result<void, JsonFault> from_json(Json json, double& value);
Result<void, JsonFault> from_json(Json json, std::string& value);
Result<void, JsonFault> from_json(Json json, Text& value);
/// The attachment that the value, a placeholder, names.
Result<void, JsonFault> from_json(Json json, Bytes& value);
/// Whatever it is, undefined included.
Result<void, JsonFault> from_json(Json json, Json& value);

/// Integers of other sizes. A character is none.
template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>)
Result<void, JsonFault> from_json(Json json, T& value) {
  using Widest = std::conditional_t<std::signed_integral<T>, std::int64_t, std::uint64_t>;
  const auto wide = json.as<Widest>();
  if (!wide) return std::unexpected{wide.error()};
  if (!std::in_range<T>(*wide)) return std::unexpected{JsonFault::out_of_range};
  value = static_cast<T>(*wide);
  return {};
}

/// Rounded to the nearest float.
inline Result<void, JsonFault> from_json(Json json, float& value) {
  const auto wide = json.as<double>();
  if (!wide) return std::unexpected{wide.error()};
  value = static_cast<float>(*wide);
  return {};
}

/// Empty if undefined or null.
template <class T>
Result<void, JsonFault> from_json(Json json, std::optional<T>& value) {
  value.reset();
  if (json.kind() == JsonKind::undefined || json.kind() == JsonKind::null) return {};
  auto read = json.as<T>();
  if (!read) return std::unexpected{read.error()};
  value = *std::move(read);
  return {};
}

template <class T>
Result<void, JsonFault> from_json(Json json, std::vector<T>& value) {
  if (json.kind() != JsonKind::array) return std::unexpected{json.fault()};
  value.clear();
  for (const Json element : json.elements()) {
    auto read = element.as<T>();
    if (!read) return std::unexpected{read.error()};
    value.push_back(*std::move(read));
  }
  return {};
}

template <class T>
Result<void, JsonFault> from_json(Json json, std::map<std::string, T>& value) {
  if (json.kind() != JsonKind::object) return std::unexpected{json.fault()};
  value.clear();
  for (const JsonMember& member : json.members()) {
    auto read = member.value.as<T>();
    if (!read) return std::unexpected{read.error()};
    value.insert_or_assign(std::string{member.key.view()}, *std::move(read));
  }
  return {};
}

/// Which argument of an event is not what the handler takes, the first being 0, and why.
struct ArgumentFault {
  std::size_t index;
  JsonFault fault;
  bool operator==(const ArgumentFault&) const = default;
};

/// The elements of `array` after the first `skip` (an event's name), each as what the handler
/// takes. As in JavaScript what is missing is undefined, which only an optional and a Json can be,
/// and what is too much is ignored.
template <class... T>
Result<std::tuple<T...>, ArgumentFault> arguments_as(Json array, std::size_t skip = 0) {
  auto element = array.elements().begin();
  const auto next = [&element] {
    if (element == std::default_sentinel) return Json{};
    const auto value = *element;
    ++element;
    return value;
  };
  for (; skip > 0; --skip) next();
  std::tuple<Result<T, JsonFault>...> read{next().template as<T>()...};
  return std::apply(
      [](auto&... results) -> Result<std::tuple<T...>, ArgumentFault> {
        std::optional<ArgumentFault> fault;
        [[maybe_unused]] std::size_t index = 0;
        [[maybe_unused]] const auto look = [&](const auto& result) {
          if (!result && !fault) fault = ArgumentFault{index, result.error()};
          ++index;
        };
        (look(results), ...);
        if (fault) return std::unexpected{*fault};
        return std::tuple<T...>{*std::move(results)...};
      },
      read);
}

/// An array of at least so many elements.
template <class... T>
Result<void, JsonFault> from_json(Json json, std::tuple<T...>& value) {
  if (json.kind() != JsonKind::array) return std::unexpected{json.fault()};
  auto read = arguments_as<T...>(json);
  if (!read) return std::unexpected{read.error().fault};
  value = *std::move(read);
  return {};
}

}  // namespace parley::socketio
