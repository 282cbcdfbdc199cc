// What sessions cost: no allocation for a message, few bytes while they are idle, nothing once they
// are gone. A program of its own, because it counts every operator new.

#include "host.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>

namespace {

std::size_t allocations = 0;
std::size_t live_bytes = 0;

void release(void* memory) {
  if (memory) live_bytes -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  void* memory = std::malloc(size);
  if (!memory) throw std::bad_alloc{};
  ++allocations;
  live_bytes += malloc_usable_size(memory);
  return memory;
}
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }

namespace parley::engineio {
namespace {

/// A server whose outputs are looked at and forgotten, as a shell does it.
class Turns {
 public:
  void open(std::uint64_t socket) {
    server_.upgrade(WebSocketId{socket}, request_, now_);
    drain();
  }
  void lose(std::uint64_t socket) {
    server_.websocket_closed(WebSocketId{socket}, WebSocketEnd::closed, now_);
    drain();
  }
  void frame(std::uint64_t socket, std::string_view payload) {
    server_.websocket_received(WebSocketId{socket}, MessageKind::text, payload, now_);
    drain();
  }
  void send(std::uint64_t to, std::string_view data) {
    server_.send(SessionId{to}, MessageKind::text, {arena_, data}, now_);
    drain();
  }
  void pass(Duration duration) {
    now_ += duration;
    server_.advance(now_);
    drain();
  }
  std::size_t heard() const { return heard_; }

 private:
  void drain() {
    while (server_.poll()) ++heard_;
    arena_.reset();
  }

  NoEntropy entropy_;
  Arena arena_;
  Server server_{{}, entropy_, arena_};
  HttpRequest request_ = upgrade(websocket);
  std::size_t heard_ = 0;
  Time now_{};
};

TEST(EngineioMemory, AMessageOnAWebSocketAllocatesNothing) {
  const std::string message(4'000, 'x');
  const auto frame = "4" + message;
  Turns turns;
  turns.open(1);
  turns.send(1, message);
  const auto before = allocations;
  const auto heard = turns.heard();
  for (int i = 0; i < 1'000; ++i) {
    turns.frame(1, frame);
    turns.send(1, message);
  }
  EXPECT_EQ(turns.heard(), heard + 2'000);
  EXPECT_EQ(allocations, before);
}

TEST(EngineioMemory, AHeartbeatAllocatesNothing) {
  Turns turns;
  turns.open(1);
  turns.pass(Duration{25'000});
  turns.frame(1, "3");
  const auto before = allocations;
  const auto heard = turns.heard();
  for (int i = 0; i < 1'000; ++i) {
    turns.pass(Duration{25'000});
    turns.frame(1, "3");
  }
  EXPECT_EQ(turns.heard(), heard + 1'000);
  EXPECT_EQ(allocations, before);
}

TEST(EngineioMemory, AnIdleSessionIsSmall) {
  constexpr std::size_t sessions = 10'000;
  Turns turns;
  turns.open(1);
  const auto before = live_bytes;
  for (std::size_t i = 2; i <= sessions; ++i) turns.open(i);
  const auto each = (live_bytes - before) / sessions;
  RecordProperty("bytes", static_cast<int>(each));
  EXPECT_LT(each, 450U);
}

TEST(EngineioMemory, NothingIsLeftOfSessionsThatAreGone) {
  Turns turns;
  const auto come_and_go = [&turns](std::uint64_t from, std::uint64_t to) {
    turns.open(from - 1);  // one that stays
    for (auto i = from; i < to; ++i) {
      turns.open(i);
      turns.lose(i);
    }
    turns.lose(from - 1);
  };
  come_and_go(1'000, 2'000);
  const auto before = live_bytes;
  come_and_go(3'000, 23'000);
  EXPECT_EQ(live_bytes, before);
}

}  // namespace
}  // namespace parley::engineio
