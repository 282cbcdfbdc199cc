// Any frames from one or two clients of /rtc, while two honest ones talk: those two hear each other
// and nobody else as long as they are a pair, are never hung up on, and a socket is silent after
// its end.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/base/result.hpp>
#include <parley/hall/rtc.hpp>
#include <parley/node/node.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <variant>
#include <vector>

using namespace parley;
using namespace parley::node;

namespace {

struct NoEntropy : Entropy {
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, std::byte{0}); }
};

// Limits so small that inputs reach them.
const Options options{
    .engineio = {.max_http_buffer_size = 100},
    .socketio = {.connect_timeout = Duration{500}, .max_attachment_bytes = 40},
};

constexpr WebSocketId ann{1}, bob{2};

class World {
 public:
  World() {
    for (const auto id : {ann, bob}) {
      open(id);
      node_.websocket_received(id, MessageKind::text, "40/rtc,", now_);
    }
    (void)drain();
  }

  void act(fuzz::Input& input) {
    const auto choice = input.byte();
    auto& eve = strangers_[choice / 16 % 2];
    switch (choice % 8) {
      case 0:
        return eve = WebSocketId{++last_id_}, open(eve);
      case 1:
        return wait(Duration{input.byte()});
      case 2:
        over_.insert(eve);
        return node_.websocket_closed(eve, WebSocketEnd::failed, now_);
      case 3:
        return receive(eve, MessageKind::binary, input.take(input.byte() % 64));
      case 4:
        return receive(eve, MessageKind::text, "40/rtc,");
      case 5:
        return receive(eve, MessageKind::text, "42/rtc,[" + std::string{input.take(choice)});
      case 6:
        return talk();
      default:
        return receive(eve, MessageKind::text, input.take(input.byte()));
    }
  }

  /// What the strangers did reached none of the honest pair.
  void check() {
    for (const auto id : drain()) PARLEY_CHECK(id != ann && id != bob);
  }

  /// And both can still talk, unheard by others.
  void talk() {
    receive(ann, MessageKind::text, R"(42/rtc,["signal","hello"])");
    PARLEY_CHECK(drain() == std::vector{bob});
    receive(bob, MessageKind::text, R"(42/rtc,["signal","hello"])");
    PARLEY_CHECK(drain() == std::vector{ann});
  }

  void finish() {
    talk();
    node_.shut_down(now_);
    (void)drain();
    PARLEY_CHECK(over_.contains(ann) && over_.contains(bob));
    PARLEY_CHECK(!node_.wake_at());
  }

 private:
  void wait(Duration duration) {
    now_ += duration;
    node_.advance(now_);
    for (const auto id : {ann, bob}) receive(id, MessageKind::text, "3");
  }

  void open(WebSocketId id) {
    node_.upgrade(id,
                  {.method = "GET",
                   .target = "/socket.io/?EIO=4&transport=websocket",
                   .fields = {{"Host", "h"},
                              {"Connection", "Upgrade"},
                              {"Upgrade", "websocket"},
                              {"Sec-WebSocket-Version", "13"},
                              {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}},
                   .body = "",
                   .remote_address = ""},
                  now_);
  }

  void receive(WebSocketId id, MessageKind kind, std::string_view payload) {
    node_.websocket_received(id, kind, payload, now_);
  }

  /// Who was sent something, pings aside.
  std::vector<WebSocketId> drain() {
    std::vector<WebSocketId> heard;
    while (const auto output = node_.poll()) {
      if (const auto* frame = std::get_if<SendFrame>(&*output)) {
        PARLEY_CHECK(!over_.contains(frame->socket));
        if (frame->payload.view() != "2") heard.push_back(frame->socket);
      } else if (const auto* close = std::get_if<CloseWebSocket>(&*output)) {
        PARLEY_CHECK(over_.insert(close->socket).second);
      }
    }
    return heard;
  }

  NoEntropy entropy_;
  Node node_{options, entropy_};
  hall::Rtc rtc_{node_.socketio(), [](std::string_view) {}};
  Time now_{};
  std::uint64_t last_id_ = 2;
  std::array<WebSocketId, 2> strangers_{WebSocketId{98}, WebSocketId{99}};
  std::set<WebSocketId> over_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  World world;
  // Short stories: what matters happens early, and long ones would be few.
  for (int acts = 0; acts < 40 && !input.empty(); ++acts) {
    world.act(input);
    world.check();
  }
  world.finish();
  return 0;
}
