#pragma once

#include <parley/base/result.hpp>
#include <parley/socketio/decoder.hpp>
#include <parley/socketio/packet.hpp>
#include <parley/socketio/violation.hpp>

#include <memory>
#include <string_view>

namespace parley::socketio {

/// Everything about a packet but its attachments: whether `sender` may send it, with this payload,
/// under this name. The text is UTF-8 already. The packet shows what the header does, and owns
/// `stored`, where that may lie.
Result<Packet, Violation> understand(const Header& header, Sender sender,
                                     std::unique_ptr<StoredPacket> stored = nullptr);

/// A name that means something else in the field's clients (Socket.IO, "Reserved events").
bool is_reserved_event(std::string_view name);

}  // namespace parley::socketio
