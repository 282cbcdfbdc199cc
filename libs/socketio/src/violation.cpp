#include <parley/socketio/violation.hpp>

#include <parley/base/check.hpp>

namespace parley::socketio {

std::string_view text(Violation violation) {
  switch (violation) {
    case Violation::not_utf8:
      return "text that is not UTF-8";
    case Violation::empty_message:
      return "empty message";
    case Violation::unknown_packet_type:
      return "unknown packet type";
    case Violation::illegal_attachments:
      return "illegal attachments";
    case Violation::too_many_attachments:
      return "too many attachments";
    case Violation::attachments_too_large:
      return "attachments too large";
    case Violation::illegal_ack_id:
      return "illegal acknowledgement id";
    case Violation::illegal_json:
      return "illegal JSON";
    case Violation::illegal_msgpack:
      return "illegal MessagePack";
    case Violation::illegal_payload:
      return "payload not allowed in this packet";
    case Violation::reserved_event:
      return "reserved event name";
    case Violation::text_instead_of_attachment:
      return "text while attachments are missing";
    case Violation::unexpected_attachment:
      return "binary message that nothing announced";
    case Violation::namespace_not_joined:
      return "packet for a namespace that was not joined";
    case Violation::namespace_joined_already:
      return "second CONNECT to a namespace";
    case Violation::server_packet:
      return "packet that only a server may send";
    case Violation::attachments_timeout:
      return "attachments that did not come in time";
    case Violation::connect_timeout:
      return "joined no namespace in time";
  }
  PARLEY_CHECK(false);  // Every violation has its words.
}

}  // namespace parley::socketio
