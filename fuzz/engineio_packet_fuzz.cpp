// Any body: what is taken apart without a fault is written again as the same bytes, as a payload
// and packet by packet as frames.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/engineio/packet.hpp>
#include <parley/websocket/utf8.hpp>

#include <vector>

using namespace parley;
using namespace parley::engineio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = fuzz::Input{data, size}.rest();
  Arena arena;
  PayloadReader reader{body, arena};
  std::vector<Packet> packets;
  bool is_whole = true;
  while (auto packet = reader.next()) {
    PARLEY_CHECK(is_whole);
    is_whole = packet->has_value();
    if (is_whole) packets.push_back(**std::move(packet));
  }
  PARLEY_CHECK(packets.size() <= PayloadReader::packets_max);
  if (is_whole) PARLEY_CHECK(encode_payload(packets) == body);
  for (const auto& packet : packets) {
    PARLEY_CHECK(packet.kind == MessageKind::binary || websocket::is_utf8(packet.data));
    const auto frame = encode_frame(packet.type, packet.kind, Payload{arena, packet.data});
    PARLEY_CHECK(decode_frame(packet.kind, frame.view(), arena) == packet);
  }
  return 0;
}
