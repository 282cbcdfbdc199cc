#pragma once

#include <parley/base/arena.hpp>
#include <parley/base/result.hpp>
#include <parley/socketio/violation.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::socketio {

/// The number that ties an acknowledgement to its event; chosen by the sender of the event.
enum class AckId : std::uint64_t {};

/// The largest integer that every JavaScript number below it is exact for: a client's id above it
/// would come back as another one.
constexpr std::uint64_t ack_id_max = (std::uint64_t{1} << 53) - 1;

/// Values of an event or acknowledgement: one JSON array as text, and the binary attachments that
/// its placeholders name. It is kept as it came, so that relaying it changes nothing.
struct Arguments {
  std::string json = "[]";
  std::vector<std::string> attachments = {};
  bool operator==(const Arguments&) const = default;
};

/// The same, somebody else's.
struct ArgumentsView {
  std::string_view json = "[]";
  std::span<const std::string> attachments = {};

  ArgumentsView() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): it is what a parameter takes.
  ArgumentsView(const Arguments& arguments)
      : json{arguments.json}, attachments{arguments.attachments} {}
  template <std::convertible_to<std::string_view> Text>
  // NOLINTNEXTLINE(google-explicit-constructor)
  ArgumentsView(const Text& text, std::span<const std::string> binary = {})
      : json{text}, attachments{binary} {}

  /// A copy to keep.
  Arguments kept() const { return {std::string{json}, {attachments.begin(), attachments.end()}}; }
  bool operator==(const ArgumentsView& other) const;
};

/// In the order of their digits on the wire.
enum class PacketType : std::uint8_t {
  connect,
  disconnect,
  event,
  ack,
  connect_error,
  binary_event,
  binary_ack,
};

/// What a packet of `type` is that has attachments.
PacketType with_attachments(PacketType type);

/// The text of one packet, taken apart but not yet understood. Views into whoever holds the text.
struct Header {
  PacketType type;
  std::size_t attachments = 0;  // binary messages that follow
  std::string_view name_space = "/";
  std::optional<AckId> ack = {};
  std::string_view json = {};  // empty if absent
  bool operator==(const Header&) const = default;
};

/// `<type>[<n>-][<namespace>,][<ack id>][<JSON>]` (Socket.IO protocol 5, "Packet encoding"). The
/// JSON is not looked at.
[[nodiscard]] Result<Header, Violation> parse(std::string_view text);

/// The other way: text to be sent, in `arena` or as a string of its own.
Payload encode(const Header& header, Arena& arena);
std::string encode(const Header& header);

/// What a packet keeps that does not lie in the message it was decoded from.
struct StoredPacket {
  std::string text;   // of a packet with attachments
  std::string event;  // if its name was written with escapes
  std::vector<std::string> attachments;
};

/// One whole packet: its header understood, its JSON and attachments checked. Views into the
/// message that it came in, unless `stored` holds it.
struct Packet {
  PacketType type;
  std::string_view name_space;
  std::optional<AckId> ack;
  std::string_view event;   // name of an event, unescaped; a number's text if the name is a number
  ArgumentsView arguments;  // `json` is empty if the packet has no payload
  std::unique_ptr<StoredPacket> stored = nullptr;

  bool operator==(const Packet& other) const;
};

}  // namespace parley::socketio
