#pragma once

#include <parley/base/check.hpp>

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

  /// A T, or what one is made of.
  template <class Value>
  void push(Value&& value) {
    values_.emplace_back(std::forward<Value>(value));
  }
  bool empty() const { return next_ == values_.size(); }

  std::optional<T> poll() {
    if (empty()) return std::nullopt;
    std::optional<T> value{std::move(values_[next_])};
    pass();
    return value;
  }

  /// Shows the first to `handle(T&)`, where it lies; false if there is none. Nothing is pushed
  /// meanwhile.
  template <class Handle>
  bool poll(Handle handle) {
    if (empty()) return false;
    const auto size = values_.size();
    handle(values_[next_]);
    PARLEY_CHECK(values_.size() == size);
    pass();
    return true;
  }

 private:
  void pass() {
    ++next_;
    if (!empty()) return;
    if (values_.capacity() > kept_max) values_ = {};
    values_.clear();
    next_ = 0;
  }

  std::vector<T> values_;
  std::size_t next_ = 0;
};

}  // namespace parley
