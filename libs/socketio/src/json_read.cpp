#include <parley/socketio/json_read.hpp>

#include "json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace parley::socketio {

namespace {

// A double that from_chars cannot hold is infinite or nothing, as JavaScript has it. Which of them:
// where is the first digit that counts, seen from the point?
double beyond_double(std::string_view number) {
  const auto exponent_at = std::min(number.find_first_of("eE"), number.size());
  const auto digits = number.substr(0, exponent_at);
  const auto point = std::min(digits.find('.'), digits.size());
  const auto first = digits.find_first_of("123456789");
  std::int64_t exponent = 0;
  if (exponent_at != number.size()) {
    auto written = number.substr(exponent_at + 1);
    if (written.starts_with('+')) written.remove_prefix(1);
    constexpr auto beyond_any_text = std::int64_t{1} << 60;
    const auto end = written.data() + written.size();
    if (std::from_chars(written.data(), end, exponent).ec != std::errc{})
      exponent = written.starts_with('-') ? -beyond_any_text : beyond_any_text;
  }
  const auto magnitude =
      exponent + static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  const double size = magnitude > 0 ? HUGE_VAL : 0.0;
  return number.starts_with('-') ? -size : size;
}

double double_of(std::string_view number) {
  double value = 0;
  const auto end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, value);
  return error == std::errc::result_out_of_range ? beyond_double(number) : value;
}

// Integers are also written 1e3 and 5.0: they are the same number, and it is no matter who says it.
template <class T>
Result<void, JsonFault> read_integer(Json json, T& value) {
  if (json.kind() != JsonKind::number) return std::unexpected{json.fault()};
  const auto number = json.text();
  const auto end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, value);
  if (error == std::errc{} && stop == end) return {};

  const auto wide = double_of(number);
  // The bounds are powers of two, so that a double holds them exactly.
  constexpr auto bound = std::is_signed_v<T> ? 0x1p63 : 0x1p64;
  const auto lowest = std::is_signed_v<T> ? -bound : 0.0;
  const bool fits = wide >= lowest && wide < bound && std::trunc(wide) == wide;
  if (stop == end || !fits) return std::unexpected{JsonFault::out_of_range};
  value = static_cast<T>(wide);
  return {};
}

}  // namespace

Result<void, JsonFault> from_json(Json json, bool& value) {
  if (json.kind() != JsonKind::boolean) return std::unexpected{json.fault()};
  value = json.text() == "true";
  return {};
}

Result<void, JsonFault> from_json(Json json, std::int64_t& value) {
  return read_integer(json, value);
}

Result<void, JsonFault> from_json(Json json, std::uint64_t& value) {
  return read_integer(json, value);
}

Result<void, JsonFault> from_json(Json json, double& value) {
  if (json.kind() != JsonKind::number) return std::unexpected{json.fault()};
  value = double_of(json.text());
  return {};
}

Result<void, JsonFault> from_json(Json json, std::string& value) {
  if (json.kind() != JsonKind::string) return std::unexpected{json.fault()};
  value = unescaped(json.text());
  return {};
}

Result<void, JsonFault> from_json(Json json, Text& value) {
  if (json.kind() != JsonKind::string) return std::unexpected{json.fault()};
  value = text_of(json.text());
  return {};
}

Result<void, JsonFault> from_json(Json json, Bytes& value) {
  if (json["_placeholder"].text() != "true") return std::unexpected{json.fault()};
  const auto index = json["num"].as<std::size_t>();
  if (!index || *index >= json.attachments().size()) return std::unexpected{JsonFault::wrong_kind};
  value.data = json.attachments()[*index];
  return {};
}

Result<void, JsonFault> from_json(Json json, Json& value) {
  value = json;
  return {};
}

}  // namespace parley::socketio
