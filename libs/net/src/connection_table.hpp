#pragma once

#include "connection.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace parley::net {

/// All connections of one thread. An id says where its entry stands, so that finding one costs no
/// search; entries do not move.
class ConnectionTable {
 public:
  /// More than a process may have descriptors.
  static constexpr std::size_t places_max = std::size_t{1} << 24;

  Connection& add(Transport transport);

  /// Empty once the connection is gone, also if it is still being looked at.
  Connection* find(ConnectionId id) const;

  /// Of those still in it, also if they are gone.
  void erase(ConnectionId id);

  std::size_t size() const { return places_.size() - free_.size(); }

  /// Numbers for what belongs to `connection` for a while: none is given out twice, and owner()
  /// tells whose it is.
  std::uint64_t next_number(const Connection& connection);
  Connection* owner(std::uint64_t number) const;

  template <class Action>
  void for_each(Action action) {
    for (auto& connection : places_) {
      if (connection) action(*connection);
    }
  }

 private:
  std::uint64_t number_at(std::size_t place);

  std::vector<std::unique_ptr<Connection>> places_;
  std::vector<std::size_t> free_;
  std::uint64_t last_serial_ = 0;
};

}  // namespace parley::net
