// The flows with Boost.Asio's own coroutines and their operators, in the lean form: the
// io_context's own executor type, and errors as values where Asio lets one choose.

#include "cases.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace parley::bench {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
template <class T = void>
using Awaitable = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> use_awaitable;

// What the host delivers, or the handler that waits for it. The handler is kept in place; its type
// is what as_tuple(use_awaitable) makes of the signature.
class Inbox {
 public:
  explicit Inbox(asio::io_context& context) : context_{context} {}

  void put(int value) {
    value_ = value;
    if (handler_) complete({});
  }

  Awaitable<int> next() {
    const auto [error, value] = co_await asio::async_initiate<const Token, void(error_code, int)>(
        [this](auto handler) { wait(std::move(handler)); }, token_);
    if (error) throw boost::system::system_error{error};
    co_return value;
  }

 private:
  using Token = asio::as_tuple_t<asio::use_awaitable_t<Executor>>;
  using Handler = asio::detail::as_tuple_handler<
      asio::detail::awaitable_handler<Executor, std::tuple<error_code, int>>>;

  void wait(Handler handler) {
    handler_.emplace(std::move(handler));
    auto slot = asio::get_associated_cancellation_slot(*handler_);
    if (slot.is_connected()) {
      slot.assign([this](asio::cancellation_type) {
        if (handler_) complete(asio::error::operation_aborted);
      });
    }
    if (value_) complete({});
  }

  void complete(error_code error) {
    asio::get_associated_cancellation_slot(*handler_).clear();
    asio::post(context_, [handler = *std::exchange(handler_, std::nullopt), error,
                          value = std::exchange(value_, std::nullopt).value_or(0)]() mutable {
      handler(error, value);
    });
  }

  static constexpr Token token_{use_awaitable};

  asio::io_context& context_;
  std::optional<int> value_;
  std::optional<Handler> handler_;
};

// Runs a whole flow: begins it, then delivers into one inbox after another.
class Host {
 public:
  int run(Awaitable<int> flow, auto&& inboxes) {
    int result = 0;
    asio::co_spawn(context, std::move(flow),
                   [&](const std::exception_ptr&, int value) { result = value; });
    context.poll();
    for (Inbox* inbox : inboxes) {
      inbox->put(1);
      context.poll();
    }
    return result;
  }

  asio::io_context context{1};

 private:
  asio::executor_work_guard<Executor> work_{context.get_executor()};
};

Awaitable<int> one_more(int number) { co_return number + 1; }

Awaitable<int> ten_steps() {
  int number = 0;
  for (std::size_t step = 0; step < steps_in_a_row; ++step) number = co_await one_more(number);
  co_return number;
}

void steps(benchmark::State& state) {
  Host host;
  measure(state, 10, [&] { return host.run(ten_steps(), std::array<Inbox*, 0>{}); });
}

template <std::size_t count>
struct Inboxes {
  Host host;
  std::vector<Inbox> each;

  Inboxes() {
    for (std::size_t index = 0; index < count; ++index) each.emplace_back(host.context);
  }

  std::array<Inbox*, count> all() {
    std::array<Inbox*, count> inboxes;
    for (std::size_t index = 0; index < count; ++index) inboxes[index] = &each[index];
    return inboxes;
  }
};

Awaitable<int> gate_of_2(std::vector<Inbox>& inboxes) {
  const auto [a, b] = co_await (inboxes[0].next() && inboxes[1].next());
  co_return a + b;
}

Awaitable<int> gate_of_8(std::vector<Inbox>& in) {
  const auto values = co_await (in[0].next() && in[1].next() && in[2].next() && in[3].next() &&
                                in[4].next() && in[5].next() && in[6].next() && in[7].next());
  co_return std::apply([](auto... value) { return (value + ...); }, values);
}

