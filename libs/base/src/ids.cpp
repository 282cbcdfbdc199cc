#include <parley/base/base64.hpp>
#include <parley/base/check.hpp>
#include <parley/base/ids.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace parley {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Of the counter; the shard stands above them, which is one character of the sid.
constexpr unsigned bits_below_shard = 18;
constexpr std::size_t sid_size = 20, shard_at = 16;

}  // namespace

SidGenerator::SidGenerator(Entropy& entropy, std::optional<unsigned> shard)
    : entropy_{entropy}, shard_{shard} {
  PARLEY_CHECK(!shard || *shard < shards_max);
}

std::string SidGenerator::next() {
  auto number = counter_++;
  if (shard_) number = *shard_ << bits_below_shard | (number & ((1u << bits_below_shard) - 1));
  std::array<std::byte, 15> bytes;
  entropy_.fill(std::span{bytes}.first(12));
  bytes[12] = std::byte(number >> 16 & 0xff);
  bytes[13] = std::byte(number >> 8 & 0xff);
  bytes[14] = std::byte(number & 0xff);
  auto sid = base64_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  std::ranges::replace(sid, '/', '_');
  std::ranges::replace(sid, '+', '-');
  return sid;
}

std::optional<unsigned> shard_of(std::string_view sid) {
  if (sid.size() != sid_size) return std::nullopt;
  const auto shard = alphabet.find(sid[shard_at]);
  if (shard == alphabet.npos) return std::nullopt;
  return static_cast<unsigned>(shard);
}

}  // namespace parley
