#include <parley/base/base64.hpp>

#include <array>
#include <cstdint>

namespace parley {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t invalid = 0xff;

constexpr std::array<std::uint8_t, 256> digits = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(invalid);
  for (std::size_t value = 0; value < alphabet.size(); ++value)
    table[static_cast<unsigned char>(alphabet[value])] = static_cast<std::uint8_t>(value);
  return table;
}();

std::uint32_t octet(char c) { return static_cast<unsigned char>(c); }

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto left = bytes.size() - at;
    const std::uint32_t group = octet(bytes[at]) << 16 |
                                (left > 1 ? octet(bytes[at + 1]) << 8 : 0) |
                                (left > 2 ? octet(bytes[at + 2]) : 0);
    text += alphabet[group >> 18];
    text += alphabet[group >> 12 & 63];
    text += left > 1 ? alphabet[group >> 6 & 63] : '=';
    text += left > 2 ? alphabet[group & 63] : '=';
  }
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const auto used = at + 4 == text.size() ? 4 - padding : 4;
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto digit = i < used ? digits[octet(text[at + i])] : std::uint8_t{0};
      if (digit == invalid) return std::nullopt;
      group = group << 6 | digit;
    }
    bytes += static_cast<char>(group >> 16);
    if (used > 2) bytes += static_cast<char>(group >> 8 & 0xff);
    if (used > 3) bytes += static_cast<char>(group & 0xff);
    if ((used == 2 && (group & 0xffff) != 0) || (used == 3 && (group & 0xff) != 0))
      return std::nullopt;
  }
  return bytes;
}

}  // namespace parley
