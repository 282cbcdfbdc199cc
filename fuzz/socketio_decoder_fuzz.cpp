// Any messages: the decoder refuses or makes packets, and a packet that is encoded and decoded
// again is the same packet. What it lets through is what a relay may pass on.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/socketio/decoder.hpp>

#include <string>

using namespace parley;
using namespace parley::socketio;

namespace {

// Limits so small that inputs reach them.
constexpr DecoderLimits of_clients{.max_attachments = 3, .max_attachment_bytes = 40};
constexpr DecoderLimits of_servers{
    .max_attachments = 3, .max_attachment_bytes = 40, .sender = Sender::server};

std::string encoded(const Packet& packet) {
  Arena arena;
  const auto payload = encode({.type = packet.type,
                               .attachments = packet.arguments.attachments.size(),
                               .name_space = packet.name_space,
                               .ack = packet.ack,
                               .json = packet.arguments.json},
                              arena);
  return std::string{payload.view()};
}

void check_round_trip(const Packet& packet, const DecoderLimits& limits) {
  Decoder decoder;
  const auto text = encoded(packet);
  auto again = decoder.receive(MessageKind::text, text, limits);
  for (const auto& attachment : packet.arguments.attachments) {
    PARLEY_CHECK(again && !*again);
    again = decoder.receive(MessageKind::binary, attachment, limits);
  }
  PARLEY_CHECK(again && *again && **again == packet);
  PARLEY_CHECK(encoded(**again) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The length decides from whom it is, so that the seeds' bytes mean what they always did.
  const auto& limits = size % 2 == 0 ? of_clients : of_servers;
  fuzz::Input input{data, size};
  Decoder decoder;
  while (!input.empty()) {
    const auto head = input.byte();  // a kind and a length
    const auto kind = head % 2 == 0 ? MessageKind::text : MessageKind::binary;
    const auto packet = decoder.receive(kind, input.take(head / 2), limits);
    if (!packet) return 0;
    if (!*packet) continue;
    PARLEY_CHECK((*packet)->arguments.json.find('\x1e') == std::string::npos);
    check_round_trip(**packet, limits);
  }
  return 0;
}
