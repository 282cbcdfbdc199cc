#pragma once

#include <parley/engineio/packet.hpp>

#include <string>
#include <string_view>

namespace parley::engineio {

constexpr char base64_mark = 'b';
constexpr char message_byte = '\x04';  // the type of bytes in revision 3, as a byte

bool is_packet_type(char c);

/// A packet as text: its type's digit and the data; bytes as base64.
void append_text(std::string& text, const Packet& packet, Revision revision);

/// The other way. Bytes go to `arena`, text is a view.
Result<Packet, PacketFault> decode_text(std::string_view text, Revision revision, Arena& arena);

/// Bytes after their type, as revision 3 has them.
Result<Packet, PacketFault> decode_bytes(std::string_view bytes);

}  // namespace parley::engineio
