#include <parley/base/check.hpp>
#include <parley/socketio/json_writer.hpp>

#include "json.hpp"

#include <simdjson.h>

#include <cmath>
#include <cstdlib>

namespace parley::socketio {

namespace {

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

// How long the UTF-8 of a character is by its first byte; 1 if that begins none.
std::size_t length_after(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
}

std::string repaired(std::string_view text) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string whole;
  while (!text.empty()) {
    auto character = text.substr(0, length_after(text.front()));
    const bool is_whole = is_utf8(character);
    if (!is_whole) character = text.substr(0, 1);
    whole += is_whole ? character : replacement;
    text.remove_prefix(character.size());
  }
  return whole;
}

// ECMA-262, "Number::toString": `digits` without a point, which belongs after the first `point` of
// them.
void append_decimal(std::string& text, std::string_view digits, int point) {
  const auto count = static_cast<int>(digits.size());
  if (point > 21 || point < -5) {
    text += digits.front();
    if (count > 1) text.append(".").append(digits.substr(1));
    text.append(point > 0 ? "e+" : "e-").append(std::to_string(std::abs(point - 1)));
  } else if (point <= 0) {
    text.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else if (point >= count) {
    text.append(digits).append(static_cast<std::size_t>(point - count), '0');
  } else {
    const auto whole = static_cast<std::size_t>(point);
    text.append(digits.substr(0, whole)).append(".").append(digits.substr(whole));
  }
}

}  // namespace

void JsonWriter::null() {
  begin_value();
  text_ += "null";
}

void JsonWriter::boolean(bool value) {
  begin_value();
  text_ += value ? "true" : "false";
}

void JsonWriter::number(double value) {
  if (!std::isfinite(value)) return null();
  if (value == 0) return number(0);  // -0, too
  begin_value();
  if (value < 0) text_ += '-';
  std::array<char, 32> written;
  const auto [end, error] = std::to_chars(written.data(), written.data() + written.size(),
                                          std::fabs(value), std::chars_format::scientific);
  PARLEY_CHECK(error == std::errc{});
  const std::string_view scientific{written.data(), end};  // 1.25e-07
  const auto e = scientific.find('e');
  std::string digits{scientific.substr(0, 1)};
  if (e > 2) digits += scientific.substr(2, e - 2);
  const auto sign_at = e + 1;
  int exponent = 0;
  std::from_chars(scientific.data() + sign_at + 1, end, exponent);
  append_decimal(text_, digits, (scientific[sign_at] == '-' ? -exponent : exponent) + 1);
}

void JsonWriter::string(std::string_view text) {
  begin_value();
  append_quoted(text_, is_utf8(text) ? text : repaired(text));
}

void JsonWriter::bytes(Bytes bytes) {
  begin_value();
  append_placeholder(bytes.data);
}

void JsonWriter::json(Json json) {
  if (json.kind() == JsonKind::undefined) return null();
  begin_value();
  auto rest = json.text();
  if (!json.attachments().empty()) {
    for (const auto& [placeholder, index] : placeholders_in(rest)) {
      if (index >= json.attachments().size()) continue;
      const auto before = static_cast<std::size_t>(placeholder.data() - rest.data());
      text_ += rest.substr(0, before);
      append_placeholder(json.attachments()[index]);
      rest.remove_prefix(before + placeholder.size());
    }
  }
  text_ += rest;
}

void JsonWriter::begin_value() {
  if (text_.size() == start_) return;
  const char last = text_.back();
  if (last != '[' && last != '{' && last != ':') text_ += ',';
}

void JsonWriter::open(char bracket) {
  begin_value();
  text_ += bracket;
}

void JsonWriter::name(std::string_view name) {
  string(name);
  text_ += ':';
}

// The same bytes go once, however often they are named: a peer may name one attachment ten thousand
// times, and whoever hands its values on must not send, or hold, as many copies.
void JsonWriter::append_placeholder(std::string_view attachment) {
  const auto is_it = [&](std::string_view other) {
    return other.data() == attachment.data() && other.size() == attachment.size();
  };
  const auto found = std::ranges::find_if(attachments_, is_it);
  text_.append(R"({"_placeholder":true,"num":)")
      .append(std::to_string(found - attachments_.begin()))
      .append("}");
  if (found == attachments_.end()) attachments_.push_back(attachment);
}

}  // namespace parley::socketio
