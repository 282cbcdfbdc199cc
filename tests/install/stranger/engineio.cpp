#include <parley/engineio/packet.hpp>

int main() {
  using namespace parley;
  const auto packet = engineio::decode_frame(MessageKind::text, "4hello");
  return packet && packet->data == "hello" ? 0 : 1;
}
