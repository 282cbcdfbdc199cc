#pragma once

#include <parley/base/message.hpp>
#include <parley/base/result.hpp>
#include <parley/socketio/packet.hpp>
#include <parley/socketio/parser.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace parley::socketio {

/// Whose packets they are. Only a server may send CONNECT_ERROR, and it may give its events any
/// name: those that are reserved have a meaning in the field's clients, and none on the wire.
enum class Sender : std::uint8_t { client, server };

struct DecoderLimits {
  std::size_t max_attachments = 10;
  std::size_t max_attachment_bytes = 1'000'000;  // all attachments of one packet together
  Sender sender = Sender::client;
  Parser parser = Parser::json;
};

/// Turns the messages of one connection into packets, and collects the attachments of each.
///
/// It belongs to the session, not to the transport: a packet's text may come by polling and its
/// attachments by WebSocket. After a violation it is not to be used again.
class Decoder {
 public:
  /// A packet if this message completes one; empty if attachments are still to come. The packet may
  /// show parts of `data`.
  [[nodiscard]] Result<std::optional<Packet>, Violation> receive(MessageKind kind,
                                                                 std::string_view data,
                                                                 const DecoderLimits& limits);

  /// Whether attachments are still to come.
  bool is_waiting() const { return partial_ != nullptr; }

 private:
  struct Partial {
    Packet packet;  // of its own text
    std::size_t missing;
    std::size_t bytes = 0;
  };

  Result<std::optional<Packet>, Violation> receive_text(std::string_view text,
                                                        const DecoderLimits& limits);
  Result<std::optional<Packet>, Violation> receive_attachment(std::string_view bytes,
                                                              const DecoderLimits& limits);

  std::unique_ptr<Partial> partial_;  // empty nearly always, so that an idle connection is small
};

}  // namespace parley::socketio
