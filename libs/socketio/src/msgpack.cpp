#include "msgpack.hpp"

#include <bit>
#include <initializer_list>

namespace parley::socketio::msgpack {

namespace {

using Number = std::optional<std::uint64_t>;

std::optional<Value> unsigned_of(Number number) {
  if (!number) return std::nullopt;
  return Value{*number};
}

std::optional<Value> signed_of(Number number, std::size_t size) {
  if (!number) return std::nullopt;
  const auto unused = 64 - 8 * size;
  const auto value = static_cast<std::int64_t>(*number << unused) >> unused;
  if (value < 0) return Value{value};
  return Value{static_cast<std::uint64_t>(value)};
}

std::optional<Value> float_of(Number bits) {
  if (!bits) return std::nullopt;
  return Value{double{std::bit_cast<float>(static_cast<std::uint32_t>(*bits))}};
}

std::optional<Value> double_of(Number bits) {
  if (!bits) return std::nullopt;
  return Value{std::bit_cast<double>(*bits)};
}

template <class T>
std::optional<Value> container(Number size) {
  if (!size) return std::nullopt;
  return Value{T{static_cast<std::uint32_t>(*size)}};
}

void append_number(std::string& to, std::uint64_t value, std::size_t size) {
  for (; size > 0; --size) to += static_cast<char>(value >> 8 * (size - 1));
}

// A format, and how many bytes the number after it has.
struct Sized {
  std::uint8_t format;
  std::size_t size;
};

// In the first of the formats that holds `value`; the last always does, because no message has 4
// GiB.
void append_sized(std::string& to, std::uint64_t value, std::initializer_list<Sized> formats) {
  for (const auto& [format, size] : formats) {
    if (size < 8 && value >> 8 * size != 0) continue;
    to += static_cast<char>(format);
    return append_number(to, value, size);
  }
}

}  // namespace

std::optional<Value> Reader::next() {
  const auto first = number(1);
  if (!first) return std::nullopt;
  const auto format = static_cast<std::uint8_t>(*first);
  if (format < 0x80) return Value{std::uint64_t{format}};
  if (format < 0x90) return Value{Map{format & 0x0fU}};
  if (format < 0xa0) return Value{Array{format & 0x0fU}};
  if (format < 0xc0) return sized<Text>(format & 0x1fU);
  if (format >= 0xe0) return Value{std::int64_t{static_cast<std::int8_t>(format)}};
  return next_of(format);
}

std::optional<Value> Reader::next_of(std::uint8_t format) {
  switch (format) {
    case 0xc0:
      return Value{std::monostate{}};
    case 0xc2:
      return Value{false};
    case 0xc3:
      return Value{true};
    case 0xc4:
      return sized<Binary>(number(1));
    case 0xc5:
      return sized<Binary>(number(2));
    case 0xc6:
      return sized<Binary>(number(4));
    case 0xc7:
      return extension(number(1), false);
    case 0xc8:
      return extension(number(2), false);
    case 0xc9:
      return extension(number(4), false);
    case 0xca:
      return float_of(number(4));
    case 0xcb:
      return double_of(number(8));
    case 0xcc:
      return unsigned_of(number(1));
    case 0xcd:
      return unsigned_of(number(2));
    case 0xce:
      return unsigned_of(number(4));
    case 0xcf:
      return unsigned_of(number(8));
    case 0xd0:
      return signed_of(number(1), 1);
    case 0xd1:
      return signed_of(number(2), 2);
    case 0xd2:
      return signed_of(number(4), 4);
    case 0xd3:
      return signed_of(number(8), 8);
    case 0xd4:
      return extension(1, true);
    case 0xd5:
      return extension(2, true);
    case 0xd6:
      return extension(4, true);
    case 0xd7:
      return extension(8, true);
    case 0xd8:
      return extension(16, true);
    case 0xd9:
      return sized<Text>(number(1));
    case 0xda:
      return sized<Text>(number(2));
    case 0xdb:
      return sized<Text>(number(4));
    case 0xdc:
      return container<Array>(number(2));
    case 0xdd:
      return container<Array>(number(4));
    case 0xde:
      return container<Map>(number(2));
    case 0xdf:
      return container<Map>(number(4));
    default:
      return std::nullopt;
  }
}

bool Reader::take_undefined() {
  if (rest_.size() < 3 || !rest_.starts_with(std::string_view{"\xd4\0", 2})) return false;
  rest_.remove_prefix(3);
  return true;
}

bool Reader::skip() {
  // A sum, not a stack: it ends, because each value has a byte of its own.
  for (std::uint64_t left = 1; left > 0; --left) {
    const auto value = next();
    if (!value) return false;
    if (const auto* array = std::get_if<Array>(&*value)) left += array->size;
    if (const auto* map = std::get_if<Map>(&*value)) left += 2 * std::uint64_t{map->size};
  }
  return true;
}

std::optional<std::uint64_t> Reader::number(std::size_t size) {
  const auto written = bytes(size);
  if (!written) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : *written) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

std::optional<std::string_view> Reader::bytes(std::optional<std::uint64_t> size) {
  if (!size || *size > rest_.size()) return std::nullopt;
  const auto taken = rest_.substr(0, *size);
  rest_.remove_prefix(taken.size());
  return taken;
}

template <class T>
std::optional<Value> Reader::sized(std::optional<std::uint64_t> size) {
  const auto taken = bytes(size);
  if (!taken) return std::nullopt;
  return Value{T{*taken}};
}

std::optional<Value> Reader::extension(std::optional<std::uint64_t> size, bool is_fixed) {
  const auto type = size ? number(1) : std::nullopt;
  const auto taken = type ? bytes(size) : std::nullopt;
  if (!taken) return std::nullopt;
  return Value{Extension{static_cast<std::int8_t>(*type), *taken, is_fixed}};
}

void append_nil(std::string& to) { to += '\xc0'; }

void append_boolean(std::string& to, bool value) { to += value ? '\xc3' : '\xc2'; }

void append_integer(std::string& to, std::int64_t value) {
  if (value >= 0) return append_unsigned(to, static_cast<std::uint64_t>(value));
  if (value >= -0x20) return append_number(to, static_cast<std::uint64_t>(value), 1);
  const std::size_t size = value >= INT8_MIN    ? 1
                           : value >= INT16_MIN ? 2
                           : value >= INT32_MIN ? 4
                                                : 8;
  to += static_cast<char>(0xd0 + std::countr_zero(size));
  append_number(to, static_cast<std::uint64_t>(value), size);
}

void append_unsigned(std::string& to, std::uint64_t value) {
  if (value < 0x80) return append_number(to, value, 1);
  append_sized(to, value, {{0xcc, 1}, {0xcd, 2}, {0xce, 4}, {0xcf, 8}});
}

void append_double(std::string& to, double value) {
  to += '\xcb';
  append_number(to, std::bit_cast<std::uint64_t>(value), 8);
}

void append_text(std::string& to, std::string_view utf8) {
  if (utf8.size() < 0x20) {
    append_number(to, 0xa0 | utf8.size(), 1);
  } else {
    append_sized(to, utf8.size(), {{0xd9, 1}, {0xda, 2}, {0xdb, 4}});
  }
  to += utf8;
}

void append_binary(std::string& to, std::string_view bytes) {
  append_sized(to, bytes.size(), {{0xc4, 1}, {0xc5, 2}, {0xc6, 4}});
  to += bytes;
}

void append_array(std::string& to, std::size_t size) {
  if (size < 0x10) return append_number(to, 0x90 | size, 1);
  append_sized(to, size, {{0xdc, 2}, {0xdd, 4}});
}

void append_map(std::string& to, std::size_t size) {
  if (size < 0x10) return append_number(to, 0x80 | size, 1);
  append_sized(to, size, {{0xde, 2}, {0xdf, 4}});
}

}  // namespace parley::socketio::msgpack
