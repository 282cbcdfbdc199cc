// The flows with bare callbacks, as somebody would write them for whom every nanosecond counts:
// handlers are kept in place without allocating, only what several callbacks share is allocated. As
// with flow, what comes early waits, errors arrive, and who is destroyed half way leaks nothing.

#include "cases.hpp"
#include "host.hpp"

#include <parley/flow/mailbox.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace parley::bench {
namespace {

using flow::Waiter;

// A handler of up to three pointers, kept in place. It owns what it captured: a peer that is
// destroyed in the middle of a flow leaves nothing behind.
class Handler {
 public:
  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, Handler>)
  Handler(F function) : kind_{&kind_of<F>} {
    static_assert(sizeof(F) <= size_max && std::is_nothrow_move_constructible_v<F>);
    new (place_) F{std::move(function)};
  }
  Handler(Handler&& other) noexcept : kind_{other.kind_} { kind_->move(other.place_, place_); }
  Handler& operator=(Handler&&) = delete;
  ~Handler() { kind_->destroy(place_); }

  void operator()(std::error_code error, int value) { kind_->call(place_, error, value); }

 private:
  static constexpr std::size_t size_max = 3 * sizeof(void*);

  struct Kind {
    void (*call)(void* place, std::error_code error, int value);
    void (*move)(void* from, void* to);
    void (*destroy)(void* place);
  };
  template <class F>
  static constexpr Kind kind_of{
      [](void* place, std::error_code error, int value) {
        (*static_cast<F*>(place))(error, value);
      },
      [](void* from, void* to) { new (to) F{std::move(*static_cast<F*>(from))}; },
      [](void* place) { static_cast<F*>(place)->~F(); }};

  const Kind* kind_;
  alignas(void*) std::byte place_[size_max];
};

// What the host delivers, in the same queue as in a mailbox of flow, and the handler that waits.
class Inbox final : public Waiter {
 public:
  explicit Inbox(Scheduler& scheduler) : scheduler_{scheduler} {}

  void put(int value) {
    values_.push(value);
    if (handler_) scheduler_.post(*this);
  }
  void next(Handler handler) {
    handler_.emplace(std::move(handler));
    if (!values_.empty()) scheduler_.post(*this);
  }
  void forget() {
    handler_.reset();
    leave();
  }

 private:
  void wake() override {
    Handler handler = *std::move(handler_);
    handler_.reset();
    handler({}, values_.pop());
  }

  Scheduler& scheduler_;
  flow::detail::Fifo<int> values_;
  std::optional<Handler> handler_;
};

// Not inlined, as a step of another file is not.
template <class F>
[[gnu::noinline]] void one_more(int number, F done) {
  done(std::error_code{}, number + 1);
}

template <std::size_t left, class F>
void steps_on(int number, F done) {
  if constexpr (left == 0) {
    done(std::error_code{}, number);
  } else {
    one_more(number, [done](std::error_code error, int next) {
      if (error) return done(error, 0);
      steps_on<left - 1>(next, done);
    });
  }
}

void steps(benchmark::State& state) {
  measure(state, 10, [] {
    int result = 0;
    int start = 0;
    benchmark::DoNotOptimize(start);  // or the compiler counts the steps by itself
    steps_on<steps_in_a_row>(start, [&](std::error_code, int number) { result = number; });
    return result;
  });
}

// Waits for all inboxes, and calls `done` with the sum of their values or with the first error. The
// handlers share it, by a count of their own, because one of them alone may be forgotten.
template <std::size_t count>
class Gate {
 public:
  static void run(std::array<Inbox*, count> inboxes, Handler done) {
    Share gate{new Gate{std::move(done)}};
    for (std::size_t index = 0; index < count; ++index) {
      inboxes[index]->next([gate, index](std::error_code error, int value) {
        gate->completed(index, error, value);
      });
    }
  }

 private:
  class Share {
   public:
    explicit Share(Gate* gate) noexcept : gate_{gate} { ++gate_->shares_; }
    Share(const Share& other) noexcept : Share{other.gate_} {}
    Share(Share&& other) noexcept : gate_{std::exchange(other.gate_, nullptr)} {}
    Share& operator=(Share&&) = delete;
    ~Share() {
      if (gate_ && --gate_->shares_ == 0) delete gate_;
    }
    Gate* operator->() const { return gate_; }

   private:
    Gate* gate_;
  };

  explicit Gate(Handler done) : done_{std::move(done)} {}

  void completed(std::size_t index, std::error_code error, int value) {
    values_[index] = value;
    if (error && !error_) error_ = error;
    if (--left_ > 0) return;
    int sum = 0;
    for (const int each : values_) sum += each;
    done_(error_, sum);
  }

  Handler done_;
  std::error_code error_;
  std::size_t shares_ = 0;
  std::size_t left_ = count;
  std::array<int, count> values_{};
};

