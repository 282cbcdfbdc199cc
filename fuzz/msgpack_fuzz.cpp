// Any bytes: they are refused or are a packet that the usual parser would take as well, and one
// that is written and read again is the same.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/socketio/msgpack.hpp>

#include <string>

using namespace parley;
using namespace parley::socketio;

namespace {

Header header_of(const Packet& packet) {
  return {.type = packet.type,
          .attachments = packet.arguments.attachments.size(),
          .name_space = packet.name_space,
          .ack = packet.ack,
          .json = packet.arguments.json};
}

std::size_t placeholder_objects_in(std::string_view json) {
  constexpr std::string_view name = R"({"_placeholder":)";
  std::size_t count = 0;
  for (auto at = json.find(name); at != json.npos; at = json.find(name, at + 1)) ++count;
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const DecoderLimits limits{
      .max_attachments = 3,
      .max_attachment_bytes = 40,
      .sender = size % 2 == 0 ? Sender::client : Sender::server,
  };
  const auto message = fuzz::Input{data, size}.rest();
  const auto packet = decode_msgpack(MessageKind::binary, message, limits);
  if (!packet) return 0;
  const auto& arguments = packet->arguments;
  PARLEY_CHECK(arguments.json.empty() || Json::parse(arguments.json));
  const auto written = encode_msgpack(header_of(*packet), arguments.attachments);
  const auto again = decode_msgpack(MessageKind::binary, written, limits);
  // Each attachment is named once, so that what is written has the size of what was read.
  if (!arguments.attachments.empty())
    PARLEY_CHECK(placeholder_objects_in(arguments.json) == arguments.attachments.size());
  PARLEY_CHECK(again && *again == *packet);
  PARLEY_CHECK(encode_msgpack(header_of(*again), again->arguments.attachments) == written);
  return 0;
}
