#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace parley {

/// Memory for what is said in one turn: handed out piece by piece, taken back all at once.
///
/// Nothing moves and nothing is freed before reset(), so that the cores of one thread pass views of
/// it among each other. It keeps one block from turn to turn: a turn that fits in it allocates
/// nothing. One thread's.
class Arena {
 public:
  /// What is kept between turns, and the size of a block unless one piece needs more.
  static constexpr std::size_t block_bytes = 64 * 1024;

  /// `size` bytes with nothing in them yet.
  std::span<char> allocate(std::size_t size);

  std::string_view copy(std::string_view bytes);

  /// Takes back everything that was handed out.
  void reset();

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };

  void add_block(std::size_t size);

  std::vector<Block> blocks_;
  std::span<char> free_;  // of the last block
};

/// A message on its way out, in an arena, with room in front of it: the layers below write their
/// own bytes there instead of copying it.
///
/// Several connections may be sent the same one, so what a layer writes in front may depend on the
/// message alone; whoever needs anything else there makes a copy.
class Payload {
 public:
  /// In front of a new one: an Engine.IO type and the header of a WebSocket frame (RFC 6455,
  /// section 5.2: at most 10 bytes without a mask) fit.
  static constexpr std::size_t headroom = 16;

  Payload() = default;

  /// `size` bytes to be filled in through bytes().
  Payload(Arena& arena, std::size_t size)
      : bytes_{arena.allocate(headroom + size).subspan(headroom)} {}

  Payload(Arena& arena, std::string_view bytes);

  std::span<char> bytes() { return bytes_; }
  std::string_view view() const { return {bytes_.data(), bytes_.size()}; }
  std::size_t size() const { return bytes_.size(); }

  /// The same message with `prefix` in front, written into the room that is there. All prefixes
  /// together fit into `headroom`.
  Payload preceded_by(std::string_view prefix) const;

  /// Its first `size` bytes; what is behind them stays taken.
  Payload first(std::size_t size) const;

  bool operator==(const Payload& other) const { return view() == other.view(); }

 private:
  std::span<char> bytes_;
  std::size_t used_ = 0;  // of the room
};

}  // namespace parley
