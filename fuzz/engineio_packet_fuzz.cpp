// Any body in any of the three formats: what is taken apart without a fault is written again as a
// body that reads the same (of revision 4: as the same bytes), and packet by packet as frames.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/engineio/packet.hpp>
#include <parley/websocket/utf8.hpp>

#include <vector>

using namespace parley;
using namespace parley::engineio;

namespace {

struct Read {
  std::vector<Packet> packets;
  bool is_whole = true;
};

Read read(std::string_view body, PayloadFormat format, Arena& arena) {
  PayloadReader reader{body, arena, format};
  Read read;
  while (auto packet = reader.next()) {
    PARLEY_CHECK(read.is_whole);
    read.is_whole = packet->has_value();
    if (read.is_whole) read.packets.push_back(**std::move(packet));
  }
  PARLEY_CHECK(read.packets.size() <= PayloadReader::packets_max);
  return read;
}

void check_frames(const Packet& packet, Arena& arena) {
  PARLEY_CHECK(packet.kind == MessageKind::binary || websocket::is_utf8(packet.data));
  const Payload data{arena, packet.data};
  for (const auto revision : {Revision::v3, Revision::v4}) {
    for (const auto bytes : {Dialect::Bytes::bare, Dialect::Bytes::base64}) {
      const auto frame = encode_frame({revision, bytes}, packet.type, packet.kind, data, arena);
      const auto decoded = decode_frame(frame.kind, frame.payload.view(), arena, revision);
      PARLEY_CHECK(decoded == packet);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = fuzz::Input{data, size}.rest();
  for (const auto format :
       {PayloadFormat::separated, PayloadFormat::counted, PayloadFormat::counted_in_bytes}) {
    Arena arena;
    const auto [packets, is_whole] = read(body, format, arena);
    const auto again = encode_payload(packets, format);
    if (is_whole && format == PayloadFormat::separated) PARLEY_CHECK(again == body);
    if (!packets.empty()) PARLEY_CHECK(read(again, format, arena).packets == packets);
    for (const auto& packet : packets) check_frames(packet, arena);
  }
  return 0;
}
