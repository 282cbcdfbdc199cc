// Any tree of words over steps, with events in any order and the end at any moment, also one in the
// middle of the scheduler's turn: the same steps run at the same time as in a model that knows no
// coroutines, the outcome is the same to the last cause, timers are left exactly where something
// still waits, each step is gone once, and after the end nothing resumes.

#include "flow_model.hpp"
#include "flow_plan.hpp"
#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/flow/flow.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

using namespace parley;
using namespace parley::fuzz;

namespace {

struct FuzzClock {
  using duration = std::chrono::milliseconds;
  using time_point = std::chrono::time_point<FuzzClock, duration>;
};
using Scheduler = flow::ManualScheduler<FuzzClock>;
using Milliseconds = FuzzClock::duration;

// A plan in the words of flow. The plan outlives it.
class Flow {
 public:
  explicit Flow(const Plan& plan) : plan_{plan}, runs_(plan.size()) {
    for (std::size_t left = plan.size(); left > 0; --left) endings_.emplace_back(scheduler_);
    canceller_.emplace(cancel_when_told());
  }

  void start() { root_.emplace(make(0)); }
  void put(NodeId id, Ending ending) { endings_[id].put(ending); }
  void run() { scheduler_.run(); }
  void advance(int now) { scheduler_.advance(FuzzClock::time_point{Milliseconds{now}}); }
  void cancel_soon() { cancel_.set(); }
  void cancel() {
    cancelled_ = true;
    root_.reset();
  }

  bool cancelled() const { return cancelled_; }
  const std::optional<flow::Result<int>>& outcome() const { return root_->outcome(); }
  const std::vector<NodeId>& starts() const { return starts_; }
  bool runs(NodeId id) const { return runs_[id]; }
  std::optional<int> wake_at() {
    const auto at = scheduler_.wake_at();
    if (!at) return std::nullopt;
    return static_cast<int>(at->time_since_epoch().count());
  }

 private:
  // Among the locals of a leaf.
  class Leaf {
   public:
    Leaf(Flow& flow, NodeId id) : flow_{flow}, id_{id} {
      PARLEY_CHECK(!flow_.runs_[id_] && !flow_.cancelled_);
      flow_.runs_[id_] = true;
      flow_.starts_.push_back(id_);
    }
    Leaf(const Leaf&) = delete;
    Leaf& operator=(const Leaf&) = delete;
    ~Leaf() { flow_.runs_[id_] = false; }

    void goes_on() const { PARLEY_CHECK(!flow_.cancelled_); }

   private:
    Flow& flow_;
    NodeId id_;
  };

  flow::task<> cancel_when_told() {
    co_await cancel_;
    cancel();
  }

  flow::task<int> make(NodeId id) {
    const Node& node = plan_[id];
    switch (node.word) {
      case Word::step:
        return step(id);
      case Word::nap:
        return nap(id);
      case Word::within:
        return flow::within(scheduler_, Milliseconds{node.milliseconds}, make_below(id, 0));
      case Word::attempted:
        return attempted(make_below(id, 0));
      case Word::until:
        return flow::until(scheduler_, retry(node), [this, id] { return make_below(id, 0); });
      case Word::sequence:
        return sequence(make_below(id, 0), make_below(id, 1));
      case Word::map:
        return map(id);
      default:
        return make_of_three(node.word, make_below(id, 0), make_below(id, 1), make_below(id, 2));
    }
  }
  flow::task<int> make_below(NodeId id, std::size_t index) { return make(plan_[id].below[index]); }

  static flow::Retry<Milliseconds> retry(const Node& node) {
    return {.attempts = node.number,
            .pause = Milliseconds{node.milliseconds},
            .growth = 2,
            .pause_max = Milliseconds{longest_pause}};
  }

  static flow::task<int> make_of_three(Word word, flow::task<int> a, flow::task<int> b,
                                       flow::task<int> c) {
    switch (word) {
      case Word::gate:
        return gate(std::move(a), std::move(b), std::move(c));
      case Word::any:
        return any(std::move(a), std::move(b), std::move(c));
      case Word::none:
        return none(std::move(a), std::move(b), std::move(c));
      case Word::race:
        return one(flow::race(std::move(a), std::move(b), std::move(c)));
      case Word::first:
        return one(flow::first(std::move(a), std::move(b), std::move(c)));
      default:
        return one(flow::last(std::move(a), std::move(b), std::move(c)));
    }
  }

  flow::task<int> step(NodeId id) {
    const Leaf leaf{*this, id};
    const Ending ending = co_await endings_[id].next();
    leaf.goes_on();
    if (const auto other = plan_[id].also_wakes) put(*other, ending);
    if (ending.kind == Ending::fails) co_await flow::fail(step_error());
    if (ending.kind == Ending::throws) throw std::runtime_error{thrown_words};
    co_return ending.value;
  }

  flow::task<int> nap(NodeId id) {
    const Leaf leaf{*this, id};
    co_await flow::sleep(scheduler_, Milliseconds{plan_[id].milliseconds});
    leaf.goes_on();
    co_return plan_[id].milliseconds;
  }

