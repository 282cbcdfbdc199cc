#pragma once

#include "flow_plan.hpp"

#include <parley/base/check.hpp>
#include <parley/flow/error.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace parley::fuzz {

inline constexpr int longest_pause = 6;
inline const std::string thrown_words = "thrown";
inline flow::Error step_error() {
  return flow::Error{std::make_error_code(std::errc::io_error), "step"};
}

/// What flow is to do with a plan, said without coroutines: a node completes by a call of the one
/// above it. It has at most one activity at a time, so its state stands beside it. The plan
/// outlives the model.
class FlowModel {
 public:
  using Outcome = flow::Result<int>;

  explicit FlowModel(const Plan& plan) : plan_{plan}, states_(plan.size()) {
    for (NodeId id = 0; id < plan.size(); ++id) {
      for (std::size_t index = 0; index < plan[id].below.size(); ++index) {
        states_[plan[id].below[index]].above = Above{id, index};
      }
    }
  }

  void start() { start(0); }

  void put(NodeId id, Ending ending) {
    State& state = states_[id];
    state.endings.push_back(ending);
    if (std::exchange(state.waits, false)) ready_.push_back(id);
  }

  void cancel() {
    stop(0);
    cancelled_ = true;
  }
  void cancel_soon() {
    if (!std::exchange(cancelling_, true)) ready_.push_back(canceller);
  }

  void run() {
    while (!ready_.empty()) {
      const NodeId id = ready_.front();
      ready_.pop_front();
      if (id == canceller) {
        cancel();
      } else {
        end_step(id);
      }
    }
  }

  void advance(int now) {
    run();
    while (!timers_.empty() && timers_.front().at <= now) {
      const Timer timer = timers_.front();
      timers_.erase(timers_.begin());
      now_ = timer.at;
      wake(timer.node);
      run();
    }
    now_ = now;
  }

  std::optional<int> wake_at() const {
    if (!ready_.empty()) return now_;
    if (!timers_.empty()) return timers_.front().at;
    return std::nullopt;
  }

  bool cancelled() const { return cancelled_; }
  bool runs(NodeId id) const { return states_[id].runs; }
  const std::optional<Outcome>& outcome() const { return outcome_; }
  const std::vector<NodeId>& starts() const { return starts_; }

 private:
  struct Above {
    NodeId node;
    std::size_t index;
  };
  struct State {
    std::optional<Above> above;
    std::deque<Ending> endings;
    bool runs = false;
    bool waits = false;         // for an ending
    bool starting = false;      // those below, one after another
    std::size_t started = 0;    // of those below
    std::size_t completed = 0;  // of those below
    std::size_t attempts = 0;
    int pause = 0;
    int value = 0;  // of what has succeeded below
    bool has_succeeded = false;
    std::vector<flow::Error> causes;
  };
  struct Timer {
    int at;
    NodeId node;
  };

  static constexpr NodeId canceller = static_cast<NodeId>(-1);

  NodeId only(NodeId id) const { return plan_[id].below.front(); }

  void start(NodeId id) {
    const Node& node = plan_[id];
    State& state = states_[id];
    PARLEY_CHECK(!state.runs);
    state.runs = true;
    switch (node.word) {
      case Word::step:
        starts_.push_back(id);
        state.waits = state.endings.empty();
        if (!state.waits) end_step(id);
        return;
      case Word::nap:
        starts_.push_back(id);
        return set_timer(id, node.milliseconds);
      case Word::within:
        set_timer(id, node.milliseconds);
        return start(only(id));
      case Word::until:
        state.attempts = 1;
        state.pause = std::min(node.milliseconds, longest_pause);
        return start(only(id));
      case Word::attempted:
      case Word::sequence:
        return start(only(id));
      default:
        state.started = state.completed = 0;
        state.value = 0;
        state.has_succeeded = false;
        state.causes.clear();
        return start_more(id);
    }
  }

  void start_more(NodeId id) {
    const Node& node = plan_[id];
    State& state = states_[id];
    const std::size_t at_once = node.word == Word::map ? node.number : node.below.size();
    state.starting = true;
    while (state.runs && state.started < node.below.size() &&
           state.started - state.completed < at_once) {
      start(node.below[state.started++]);
    }
    state.starting = false;
  }

