#include <parley/net/system_entropy.hpp>

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace parley::net {

void SystemEntropy::fill(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    if (left_ == 0) {
      const auto got = ::getrandom(ahead_.data(), ahead_.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got != static_cast<ssize_t>(ahead_.size()))
        throw std::system_error{errno, std::generic_category(), "getrandom"};
      left_ = ahead_.size();
    }
    const auto next = std::span{ahead_}.last(left_).first(std::min(left_, bytes.size()));
    std::ranges::copy(next, bytes.begin());
    std::ranges::fill(next, std::byte{});
    left_ -= next.size();
    bytes = bytes.subspan(next.size());
  }
}

}  // namespace parley::net