  static flow::task<int> attempted(flow::task<int> below) {
    const flow::Result<int> result = co_await flow::attempt(std::move(below));
    co_return result ? *result : -1;
  }

  static flow::task<int> sequence(flow::task<int> a, flow::task<int> b) {
    co_await std::move(a);
    co_return co_await std::move(b);
  }

  static flow::task<int> gate(flow::task<int> a, flow::task<int> b, flow::task<int> c) {
    const auto values = co_await flow::gate(std::move(a), std::move(b), std::move(c));
    co_return std::get<0>(values) + 2 * std::get<1>(values) + 3 * std::get<2>(values);
  }

  static flow::task<int> any(flow::task<int> a, flow::task<int> b, flow::task<int> c) {
    const auto values = co_await flow::any(std::move(a), std::move(b), std::move(c));
    co_return std::get<0>(values).value_or(0) + 2 * std::get<1>(values).value_or(0) +
        3 * std::get<2>(values).value_or(0);
  }

  static flow::task<int> none(flow::task<int> a, flow::task<int> b, flow::task<int> c) {
    const auto errors = co_await flow::none(std::move(a), std::move(b), std::move(c));
    co_return static_cast<int>(errors.size());
  }

  static flow::task<int> one(flow::task<flow::From<int>> word) {
    const auto from = co_await std::move(word);
    co_return from.value + static_cast<int>(from.segment);
  }

  flow::task<int> map(NodeId id) {
    const flow::AtOnce at_once{plan_[id].number};
    const auto make_item = [this](NodeId item) { return make(item); };
    const auto values = co_await flow::map(plan_[id].below, at_once, make_item);
    int sum = 0;
    for (std::size_t index = 0; index < values.size(); ++index) {
      sum += values[index] * static_cast<int>(index + 1);
    }
    co_return sum;
  }

  const Plan& plan_;
  Scheduler scheduler_;
  std::deque<flow::Mailbox<Ending, Scheduler>> endings_;
  flow::Event<Scheduler> cancel_{scheduler_};
  std::vector<bool> runs_;
  std::vector<NodeId> starts_;
  bool cancelled_ = false;
  flow::OnUnseenError ignore_{[](const flow::Error&) {}};  // it may end in the turn it failed in
  std::optional<flow::Running<int>> root_;
  std::optional<flow::Running<>> canceller_;
};

// But for the exception, of which the model has none.
bool alike(const flow::Error& a, const flow::Error& b) {
  return a.code == b.code && a.context == b.context && a.segment == b.segment &&
         std::ranges::equal(a.causes, b.causes, alike);
}
bool alike(const FlowModel::Outcome& a, const FlowModel::Outcome& b) {
  if (a.has_value() != b.has_value()) return false;
  return a ? *a == *b : alike(a.error(), b.error());
}

class World {
 public:
  explicit World(Plan plan) : plan_{std::move(plan)} {}

  void start() {
    started_ = true;
    both([](auto& side) { side.start(); });
  }

  void act(Input& input) {
    switch (input.byte() % 8) {
      case 0:
        return both([](auto& side) { side.run(); });
      case 1:
      case 2:
        now_ += input.byte() % 16;
        return both([this](auto& side) { side.advance(now_); });
      case 3:
        return stop(input);
      default:
        put(input);
    }
  }

  void put(Input& input) {
    const NodeId id = input.byte() % plan_.size();
    const Ending ending = make_ending(input);
    both([&](auto& side) { side.put(id, ending); });
  }

  void finish() {
    both([](auto& side) { side.cancel(); });
    both([](auto& side) { side.run(); });
    PARLEY_CHECK(!flow_.wake_at());
  }

 private:
  void stop(Input& input) {
    const auto choice = input.byte();
    if (choice % 8 == 0) {
      both([](auto& side) { side.cancel(); });
    } else if (choice % 8 == 1) {
      both([](auto& side) { side.cancel_soon(); });
    }
  }

  void both(auto act) {
    act(model_);
    act(flow_);
    compare();
  }

  void compare() {
    PARLEY_CHECK(flow_.cancelled() == model_.cancelled());
    PARLEY_CHECK(flow_.starts() == model_.starts());
    PARLEY_CHECK(flow_.wake_at() == model_.wake_at());
    // A flow that has failed keeps the locals of what failed until it is destroyed itself.
    const bool has_failed = model_.outcome() && !*model_.outcome() && !model_.cancelled();
    for (NodeId id = 0; id < plan_.size() && !has_failed; ++id) {
      if (plan_[id].below.empty()) PARLEY_CHECK(flow_.runs(id) == model_.runs(id));
    }
    if (started_ && !flow_.cancelled()) {
      PARLEY_CHECK(flow_.outcome().has_value() == model_.outcome().has_value());
      if (model_.outcome()) PARLEY_CHECK(alike(*flow_.outcome(), *model_.outcome()));
    }
  }

  Plan plan_;
  FlowModel model_{plan_};
  Flow flow_{plan_};
  bool started_ = false;
  int now_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input{data, size};
  World world{make_plan(input)};
  for (auto early = input.byte() % 4; early > 0; --early) world.put(input);
  world.start();
  while (!input.empty()) world.act(input);
  world.finish();
  return 0;
}
