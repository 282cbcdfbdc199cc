// The flows with parley's library, as its users write them.

#include "cases.hpp"
#include "host.hpp"

#include <parley/flow/flow.hpp>

#include <array>
#include <deque>
#include <utility>

namespace parley::bench {
namespace {

using flow::Running;
using flow::task;
using Inbox = flow::Mailbox<int, Scheduler>;

task<int> one_more(int number) { co_return number + 1; }

task<int> ten_steps() {
  int number = 0;
  for (std::size_t step = 0; step < steps_in_a_row; ++step) number = co_await one_more(number);
  co_return number;
}

void steps(benchmark::State& state) {
  measure(state, 10, [] {
    const Running flow{ten_steps()};
    return **flow.outcome();
  });
}

task<int> next_of(Inbox& inbox) { co_return co_await inbox.next(); }

template <std::size_t... index>
task<int> sum_of_gate(std::array<Inbox, sizeof...(index)>& inboxes, std::index_sequence<index...>) {
  const auto values = co_await flow::gate(next_of(inboxes[index])...);
  co_return (std::get<index>(values) + ...);
}

template <std::size_t count>
void gate(benchmark::State& state) {
  Inboxes<Inbox, count> inboxes;
  measure(state, count, [&] {
    const Running flow{sum_of_gate(inboxes.each, std::make_index_sequence<count>{})};
    for (Inbox& inbox : inboxes.each) {
      inbox.put(1);
      inboxes.scheduler.run();
    }
    return **flow.outcome();
  });
}

void limit(benchmark::State& state) {
  Scheduler scheduler;
  Inbox inbox{scheduler};
  measure(state, 1, [&] {
    const Running flow{flow::within(scheduler, limit_of_step, next_of(inbox))};
    inbox.put(1);
    scheduler.run();
    return **flow.outcome();
  });
}

template <std::size_t... index>
task<flow::From<int>> race_of(std::array<Inbox, sizeof...(index)>& inboxes,
                              std::index_sequence<index...>) {
  return flow::race(next_of(inboxes[index])...);
}

void cancelled_race(benchmark::State& state) {
  Inboxes<Inbox, segments_of_race> inboxes;
  measure(state, 1, [&] {
    const Running flow{race_of(inboxes.each, std::make_index_sequence<segments_of_race>{})};
    inboxes.each[0].put(1);
    inboxes.scheduler.run();
    return flow.outcome()->value().value;
  });
}

struct Peer {
  Inbox media;
  Inbox descriptions;
  Inbox sdp;
  int sum = 0;

  explicit Peer(Scheduler& scheduler) : media{scheduler}, descriptions{scheduler}, sdp{scheduler} {}

  task<> get_media_stream() { sum += co_await media.next(); }
  task<> send_offer() { sum += co_await descriptions.next(); }
  task<> get_remote_sdp() { sum += co_await sdp.next(); }
  task<> send_answer() { sum += co_await descriptions.next(); }
};

task<> call(Peer& peer) {
  co_await peer.get_media_stream();
  co_await peer.send_offer();
  co_await peer.get_remote_sdp();
}

task<> receive(Peer& peer) {
  co_await flow::gate(peer.get_remote_sdp(), peer.get_media_stream());
  co_await peer.send_answer();
}

void caller(benchmark::State& state) {
  Scheduler scheduler;
  measure(state, 3, [&] {
    Peer peer{scheduler};
    const Running flow{call(peer)};
    for (Inbox* inbox : {&peer.media, &peer.descriptions, &peer.sdp}) {
      inbox->put(1);
      scheduler.run();
    }
    return flow.outcome() ? peer.sum : 0;
  });
}

void receiver(benchmark::State& state) {
  Scheduler scheduler;
  measure(state, 3, [&] {
    Peer peer{scheduler};
    const Running flow{receive(peer)};
    for (Inbox* inbox : {&peer.media, &peer.sdp, &peer.descriptions}) {
      inbox->put(1);
      scheduler.run();
    }
    return flow.outcome() ? peer.sum : 0;
  });
}

BENCHMARK(steps)->Name("flow/steps");
BENCHMARK(gate<2>)->Name("flow/gate2");
BENCHMARK(gate<8>)->Name("flow/gate8");
BENCHMARK(gate<100>)->Name("flow/gate100");
BENCHMARK(limit)->Name("flow/limit");
BENCHMARK(cancelled_race)->Name("flow/cancelled_race");
BENCHMARK(caller)->Name("flow/caller");
BENCHMARK(receiver)->Name("flow/receiver");

}  // namespace
}  // namespace parley::bench
