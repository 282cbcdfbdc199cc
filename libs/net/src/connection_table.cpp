#include "connection_table.hpp"

#include <parley/base/check.hpp>

namespace parley::net {

namespace {

// 24 bits for the place; the 40 above it last for four months of 100,000 a second.
std::size_t place_of(std::uint64_t number) {
  return static_cast<std::size_t>(number % ConnectionTable::places_max);
}

}  // namespace

Connection& ConnectionTable::add(Transport transport) {
  if (free_.empty()) {
    PARLEY_CHECK(places_.size() < places_max);
    free_.push_back(places_.size());
    places_.emplace_back();
  }
  const auto place = free_.back();
  free_.pop_back();
  places_[place] =
      std::make_unique<Connection>(ConnectionId{number_at(place)}, std::move(transport));
  return *places_[place];
}

Connection* ConnectionTable::find(ConnectionId id) const {
  auto* const connection = owner(std::to_underlying(id));
  return connection && connection->id == id ? connection : nullptr;
}

void ConnectionTable::erase(ConnectionId id) {
  const auto place = place_of(std::to_underlying(id));
  PARLEY_CHECK(places_[place] && places_[place]->id == id);
  places_[place].reset();
  free_.push_back(place);
}

std::uint64_t ConnectionTable::next_number(const Connection& connection) {
  return number_at(place_of(std::to_underlying(connection.id)));
}

Connection* ConnectionTable::owner(std::uint64_t number) const {
  const auto place = place_of(number);
  auto* const connection = place < places_.size() ? places_[place].get() : nullptr;
  return connection && !connection->gone ? connection : nullptr;
}

std::uint64_t ConnectionTable::number_at(std::size_t place) {
  return ++last_serial_ * places_max + place;
}

}  // namespace parley::net
