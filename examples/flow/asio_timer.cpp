// Flows on an Asio executor, in both directions: an operation of Asio's as a step of a flow, and a
// flow as an operation of Asio's.
//
// It prints:
//   the timer rang
//   the limit was reached
//   the flow gave 42 to a callback of Asio's
//   the flow gave 42 to an awaitable

#include <parley/flow/flow.hpp>
#include <parley/flow_asio/flow_asio.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdio>

namespace asio = boost::asio;
namespace flow = parley::flow;
using flow::task;
using namespace std::chrono_literals;

namespace {

using Scheduler = flow::AsioScheduler<asio::io_context::executor_type>;

task<> nap(Scheduler& scheduler, Scheduler::duration time) { co_await sleep(scheduler, time); }

task<int> wait(Scheduler& scheduler, asio::steady_timer& timer) {
  timer.expires_after(1ms);
  co_await step(scheduler, timer.async_wait(asio::deferred));
  std::puts("the timer rang");

  const flow::Result<> limited = co_await attempt(within(scheduler, 1ms, nap(scheduler, 1h)));
  if (!limited) std::puts("the limit was reached");
  co_return 42;
}

task<int> answer() { co_return 42; }

asio::awaitable<void> from_an_awaitable(Scheduler& scheduler) {
  const int value = co_await async_run(scheduler, answer(), asio::use_awaitable);
  std::printf("the flow gave %d to an awaitable\n", value);
}

}  // namespace

int main() {
  asio::io_context io;
  Scheduler scheduler{io};
  asio::steady_timer timer{io};

  async_run(scheduler, wait(scheduler, timer), [](boost::system::error_code error, int value) {
    if (!error) std::printf("the flow gave %d to a callback of Asio's\n", value);
  });
  io.run();

  io.restart();
  asio::co_spawn(io, from_an_awaitable(scheduler), asio::detached);
  io.run();
}