template <std::size_t count>
void gate(benchmark::State& state) {
  Inboxes<Inbox, count> inboxes;
  std::array<Inbox*, count> all;
  for (std::size_t index = 0; index < count; ++index) all[index] = &inboxes.each[index];
  measure(state, count, [&] {
    int result = 0;
    Gate<count>::run(all, [&](std::error_code, int sum) { result = sum; });
    for (Inbox& inbox : inboxes.each) {
      inbox.put(1);
      inboxes.scheduler.run();
    }
    return result;
  });
}

// One timer and one operation, of which the first to end forgets the other.
class Limited final : private flow::Timer<Time> {
 public:
  Limited(Scheduler& scheduler, Inbox& inbox, Handler done)
      : inbox_{inbox}, done_{std::move(done)} {
    scheduler.wake(*this, scheduler.now() + limit_of_step);
    inbox.next([this](std::error_code error, int value) {
      leave();
      done_(error, value);
    });
  }

 private:
  void wake() override {
    inbox_.forget();
    done_(std::make_error_code(std::errc::timed_out), 0);
  }

  Inbox& inbox_;
  Handler done_;
};

void limit(benchmark::State& state) {
  Scheduler scheduler;
  Inbox inbox{scheduler};
  measure(state, 1, [&] {
    int result = 0;
    const Limited limited{scheduler, inbox, [&](std::error_code, int value) { result = value; }};
    inbox.put(1);
    scheduler.run();
    return result;
  });
}

class Race {
 public:
  Race(std::array<Inbox, segments_of_race>& inboxes, Handler done)
      : inboxes_{inboxes}, done_{std::move(done)} {
    for (Inbox& inbox : inboxes) {
      inbox.next([this](std::error_code error, int value) { completed(error, value); });
    }
  }

 private:
  void completed(std::error_code error, int value) {
    for (Inbox& inbox : inboxes_) inbox.forget();
    done_(error, value);
  }

  std::array<Inbox, segments_of_race>& inboxes_;
  Handler done_;
};

void cancelled_race(benchmark::State& state) {
  Inboxes<Inbox, segments_of_race> inboxes;
  measure(state, 1, [&] {
    int result = 0;
    const Race race{inboxes.each, [&](std::error_code, int value) { result = value; }};
    inboxes.each[0].put(1);
    inboxes.scheduler.run();
    return result;
  });
}

struct Peer {
  Inbox media;
  Inbox descriptions;
  Inbox sdp;
  int sum = 0;

  explicit Peer(Scheduler& scheduler) : media{scheduler}, descriptions{scheduler}, sdp{scheduler} {}

  template <class F>
  void take(Inbox& inbox, F done) {
    inbox.next([this, done](std::error_code error, int value) {
      sum += value;
      done(error);
    });
  }
  void get_media_stream(auto done) { take(media, done); }
  void send_offer(auto done) { take(descriptions, done); }
  void get_remote_sdp(auto done) { take(sdp, done); }
  void send_answer(auto done) { take(descriptions, done); }
};

template <class F>
void call(Peer& peer, F done) {
  peer.get_media_stream([&peer, done](std::error_code error) {
    if (error) return done(error);
    peer.send_offer([&peer, done](std::error_code failed) {
      if (failed) return done(failed);
      peer.get_remote_sdp(done);
    });
  });
}

template <class F>
void receive(Peer& peer, F done) {
  Gate<2>::run({&peer.sdp, &peer.media}, [&peer, done](std::error_code error, int sum) {
    if (error) return done(error);
    peer.sum += sum;
    peer.send_answer(done);
  });
}

void caller(benchmark::State& state) {
  Scheduler scheduler;
  measure(state, 3, [&] {
    Peer peer{scheduler};
    bool ended = false;
    call(peer, [&](std::error_code) { ended = true; });
    for (Inbox* inbox : {&peer.media, &peer.descriptions, &peer.sdp}) {
      inbox->put(1);
      scheduler.run();
    }
    return ended ? peer.sum : 0;
  });
}

void receiver(benchmark::State& state) {
  Scheduler scheduler;
  measure(state, 3, [&] {
    Peer peer{scheduler};
    bool ended = false;
    receive(peer, [&](std::error_code) { ended = true; });
    for (Inbox* inbox : {&peer.media, &peer.sdp, &peer.descriptions}) {
      inbox->put(1);
      scheduler.run();
    }
    return ended ? peer.sum : 0;
  });
}

BENCHMARK(steps)->Name("raw/steps");
BENCHMARK(gate<2>)->Name("raw/gate2");
BENCHMARK(gate<8>)->Name("raw/gate8");
BENCHMARK(gate<100>)->Name("raw/gate100");
BENCHMARK(limit)->Name("raw/limit");
BENCHMARK(cancelled_race)->Name("raw/cancelled_race");
BENCHMARK(caller)->Name("raw/caller");
BENCHMARK(receiver)->Name("raw/receiver");

}  // namespace
}  // namespace parley::bench
