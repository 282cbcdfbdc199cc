#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace parley {

/// Values by ids that somebody else gives out, in any way he likes: to find one takes a line of the
/// processor's cache. Values move when others come and go, so that large ones are better pointed
/// to. Memory follows the number of values. `Id` is an enum class of 64 bits.
template <class Id, class Value>
class IdMap {
 public:
  Value* find(Id id) {
    if (cells_.empty()) return nullptr;
    auto& cell = cells_[place_of(id)];
    return cell.value ? &*cell.value : nullptr;
  }
  const Value* find(Id id) const { return const_cast<IdMap*>(this)->find(id); }

  /// Returns false, and changes nothing, if there is a value of that id.
  bool insert(Id id, Value value) {
    if (find(id)) return false;
    if (4 * (size_ + 1) > 3 * cells_.size()) resize(cells_.empty() ? least : 2 * cells_.size());
    cells_[place_of(id)] = {id, std::move(value)};
    ++size_;
    return true;
  }

  /// Harmless for an id that is not there.
  void erase(Id id) {
    if (!find(id)) return;
    auto hole = place_of(id);
    // Whoever had to step aside because of it moves back.
    for (auto at = after(hole); cells_[at].value; at = after(at)) {
      if (distance(home_of(cells_[at].id), at) < distance(hole, at)) continue;
      cells_[hole] = std::move(cells_[at]);
      hole = at;
    }
    cells_[hole].value.reset();
    --size_;
    if (cells_.size() > least && 8 * size_ < cells_.size()) resize(cells_.size() / 2);
  }

  std::size_t size() const { return size_; }

  /// Calls `call(id, value)` for each, in no order that means anything; it adds and erases nothing.
  template <class Call>
  void for_each(Call call) const {
    for (const auto& cell : cells_)
      if (cell.value) call(cell.id, *cell.value);
  }

 private:
  struct Cell {
    Id id = {};
    std::optional<Value> value = {};
  };

  static constexpr std::size_t least = 16;

  // D. Knuth, The Art of Computer Programming, volume 3, section 6.4: multiplicative hashing.
  std::size_t home_of(Id id) const {
    constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15;
    return static_cast<std::size_t>(std::to_underlying(id) * golden_ratio >> 32) & mask();
  }
  std::size_t mask() const { return cells_.size() - 1; }
  std::size_t after(std::size_t place) const { return (place + 1) & mask(); }
  std::size_t distance(std::size_t from, std::size_t to) const { return (to - from) & mask(); }

  // Where it is, or where it belongs if it is not there.
  std::size_t place_of(Id id) const {
    auto at = home_of(id);
    while (cells_[at].value && cells_[at].id != id) at = after(at);
    return at;
  }

  void resize(std::size_t size) {
    auto old = std::exchange(cells_, {});
    cells_.resize(size);
    for (auto& cell : old) {
      if (cell.value) cells_[place_of(cell.id)] = std::move(cell);
    }
  }

  std::vector<Cell> cells_;  // a power of two of them, or none
  std::size_t size_ = 0;
};

}  // namespace parley
