#pragma once

#include <parley/base/message.hpp>
#include <parley/websocket/deflate.hpp>
#include <parley/websocket/frame.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace parley::websocket {

// The payloads below are views: they hold until the next poll() or receive().

struct Message {
  MessageKind kind;
  std::string_view payload;  // UTF-8 if text, already checked
  bool operator==(const Message&) const = default;
};
struct Ping {
  std::string_view payload;  // to be answered with a pong that carries the same
  bool operator==(const Ping&) const = default;
};
struct Pong {
  std::string_view payload;
  bool operator==(const Pong&) const = default;
};
struct PeerClose {
  std::optional<std::uint16_t> code;
  std::string_view reason;
  bool operator==(const PeerClose&) const = default;
};
/// The peer broke the protocol: the connection is to be failed with `code` (RFC 6455,
/// section 7.1.7).
struct Violation {
  CloseCode code;
  bool operator==(const Violation&) const = default;
};
using Event = std::variant<Message, Ping, Pong, PeerClose, Violation>;

/// The receiving half of one WebSocket connection: bytes in, messages out, either end.
///
/// receive(), then poll() until it is empty, then receive() again. A message that lies whole in one
/// read is unmasked where it lies and never copied; only a part of a frame, or of a fragmented
/// message, is kept in a buffer of its own. PeerClose and Violation are the last event: what comes
/// after is ignored. No limit but message_bytes_max is needed: nothing is reserved on a peer's
/// word.
///
/// Where permessage-deflate was agreed (RFC 7692), it is handed an Inflater, which outlives it and
/// may serve others in turn: what a message shows then lies there.
class Receiver {
 public:
  struct Limits {
    std::size_t message_bytes_max = 1'000'000;  // inflated; a larger one is message_too_big
  };

  Receiver(Role own_role, Limits limits, Inflater* inflater = nullptr)
      : own_role_{own_role}, limits_{limits}, inflater_{inflater} {}

  /// `bytes` is changed in place, and must stay until poll() has come back empty.
  void receive(std::span<char> bytes);

  std::optional<Event> poll();

  /// True if nothing is kept of what came, once poll() is empty: another receiver of the same kind
  /// could go on from here.
  bool is_between_messages() const;

 private:
  struct Header;
  // The frame whose payload is being read.
  struct Frame {
    Opcode opcode;
    bool is_final;
    std::optional<MaskKey> mask;  // turned so that it fits the next byte
    std::uint64_t left;
  };

  void forget_shown();
  std::optional<Header> next_header();
  std::optional<CloseCode> fault_in(const Header& header) const;
  void begin(const Header& header);
  std::span<char> take_payload();
  std::optional<Event> take_data();
  Event message_event(std::string_view payload);
  std::optional<Event> take_control();
  Event close_event(std::string_view payload);
  Event fail(CloseCode code);

  Role own_role_;
  bool finished_ = false;
  bool is_compressed_ = false;  // the message begun and not yet finished
  Limits limits_;
  Inflater* inflater_;
  std::span<char> input_;
  std::string partial_;  // a header, or the payload of a control frame, that came in parts
  std::string message_;  // the payload so far of a message that came in parts
  std::string shown_;    // what the last event's view looks at, if it came in parts
  std::optional<Frame> frame_;
  std::optional<MessageKind> kind_;  // of the message begun and not yet finished
};

}  // namespace parley::websocket
