#pragma once

#include <parley/base/message.hpp>
#include <parley/base/result.hpp>
#include <parley/socketio/decoder.hpp>
#include <parley/socketio/json_view.hpp>
#include <parley/socketio/packet.hpp>
#include <parley/socketio/violation.hpp>

#include <string>
#include <string_view>

// The packets of socket.io-msgpack-parser: each is one binary message, a MessagePack map
// {type, data, nsp, id}, with binary values in their place. Both ends have to have chosen it; it is
// not negotiated. Inside, a packet is what it is with the usual parser: JSON text and attachments.

namespace parley::socketio {

/// The packet that one message is, held to the same rules as Decoder's: types, payloads, reserved
/// names, nesting, limits. Dates become their ISO text, NaN and undefined null, as in JSON.
[[nodiscard]] Result<Packet, Violation> decode_msgpack(MessageKind kind, std::string_view message,
                                                       const DecoderLimits& limits);

/// The one binary message that carries `header` and the attachments that its JSON, which is valid,
/// names.
std::string encode_msgpack(const Header& header, Attachments attachments);

}  // namespace parley::socketio
