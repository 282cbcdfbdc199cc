#pragma once

#include <parley/flow/channel.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace parley::flow {

/// How many events wait for a listener that is busy.
struct Backlog {
  std::size_t limit = 1024;  // at least one
};

namespace detail {

// What a source knows of a listener, which owns it.
template <class T, Scheduler S>
struct Subscription final : Link {
  Subscription(S& scheduler, std::size_t limit) : events{scheduler, limit} {}

  void end() {
    leave();
    events.close();
  }

  Channel<T, S> events;
  bool overflowed = false;
};

}  // namespace detail

/// The events of a source from Source::listen() on, in their order: a Stream. It may outlive the
/// source, but not the scheduler. next() goes on from the scheduler if it had to wait, gives
/// nothing when all events have been given and the source was stopped, and fails with
/// Errc::overflow when all events have been given that came before the backlog was full; later ones
/// were not kept.
template <class T, Scheduler S>
class Listener {
 public:
  using value_type = T;

  explicit Listener(std::unique_ptr<detail::Subscription<T, S>> subscription)
      : subscription_{std::move(subscription)} {}

  task<std::optional<T>> next() {
    std::optional<T> event = co_await subscription_->events.take();
    if (!event && subscription_->overflowed) co_await fail(Error{Errc::overflow});
    co_return event;
  }

 private:
  std::unique_ptr<detail::Subscription<T, S>> subscription_;
};

/// Where the host says that something has happened, for all who listen. Nothing of a flow runs
/// inside its calls. It belongs to the thread of its scheduler; destroying it stops it.
template <std::copyable T, Scheduler S>
class Source : private detail::Link {
 public:
  explicit Source(S& scheduler) : scheduler_{scheduler} {}
  ~Source() { stop(); }

  /// Each listener gets a copy; without any, nothing happens. Refused with Errc::closed when the
  /// source was stopped. A listener whose backlog is full is told so instead, and is none any more.
  [[nodiscard]] Result<> emit(const T& event) {
    if (stopped_) return std::unexpected{Error{Errc::closed}};
    for (Link* at = &next(); at != this;) {
      auto& subscription = static_cast<Subscription&>(*at);
      at = &at->next();
      if (subscription.events.offer(event)) continue;
      subscription.overflowed = true;
      subscription.end();
    }
    return {};
  }

  /// Events from now on. Of a source that was stopped there are none.
  Listener<T, S> listen(Backlog backlog = {}) {
    auto subscription = std::make_unique<Subscription>(scheduler_, backlog.limit);
    if (stopped_) {
      subscription->end();
    } else {
      subscription->join_before(*this);
    }
    return Listener<T, S>{std::move(subscription)};
  }

  /// `clean_up` runs inside stop(), at once if that was before; what was registered last runs
  /// first, as it may depend on what was there before it. It does not destroy the source.
  void on_stop(std::function<void()> clean_up) {
    if (stopped_) return clean_up();
    clean_ups_.push_back(std::move(clean_up));
  }

  /// No more events: listeners get those that wait for them and then nothing. Harmless if repeated.
  void stop() {
    stopped_ = true;
    while (!alone()) static_cast<Subscription&>(next()).end();
    while (!clean_ups_.empty()) {
      const auto clean_up = std::move(clean_ups_.back());
      clean_ups_.pop_back();
      clean_up();
    }
  }

 private:
  using Subscription = detail::Subscription<T, S>;

  S& scheduler_;
  std::vector<std::function<void()>> clean_ups_;
  bool stopped_ = false;
};

}  // namespace parley::flow
