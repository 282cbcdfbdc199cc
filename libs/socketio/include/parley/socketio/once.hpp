#pragma once

#include <optional>
#include <utility>

namespace parley::socketio {

/// Where an answer goes that counts only once: empty as soon as it was taken. Moves only.
template <class Destination>
class Once {
 public:
  Once() = default;
  explicit Once(Destination destination) : to_{std::move(destination)} {}
  Once(Once&& other) noexcept : to_{other.take()} {}
  Once& operator=(Once&& other) noexcept {
    to_ = other.take();
    return *this;
  }
  ~Once() = default;

  explicit operator bool() const { return to_.has_value(); }
  std::optional<Destination> take() { return std::exchange(to_, std::nullopt); }

 private:
  std::optional<Destination> to_;
};

}  // namespace parley::socketio
