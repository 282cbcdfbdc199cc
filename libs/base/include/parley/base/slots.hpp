#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace parley {

/// Things with ids, found in constant time and held side by side: for tables of connections.
///
/// An id holds a place and how often that was used before, so that it is never given again; the
/// first ones are 1, 2, 3. A thing stays where it is until it is erased. Iteration goes by places,
/// and may add and erase. `Id` is an enum class of 64 bits.
template <class Id, class T>
class Slots {
 public:
  template <class... Arguments>
  Id emplace(Arguments&&... arguments) {
    const auto place = take_place();
    auto& slot = slot_at(place);
    slot.value.emplace(std::forward<Arguments>(arguments)...);
    ++size_;
    return id_of(place, slot);
  }

  T* find(Id id) {
    const auto number = std::to_underlying(id);
    const auto place = static_cast<std::uint32_t>(number) - 1;
    if (place >= places_) return nullptr;
    auto& slot = slot_at(place);
    return slot.value && slot.uses == number >> 32 ? &*slot.value : nullptr;
  }
  const T* find(Id id) const { return const_cast<Slots*>(this)->find(id); }

  /// Harmless for an id that is gone.
  void erase(Id id) {
    if (!find(id)) return;
    const auto place = static_cast<std::uint32_t>(std::to_underlying(id)) - 1;
    auto& slot = slot_at(place);
    slot.value.reset();
    ++slot.uses;
    free_.push_back(place);
    --size_;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  /// Calls `visit(Id, T&)` for each.
  template <class Visitor>
  void for_each(Visitor visit) {
    for (std::uint32_t place = 0; place < places_; ++place) {
      auto& slot = slot_at(place);
      if (slot.value) visit(id_of(place, slot), *slot.value);
    }
  }

 private:
  struct Slot {
    std::uint32_t uses = 0;
    std::optional<T> value;
  };
  static constexpr std::size_t block_size = 64;
  using Block = std::array<Slot, block_size>;

  static Id id_of(std::uint32_t place, const Slot& slot) {
    return Id{std::uint64_t{slot.uses} << 32 | (place + 1)};
  }
  Slot& slot_at(std::uint32_t place) { return (*blocks_[place / block_size])[place % block_size]; }

  std::uint32_t take_place() {
    if (!free_.empty()) {
      const auto place = free_.back();
      free_.pop_back();
      return place;
    }
    if (places_ == blocks_.size() * block_size) blocks_.push_back(std::make_unique<Block>());
    return places_++;
  }

  std::vector<std::unique_ptr<Block>> blocks_;  // none is given back: a crowd may come again
  std::vector<std::uint32_t> free_;
  std::uint32_t places_ = 0;  // that were ever used
  std::size_t size_ = 0;
};

}  // namespace parley
