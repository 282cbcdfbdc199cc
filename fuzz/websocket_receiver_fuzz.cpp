// Any bytes, cut anywhere: the same events come out, nothing after the last one, no message above
// the limit, and text is UTF-8.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/base/result.hpp>
#include <parley/websocket/receiver.hpp>
#include <parley/websocket/utf8.hpp>

#include <string>
#include <vector>

using namespace parley;
using namespace parley::websocket;

namespace {

constexpr std::size_t message_bytes_max = 300;

// An event as text, so that it outlives the bytes that it looked at.
std::string describe(const Event& event) {
  return std::visit(
      Match{
          [](const Message& e) {
            PARLEY_CHECK(e.payload.size() <= message_bytes_max);
            PARLEY_CHECK(e.kind == MessageKind::binary || is_utf8(e.payload));
            return (e.kind == MessageKind::text ? "text " : "binary ") + std::string{e.payload};
          },
          [](const Ping& e) { return "ping " + std::string{e.payload}; },
          [](const Pong& e) { return "pong " + std::string{e.payload}; },
          [](const PeerClose& e) {
            return "close " + std::to_string(e.code.value_or(0)) + std::string{e.reason};
          },
          [](const Violation& e) {
            return "violation " + std::to_string(static_cast<unsigned>(e.code));
          },
      },
      event);
}

// `seed` decides how large the pieces are; zero is one piece.
std::vector<std::string> receive(Role role, std::string_view bytes, unsigned seed) {
  Receiver receiver{role, {.message_bytes_max = message_bytes_max}};
  std::vector<std::string> events;
  bool ended = false;
  while (!bytes.empty()) {
    std::size_t size = bytes.size();
    if (seed != 0) {
      seed = seed * 1'664'525 + 1'013'904'223;
      size = std::min<std::size_t>(size, 1 + (seed >> 24) % 40);
    }
    std::string piece{bytes.substr(0, size)};
    bytes.remove_prefix(size);
    receiver.receive(piece);
    while (const auto event = receiver.poll()) {
      PARLEY_CHECK(!ended);
      events.push_back(describe(*event));
      ended =
          std::holds_alternative<PeerClose>(*event) || std::holds_alternative<Violation>(*event);
    }
  }
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  const auto role = input.byte() % 2 == 0 ? Role::server : Role::client;
  const unsigned seed = input.byte() + 1U;
  const auto bytes = input.rest();
  PARLEY_CHECK(receive(role, bytes, 0) == receive(role, bytes, seed));
  return 0;
}