  void stop(NodeId id) {
    State& state = states_[id];
    if (!std::exchange(state.runs, false)) return;
    state.waits = false;
    std::erase(ready_, id);
    clear_timer(id);
    stop_below(id);
  }
  void stop_below(NodeId id) {
    for (const NodeId below : plan_[id].below) stop(below);
  }

  void complete(NodeId id, Outcome outcome) {
    State& state = states_[id];
    state.runs = false;
    stop_below(id);
    if (state.above) {
      completed(state.above->node, state.above->index, std::move(outcome));
    } else {
      outcome_ = std::move(outcome);
    }
  }
  void fail(NodeId id, flow::Error error) { complete(id, std::unexpected{std::move(error)}); }

  void end_step(NodeId id) {
    State& state = states_[id];
    const Ending ending = state.endings.front();
    state.endings.pop_front();
    if (const auto other = plan_[id].also_wakes) put(*other, ending);
    if (ending.kind == Ending::succeeds) return complete(id, ending.value);
    if (ending.kind == Ending::fails) return fail(id, step_error());
    fail(id, flow::Error{flow::Errc::exception, thrown_words});
  }

  void wake(NodeId id) {
    switch (plan_[id].word) {
      case Word::nap:
        return complete(id, plan_[id].milliseconds);
      case Word::within:
        stop_below(id);
        return fail(id, flow::Error{flow::Errc::timed_out});
      default:
        ++states_[id].attempts;
        return start(only(id));
    }
  }

  // One of those below has completed.
  void completed(NodeId id, std::size_t index, Outcome outcome) {
    State& state = states_[id];
    switch (plan_[id].word) {
      case Word::within:
        clear_timer(id);
        return complete(id, std::move(outcome));
      case Word::attempted:
        return complete(id, outcome ? *outcome : -1);
      case Word::sequence:
        if (outcome && index == 0) return start(plan_[id].below[1]);
        return complete(id, std::move(outcome));
      case Word::until:
        if (outcome || state.attempts == plan_[id].number) return complete(id, std::move(outcome));
        set_timer(id, state.pause);
        state.pause = std::min(2 * state.pause, longest_pause);
        return;
      default:
        ++state.completed;
        if (outcome) return succeeded(id, index, *outcome);
        return failed(id, index, std::move(outcome.error()));
    }
  }

  void succeeded(NodeId id, std::size_t index, int value) {
    State& state = states_[id];
    const int here = static_cast<int>(index);
    state.has_succeeded = true;
    switch (plan_[id].word) {
      case Word::race:
      case Word::first:
        return complete(id, value + here);
      case Word::last:
        state.value = value + here;
        return if_all_completed(id);
      case Word::none: {
        flow::Error error{flow::Errc::unwanted_success};
        error.segment = index;
        return fail(id, std::move(error));
      }
      default:
        state.value += value * (here + 1);
        if_all_completed(id);
        if (state.runs && !state.starting) start_more(id);
    }
  }

  void failed(NodeId id, std::size_t index, flow::Error error) {
    State& state = states_[id];
    const Word word = plan_[id].word;
    const bool decides = word == Word::gate || word == Word::map || word == Word::race;
    // An exception is thrown anew where the word is awaited, and does not know of segments.
    if (!decides || error.code != flow::Errc::exception) error.segment = index;
    if (decides) return fail(id, std::move(error));
    state.causes.push_back(std::move(error));
    if_all_completed(id);
  }

  void if_all_completed(NodeId id) {
    State& state = states_[id];
    if (state.completed < plan_[id].below.size()) return;
    if (plan_[id].word == Word::none) return complete(id, static_cast<int>(state.causes.size()));
    if (state.has_succeeded) return complete(id, state.value);
    flow::Error error{flow::Errc::all_failed};
    error.causes = std::move(state.causes);
    fail(id, std::move(error));
  }

  void set_timer(NodeId id, int duration) {
    const Timer timer{now_ + duration, id};
    const auto later = [&](const Timer& other) { return other.at > timer.at; };
    timers_.insert(std::ranges::find_if(timers_, later), timer);
  }
  void clear_timer(NodeId id) {
    std::erase_if(timers_, [id](const Timer& timer) { return timer.node == id; });
  }

  const Plan& plan_;
  std::vector<State> states_;
  std::deque<NodeId> ready_;
  std::vector<Timer> timers_;  // by time
  int now_ = 0;
  bool cancelling_ = false;
  bool cancelled_ = false;
  std::vector<NodeId> starts_;
  std::optional<Outcome> outcome_;
};

}  // namespace parley::fuzz
