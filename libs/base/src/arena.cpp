#include <parley/base/arena.hpp>
#include <parley/base/check.hpp>

#include <algorithm>

namespace parley {

std::span<char> Arena::allocate(std::size_t size) {
  if (size > free_.size()) add_block(std::max(size, block_bytes));
  const auto bytes = free_.first(size);
  free_ = free_.subspan(size);
  return bytes;
}

std::string_view Arena::copy(std::string_view bytes) {
  const auto copied = allocate(bytes.size());
  std::ranges::copy(bytes, copied.begin());
  return {copied.data(), copied.size()};
}

void Arena::reset() {
  if (blocks_.empty()) return;
  if (blocks_.size() > 1) blocks_.erase(blocks_.begin() + 1, blocks_.end());
  free_ = {blocks_.front().bytes.get(), blocks_.front().size};
}

void Arena::add_block(std::size_t size) {
  // A large first block would be kept for ever.
  if (blocks_.empty() && size > block_bytes) add_block(block_bytes);
  blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
  free_ = {blocks_.back().bytes.get(), size};
}

Payload::Payload(Arena& arena, std::string_view bytes) : Payload{arena, bytes.size()} {
  std::ranges::copy(bytes, bytes_.begin());
}

Payload Payload::first(std::size_t size) const {
  PARLEY_CHECK(size <= bytes_.size());
  auto shorter = *this;
  shorter.bytes_ = bytes_.first(size);
  return shorter;
}

Payload Payload::preceded_by(std::string_view prefix) const {
  PARLEY_CHECK(used_ + prefix.size() <= headroom);
  auto longer = *this;
  longer.used_ += prefix.size();
  longer.bytes_ = {bytes_.data() - prefix.size(), bytes_.size() + prefix.size()};
  std::ranges::copy(prefix, longer.bytes_.begin());
  return longer;
}

}  // namespace parley
