#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace parley {

/// What a core has to say, in order. It keeps its memory from turn to turn, up to a limit, so that
/// a core that says little at a time allocates nothing.
template <class T>
class Queue {
 public:
  static constexpr std::size_t kept_max = 256;

  void push(T value) { values_.push_back(std::move(value)); }
  bool empty() const { return next_ == values_.size(); }

  std::optional<T> poll() {
    if (empty()) return std::nullopt;
    std::optional<T> value{std::move(values_[next_++])};
    if (empty()) {
      if (values_.capacity() > kept_max) values_ = {};
      values_.clear();
      next_ = 0;
    }
    return value;
  }

 private:
  std::vector<T> values_;
  std::size_t next_ = 0;
};

}  // namespace parley
