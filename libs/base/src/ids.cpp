#include <parley/base/base64.hpp>
#include <parley/base/ids.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace parley {

std::string SidGenerator::next() {
  std::array<std::byte, 15> bytes;
  entropy_.fill(std::span{bytes}.first(12));
  bytes[12] = std::byte(counter_ >> 16 & 0xff);
  bytes[13] = std::byte(counter_ >> 8 & 0xff);
  bytes[14] = std::byte(counter_ & 0xff);
  ++counter_;
  auto sid = base64_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  std::ranges::replace(sid, '/', '_');
  std::ranges::replace(sid, '+', '-');
  return sid;
}

}  // namespace parley
