#pragma once

#include "connection.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::net {

/// What WebSockets are sent in one round, until the kernel takes all of it together.
class Outbox {
 public:
  /// Of one letter: what is longer is worth a system call of its own, and not worth a copy.
  static constexpr std::size_t letter_bytes_max = 64 * 1024;

  /// Of all letters, also if one connection is sent more and more: the memory stays.
  static constexpr std::size_t bytes_max = 1024 * 1024;

  struct Letter {
    ConnectionId to;
    std::size_t begin;  // in the bytes of all
    std::size_t size;
  };

  explicit Outbox(std::size_t letters_max) : letters_max_{letters_max} {}

  bool is_empty() const { return letters_.empty(); }
  bool is_last(ConnectionId whom) const { return !is_empty() && letters_.back().to == whom; }
  bool has_room_for(ConnectionId whom, std::size_t size) const {
    return bytes_.size() + size <= bytes_max && (is_last(whom) || letters_.size() < letters_max_);
  }

  /// A letter to `whom`, or the rest of the last one, if that is to `whom`.
  void add(ConnectionId whom, std::span<const std::string_view> parts);

  std::span<const Letter> letters() const { return letters_; }
  std::span<char> bytes_of(const Letter& letter) {
    return std::span{bytes_}.subspan(letter.begin, letter.size);
  }

  void clear();

 private:
  std::size_t letters_max_;
  std::vector<Letter> letters_;
  std::vector<char> bytes_;
};

}  // namespace parley::net
