#pragma once

#include <parley/base/result.hpp>
#include <parley/socketio/decoder.hpp>
#include <parley/socketio/packet.hpp>
#include <parley/socketio/violation.hpp>

namespace parley::socketio {

/// Everything about a packet but its attachments: whether `sender` may send it, with this payload,
/// under this name. The text is UTF-8 already.
Result<Packet, Violation> understand(const Header& header, Sender sender);

}  // namespace parley::socketio
