#pragma once

#include <string_view>

namespace parley::socketio {

/// What a client did that costs it its connection.
enum class Violation {
  not_utf8,
  empty_message,
  unknown_packet_type,
  illegal_attachments,
  too_many_attachments,
  attachments_too_large,
  illegal_ack_id,
  illegal_json,
  illegal_msgpack,
  illegal_payload,
  reserved_event,
  text_instead_of_attachment,
  unexpected_attachment,
  namespace_not_joined,
  namespace_joined_already,
  server_packet,
  attachments_timeout,
  connect_timeout,
};

/// A few words for the log. Clients are not told.
std::string_view text(Violation violation);

}  // namespace parley::socketio
