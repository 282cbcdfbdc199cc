#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parley::fuzz {

/// The fuzzer's bytes, taken from the front as choices and as text. Empty, it gives zeros.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : rest_{reinterpret_cast<const char*>(data), size} {}

  bool empty() const { return rest_.empty(); }

  std::uint8_t byte() {
    const auto bytes = take(1);
    return bytes.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(bytes.front());
  }

  /// At most `size` bytes.
  std::string_view take(std::size_t size) {
    const auto bytes = rest_.substr(0, size);
    rest_.remove_prefix(bytes.size());
    return bytes;
  }

  std::string_view rest() { return take(rest_.size()); }

 private:
  std::string_view rest_;
};

/// Lets a world act on the input until that is used up, and checks it after each step.
template <class World>
void run(World&& world, Input& input) {
  while (!input.empty()) {
    world.act(input);
    world.check();
  }
  world.finish();
}

}  // namespace parley::fuzz
