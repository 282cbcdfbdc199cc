// The thread rules: one scheduler is used on one thread or strand at a time, several run beside
// each other, and values go from one to another through boost::asio::post(). Tested against the
// class comment of AsioScheduler; what proves it is that TSan has nothing to say.

#include "held_operation.hpp"

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>

#include <deque>
#include <future>
#include <thread>

namespace parley::flow {
namespace {

constexpr int rooms = 4;
constexpr int rounds = 50;

// A thread with a scheduler. It runs until its guard is gone and its flows have ended.
struct Room {
  asio::io_context io;
  IoScheduler scheduler{io};
  Mailbox<int, IoScheduler> mailbox{scheduler};
  std::thread thread{[this, guard = asio::make_work_guard(io)] { io.run(); }};

  // From any thread.
  void hand(int value) {
    asio::post(io, [this, value] { mailbox.put(value); });
  }
  void leave() {
    io.stop();
    thread.join();
  }
};

// Counts on what comes in and hands it to the next, until it has come round often enough.
task<int> pass_on(Room& room, Room& next) {
  for (int last = 0; last < rooms * rounds;) {
    last = co_await room.mailbox.next();
    next.hand(last + 1);
  }
  co_return 1;
}

TEST(AsioThreads, ValuesGoRoundFromThreadToThread) {
  std::deque<Room> ring(rooms);
  std::vector<std::future<int>> ends;
  for (std::size_t at = 0; at < rooms; ++at) {
    Room& room = ring[at];
    ends.push_back(
        async_run(room.scheduler, pass_on(room, ring[(at + 1) % rooms]), asio::use_future));
  }
  ring.front().hand(0);
  for (auto& end : ends) EXPECT_EQ(end.get(), 1);
  for (Room& room : ring) room.leave();
}

TEST(AsioThreads, AFlowIsCancelledFromAnotherThread) {
  Room room;
  std::promise<void> started;
  const auto wait = [](Room& in, std::promise<void>& start) -> task<int> {
    start.set_value();
    co_return co_await in.mailbox.next();
  };
  asio::cancellation_signal stop;
  auto end = async_run(room.scheduler, wait(room, started),
                       asio::bind_cancellation_slot(stop.slot(), asio::use_future));
  started.get_future().get();
  stop.emit(asio::cancellation_type::terminal);
  EXPECT_THROW(end.get(), boost::system::system_error);
  room.leave();
}

TEST(AsioThreads, AStrandOfAPoolIsAsGoodAsAThread) {
  using Strand = asio::strand<asio::thread_pool::executor_type>;
  struct OnStrand {
    explicit OnStrand(asio::thread_pool& pool) : scheduler{asio::make_strand(pool)} {}

    AsioScheduler<Strand> scheduler;
    int turns = 0;  // of all flows of the strand; not atomic, for that is the point
  };
  const auto take_turns = [](OnStrand& on) -> task<> {
    for (int round = 0; round < rounds; ++round) {
      co_await step(on.scheduler, asio::post(on.scheduler.executor(), asio::deferred));
      ++on.turns;
      co_await sleep(on.scheduler, 10us);
      ++on.turns;
    }
  };
  asio::thread_pool pool{rooms};
  std::deque<OnStrand> strands;
  std::vector<std::future<void>> ends;
  for (int strand = 0; strand < rooms; ++strand) {
    auto& on = strands.emplace_back(pool);
    for (int flow = 0; flow < 3; ++flow) {
      ends.push_back(async_run(on.scheduler, take_turns(on), asio::use_future));
    }
  }
  for (auto& end : ends) end.get();
  pool.join();
  for (const auto& on : strands) EXPECT_EQ(on.turns, 3 * 2 * rounds);
}

}  // namespace
}  // namespace parley::flow
