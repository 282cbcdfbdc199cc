// What an event costs in allocations and an idle socket in bytes. A program of its own, because it
// counts whatever is allocated. The bars are those of docs/performance.md's table, less what other
// rooms take of them.

#include "harness.hpp"

#include <gtest/gtest.h>

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;
std::size_t bytes_in_use = 0;

}  // namespace

void* operator new(std::size_t size) {
  auto* memory = std::malloc(size);
  if (!memory) throw std::bad_alloc{};
  ++allocations;
  bytes_in_use += malloc_usable_size(memory);
  return memory;
}
void operator delete(void* memory) noexcept {
  if (memory) bytes_in_use -= malloc_usable_size(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace parley::socketio {
namespace {

// A server, and its host's turn: everything said is looked at, and the arena taken back.
struct Turns {
  void open(ConnectionId id, const HttpRequest& handshake = {}) {
    server.opened(id, handshake, start);
    receive(id, "0");
  }
  void receive(ConnectionId id, std::string_view text) {
    server.received(id, MessageKind::text, text, start);
    drain();
  }
  void drain() {
    while (auto output = server.poll()) {
      if (const auto* send = std::get_if<Send>(&*output)) sent += send->data.size();
    }
    arena.reset();
  }

  /// The allocations of an event from Ann, once everything has grown to its size.
  std::size_t cost_of(std::string_view event) {
    for (int n = 0; n < 3; ++n) receive(ann, event);
    sent = 0;
    const auto allocated = allocations;
    receive(ann, event);
    EXPECT_GT(sent, 0u);
    return allocations - allocated;
  }

  NoChance entropy;
  Arena arena;
  Server server{{}, entropy, arena};
  std::size_t sent = 0;
};

const std::string large = R"(2["signal",{"sdp":")" + std::string(4'000, 'x') + R"("}])";

TEST(SocketioMemory, AnEventThatIsRelayedToAPartnerAllocatesNothing) {
  Turns turns;
  std::optional<Socket> partner;
  turns.server.of("/").on_connection([&](Socket socket) { partner = socket; });
  turns.server.of("/").on("signal", [&](Event& event) { partner->relay(event.arguments()); });
  turns.open(ann);
  turns.open(bob);
  EXPECT_EQ(turns.cost_of(R"(2["signal",{"candidate":"1"}])"), 0u);
  EXPECT_EQ(turns.cost_of(large), 0u);
}

TEST(SocketioMemory, NeitherDoesOneThatPassesFiltersAndIsAcknowledged) {
  Turns turns;
  turns.server.of("/").use_events([](Event&) { return true; });
  turns.server.of("/").on_any([](Event&) {});
  turns.server.of("/").on("signal", [&](Event& event) { event.ack.relay("[1]"); });
  turns.open(ann);
  EXPECT_EQ(turns.cost_of(R"(27["signal",{"candidate":"1"}])"), 0u);
}

// The names of rooms and the list of those who are in them.
TEST(SocketioMemory, AnEventToARoomAllocatesAFewTimesHoweverManyAreInIt) {
  Turns turns;
  turns.server.of("/").on_connection([&](Socket socket) { socket.join("r"); });
  turns.server.of("/").on("signal",
                          [](Event& event) { event.socket().to("r").relay(event.arguments()); });
  for (unsigned n = 1; n <= 200; ++n) turns.open(ConnectionId{n});
  EXPECT_LE(turns.cost_of(large), 20u);
}

// What a browser shows when it opens a WebSocket.
const HttpRequest browsers{
    "GET",
    "/socket.io/?EIO=4&transport=websocket",
    {{"Host", "chat.example.org"},
     {"Connection", "Upgrade"},
     {"Pragma", "no-cache"},
     {"Cache-Control", "no-cache"},
     {"User-Agent",
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
      "Safari/537.36"},
     {"Upgrade", "websocket"},
     {"Origin", "https://chat.example.org"},
     {"Sec-WebSocket-Version", "13"},
     {"Accept-Encoding", "gzip, deflate, br, zstd"},
     {"Accept-Language", "en-US,en;q=0.9"},
     {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
     {"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"}},
    {},
    "192.0.2.1"};

// Bytes for each of many connections, as the heap counts them.
std::size_t bytes_each(Turns& turns, const HttpRequest& handshake) {
  constexpr unsigned count = 4'096;  // fills tables of powers of two
  const auto before = bytes_in_use;
  for (unsigned n = 1; n <= count; ++n) turns.open(ConnectionId{n}, handshake);
  return (bytes_in_use - before) / count;
}

TEST(SocketioMemory, AnIdleSocketIsSmall) {
  Turns turns;
  turns.server.of("/");
  const auto bare = bytes_each(turns, {"GET", "/socket.io/?EIO=4", {}, {}, {}});
  RecordProperty("bytes", static_cast<int>(bare));
  EXPECT_LE(bare, 512u);
}

TEST(SocketioMemory, AnIdleSocketOfABrowserTakesItsHeadersAndLittleMore) {
  Turns turns;
  turns.server.of("/");
  const auto of_browser = bytes_each(turns, browsers);
  RecordProperty("bytes", static_cast<int>(of_browser));
  EXPECT_LE(of_browser, 1'024u);
}

TEST(SocketioMemory, WhoCameAndWentLeavesNothing) {
  Turns turns;
  turns.server.of("/").on_connection([](Socket socket) { socket.join("r"); });
  const auto come_and_go = [&](unsigned from, unsigned to) {
    for (unsigned n = from; n < to; ++n) {
      turns.open(ConnectionId{n}, browsers);
      turns.receive(ConnectionId{n}, R"(2["e"])");
      turns.server.closed(ConnectionId{n}, DisconnectReason::transport_close, start);
      turns.drain();
    }
  };
  come_and_go(1, 1'000);
  const auto before = bytes_in_use;
  come_and_go(1'000, 5'000);
  EXPECT_EQ(bytes_in_use, before);
}

}  // namespace
}  // namespace parley::socketio
