#include "outbox.hpp"

namespace parley::net {

void Outbox::add(ConnectionId whom, std::span<const std::string_view> parts) {
  if (!is_last(whom)) letters_.push_back({whom, bytes_.size(), 0});
  for (const auto part : parts) bytes_.insert(bytes_.end(), part.begin(), part.end());
  auto& letter = letters_.back();
  letter.size = bytes_.size() - letter.begin;
}

void Outbox::clear() {
  letters_.clear();
  bytes_.clear();
}

}  // namespace parley::net
