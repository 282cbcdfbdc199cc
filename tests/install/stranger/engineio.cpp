#include <parley/engineio/packet.hpp>

int main() {
  using namespace parley;
  Arena arena;
  const auto packet = engineio::decode_frame(MessageKind::text, "4hello", arena);
  return packet && packet->data == "hello" ? 0 : 1;
}