// The operators would nest a hundred deep; what they are made of takes a range.
Awaitable<int> gate_of_range(std::vector<Inbox>& inboxes) {
  const auto executor = co_await asio::this_coro::executor;
  using Operation = decltype(asio::co_spawn(executor, inboxes[0].next(), asio::deferred));
  std::vector<Operation> operations;
  operations.reserve(inboxes.size());
  for (Inbox& inbox : inboxes) {
    operations.push_back(asio::co_spawn(executor, inbox.next(), asio::deferred));
  }
  const auto [order, errors, values] =
      co_await asio::experimental::make_parallel_group(std::move(operations))
          .async_wait(asio::experimental::wait_for_one_error(), use_awaitable);
  int sum = 0;
  for (const int value : values) sum += value;
  co_return sum;
}

template <std::size_t count, Awaitable<int> flow(std::vector<Inbox>&)>
void gate(benchmark::State& state) {
  Inboxes<count> inboxes;
  const auto all = inboxes.all();
  measure(state, count, [&] { return inboxes.host.run(flow(inboxes.each), all); });
}

Awaitable<int> limited(Inbox& inbox, Executor executor) {
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer{executor, std::chrono::seconds{30}};
  const auto first = co_await (inbox.next() || timer.async_wait(use_awaitable));
  co_return std::get<0>(first);
}

void limit(benchmark::State& state) {
  Host host;
  Inbox inbox{host.context};
  const std::array<Inbox*, 1> all{&inbox};
  measure(state, 1, [&] { return host.run(limited(inbox, host.context.get_executor()), all); });
}

Awaitable<int> race_of_8(std::vector<Inbox>& in) {
  const auto first = co_await (in[0].next() || in[1].next() || in[2].next() || in[3].next() ||
                               in[4].next() || in[5].next() || in[6].next() || in[7].next());
  co_return std::visit([](int value) { return value; }, first);
}

void cancelled_race(benchmark::State& state) {
  Inboxes<segments_of_race> inboxes;
  const std::array<Inbox*, 1> all{inboxes.each.data()};
  measure(state, 1, [&] { return inboxes.host.run(race_of_8(inboxes.each), all); });
}

struct Peer {
  Inbox media;
  Inbox descriptions;
  Inbox sdp;
  int sum = 0;

  explicit Peer(asio::io_context& context) : media{context}, descriptions{context}, sdp{context} {}

  Awaitable<> get_media_stream() { sum += co_await media.next(); }
  Awaitable<> send_offer() { sum += co_await descriptions.next(); }
  Awaitable<> get_remote_sdp() { sum += co_await sdp.next(); }
  Awaitable<> send_answer() { sum += co_await descriptions.next(); }
};

Awaitable<int> call(Peer& peer) {
  co_await peer.get_media_stream();
  co_await peer.send_offer();
  co_await peer.get_remote_sdp();
  co_return peer.sum;
}

Awaitable<int> receive(Peer& peer) {
  co_await (peer.get_remote_sdp() && peer.get_media_stream());
  co_await peer.send_answer();
  co_return peer.sum;
}

void caller(benchmark::State& state) {
  Host host;
  measure(state, 3, [&] {
    Peer peer{host.context};
    return host.run(call(peer), std::array{&peer.media, &peer.descriptions, &peer.sdp});
  });
}

void receiver(benchmark::State& state) {
  Host host;
  measure(state, 3, [&] {
    Peer peer{host.context};
    return host.run(receive(peer), std::array{&peer.media, &peer.sdp, &peer.descriptions});
  });
}

BENCHMARK(steps)->Name("awaitable/steps");
BENCHMARK(gate<2, gate_of_2>)->Name("awaitable/gate2");
BENCHMARK(gate<8, gate_of_8>)->Name("awaitable/gate8");
BENCHMARK(gate<100, gate_of_range>)->Name("awaitable/gate100");
BENCHMARK(limit)->Name("awaitable/limit");
BENCHMARK(cancelled_race)->Name("awaitable/cancelled_race");
BENCHMARK(caller)->Name("awaitable/caller");
BENCHMARK(receiver)->Name("awaitable/receiver");

}  // namespace
}  // namespace parley::bench
