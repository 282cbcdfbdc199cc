#include "chance.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace parley::client {

namespace {

void draw(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const auto got = ::getrandom(bytes.data(), bytes.size(), 0);
    if (got >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      throw std::system_error{errno, std::generic_category(), "getrandom"};
    }
  }
}

}  // namespace

void Chance::fill(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    if (left_ == 0) {
      draw(pool_);
      left_ = pool_.size();
    }
    const auto size = std::min(left_, bytes.size());
    std::ranges::copy(std::span{pool_}.last(left_).first(size), bytes.begin());
    left_ -= size;
    bytes = bytes.subspan(size);
  }
}

}  // namespace parley::client
