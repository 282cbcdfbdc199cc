#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::bench {

/// An event with one argument of a given size: what a session description looks like, and a number
/// that tells one from the next.
class NumberedEvent {
 public:
  /// `bytes` is the size of the argument's JSON text; at least 64.
  NumberedEvent(std::string_view name_space, std::string_view name, std::size_t bytes);

  /// The masked frame that sends it, valid until the next call.
  std::string_view frame(std::uint32_t number);

  /// The number of `packet`, which must be this event, byte for byte: any other ends the program.
  std::uint32_t number_of(std::string_view packet) const;

 private:
  std::string packet_;  // Socket.IO's, with the number 0
  std::string frame_;
  std::size_t number_in_packet_;
  std::size_t number_in_frame_;
};

}  // namespace parley::bench
