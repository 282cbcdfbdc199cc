#pragma once

#include <parley/flow/map.hpp>
#include <parley/flow/stream.hpp>
#include <parley/flow/task.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>

namespace parley::flow {

namespace detail {

class Reactions;

// The steps for one event, running beside the others. It owns the task but forgets its type.
class Reaction final : private Continuation {
 public:
  template <class T>
  Reaction(Reactions& among, std::optional<std::size_t> event, task<T> steps)
      : among_{among}, event_{event} {
    const auto coroutine = TaskAccess::release(std::move(steps));
    promise_ = &coroutine.promise();
    coroutine_ = coroutine;
  }
  Reaction(const Reaction&) = delete;
  Reaction& operator=(const Reaction&) = delete;
  ~Reaction() { coroutine_.destroy(); }

  void start() {
    promise_->continue_with(*this);
    coroutine_.resume();
  }

  std::optional<std::size_t> event() const { return event_; }
  PromiseBase& promise() const { return *promise_; }

 private:
  std::coroutine_handle<> completed() noexcept override;

  Reactions& among_;
  std::optional<std::size_t> event_;
  std::coroutine_handle<> coroutine_;
  PromiseBase* promise_;
};

// As Segments, but each is made when there is something to do and destroyed when it has completed.
// It is known by the number of its event; the one without is asking for the next event.
class Reactions {
 public:
  using Event = std::optional<std::size_t>;

  Reactions() = default;
  Reactions(const Reactions&) = delete;
  Reactions& operator=(const Reactions&) = delete;
  ~Reactions() { stop(); }

  bool empty() const { return running_.empty(); }
  std::size_t size() const { return running_.size(); }
  bool has_completed() const { return completed_ != nullptr; }
  bool is_asking() const { return running_.contains(Event{}); }

  /// Not while has_completed().
  template <class T>
  void start(Event event, task<T> steps) {
    running_.try_emplace(event, *this, event, std::move(steps)).first->second.start();
  }

  /// `co_await next()` gives the next one that completes.
  auto next() { return Next{*this}; }

  void end(const Reaction& reaction) { running_.erase(reaction.event()); }

  /// `co_await fail_as(reaction)` ends the awaiting task as that one has failed. Nothing is left of
  /// any then.
  auto fail_as(const Reaction& reaction) {
    Error error = std::move(*reaction.promise().take_error());
    error.segment = reaction.event();
    end(reaction);
    stop();
    return fail(std::move(error));
  }

 private:
  class Next {
   public:
    explicit Next(Reactions& reactions) : reactions_{reactions} {}
    bool await_ready() const noexcept { return reactions_.has_completed(); }
    void await_suspend(std::coroutine_handle<> owner) noexcept { reactions_.owner_ = owner; }
    const Reaction& await_resume() noexcept {
      return *std::exchange(reactions_.completed_, nullptr);
    }

   private:
    Reactions& reactions_;
  };

  void stop() {
    while (!running_.empty()) running_.erase(running_.begin());
  }

  std::coroutine_handle<> completed(const Reaction& reaction) noexcept {
    completed_ = &reaction;
    // Empty while one is being started: then the owner goes on by itself.
    const auto owner = std::exchange(owner_, nullptr);
    return owner ? owner : std::noop_coroutine();
  }

  std::map<Event, Reaction> running_;
  const Reaction* completed_ = nullptr;
  std::coroutine_handle<> owner_;

  friend Reaction;
};

inline std::coroutine_handle<> Reaction::completed() noexcept { return among_.completed(*this); }

// Keeps an item that has come outside of the task, where cancelling the task does not reach it.
template <class In>
task<> pull(In& in, std::optional<typename In::value_type>& item) {
  item = co_await in.next();
}

}  // namespace detail

/// `step(event)` makes a task for each event, and so many of them run at once; while they do, no
/// further event is taken from the stream. Completes when the stream has stopped and all steps have
/// ended, in the call that ended the last. Their values are not kept. The first failure decides:
/// all are gone before this fails with it, and Error::segment says which event's it was, counted
/// from 0; it is empty if the stream itself has failed. Cancelling it stops all. The stream and
/// `step` live as long as this does.
template <Stream In, class Step>
task<> react(In stream, AtOnce at_once, Step step) {
  if (at_once.limit == 0) std::abort();  // a bug: nothing would ever run

  std::optional<typename In::value_type> event;
  detail::Reactions all;
  bool stopped = false;
  for (std::size_t events = 0;;) {
    const bool room = !stopped && !all.is_asking() && all.size() < at_once.limit;
    if (room && !all.has_completed()) all.start(std::nullopt, detail::pull(stream, event));
    if (stopped && all.empty()) co_return;
    const detail::Reaction& completed = co_await all.next();
    if (completed.promise().failed()) co_await all.fail_as(completed);
    const bool asked = !completed.event();
    all.end(completed);
    if (!asked) continue;
    stopped = !event;
    if (event) all.start(events++, step(*std::move(event)));
  }
}

/// react() of one event after another.
template <Stream In, class Step>
task<> for_each(In stream, Step step) {
  return react(std::move(stream), AtOnce{1}, std::move(step));
}

}  // namespace parley::flow
