#pragma once

#include <parley/base/result.hpp>
#include <parley/socketio/decoder.hpp>
#include <parley/socketio/packet.hpp>
#include <parley/socketio/violation.hpp>

#include <memory>

namespace parley::socketio {

/// Everything about a packet but its attachments: whether `sender` may send it, with this payload,
/// under this name. The text is UTF-8 already. The packet shows what the header does, and owns
/// `stored`, where that may lie.
Result<Packet, Violation> understand(const Header& header, Sender sender,
                                     std::unique_ptr<StoredPacket> stored = nullptr);

}  // namespace parley::socketio
