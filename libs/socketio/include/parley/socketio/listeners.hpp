#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace parley::socketio {

namespace detail {
struct ListenerState {
  bool is_on = true;
};
}  // namespace detail

/// A handler that was registered, to be taken off again. A light copy; harmless when whatever it
/// listens to is gone. Letting it go takes nothing off: see ScopedListener.
class Listener {
 public:
  Listener() = default;
  explicit Listener(std::weak_ptr<detail::ListenerState> state) : state_{std::move(state)} {}

  /// The handler is not called any more, not even in the call under way.
  void off() const {
    if (const auto state = state_.lock()) state->is_on = false;
  }

 private:
  std::weak_ptr<detail::ListenerState> state_;
};

/// Takes its listener off when it is destroyed. Moves only.
class [[nodiscard]] ScopedListener {
 public:
  ScopedListener() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): `ScopedListener listening = socket.on(…);`
  ScopedListener(Listener listener) : listener_{std::move(listener)} {}
  ScopedListener(ScopedListener&& other) noexcept
      : listener_{std::exchange(other.listener_, Listener{})} {}
  ScopedListener& operator=(ScopedListener&& other) noexcept {
    if (this == &other) return *this;
    listener_.off();
    listener_ = std::exchange(other.listener_, Listener{});
    return *this;
  }
  ~ScopedListener() { listener_.off(); }

  void off() { release().off(); }
  /// The handler stays as long as what it listens to.
  Listener release() { return std::exchange(listener_, Listener{}); }

 private:
  Listener listener_;
};

/// The handlers of one kind, in the order of their registration. A handler may register and take
/// off any, itself too; those that come while the others are called are not called yet.
template <class Signature>
class Listeners {
 public:
  using Handler = std::function<Signature>;

  Listener add(Handler handler) {
    // Before it grows: what came and went takes no room, even if nothing is ever called.
    if (entries_.size() == entries_.capacity()) let_go();
    auto entry = std::make_shared<Entry>();
    entry->handler = std::move(handler);
    entries_.push_back(entry);
    return Listener{std::weak_ptr<detail::ListenerState>{entry}};
  }

  bool empty() const { return entries_.empty(); }

  /// Calls `call(handler)` for each until it says false; says itself whether it never did.
  template <class Call>
  bool each_while(Call call) {
    const Calling calling{*this};
    const auto count = entries_.size();
    for (std::size_t at = 0; at < count; ++at) {
      const auto entry = entries_[at];  // entries_ may grow, and entry stay alone with this call
      if (!entry->is_on) {
        some_are_off_ = true;
      } else if (!call(entry->handler)) {
        return false;
      }
    }
    return true;
  }

  template <class... Arguments>
  void call(Arguments&&... arguments) {
    each_while([&](const Handler& handler) {
      handler(arguments...);
      return true;
    });
  }

 private:
  struct Entry : detail::ListenerState {
    Handler handler;
  };
  /// Of those that were taken off, unless they may be needed by a call under way.
  void let_go() {
    if (depth_ > 0) return;
    std::erase_if(entries_, [](const auto& entry) { return !entry->is_on; });
    some_are_off_ = false;
  }

  class Calling {
   public:
    explicit Calling(Listeners& listeners) : listeners_{listeners} { ++listeners_.depth_; }
    Calling(const Calling&) = delete;
    Calling& operator=(const Calling&) = delete;
    ~Calling() {
      --listeners_.depth_;
      if (listeners_.some_are_off_) listeners_.let_go();
    }

   private:
    Listeners& listeners_;
  };

  std::vector<std::shared_ptr<Entry>> entries_;
  unsigned depth_ = 0;         // of calls under way, in which nothing is erased
  bool some_are_off_ = false;  // as a call has noticed
};

namespace detail {

/// A handler that is taken off before its first call.
template <class... T>
Listener add_once(Listeners<void(T...)>& listeners, std::function<void(T...)> handler) {
  auto self = std::make_shared<Listener>();
  *self = listeners.add([self, handler = std::move(handler)](T... arguments) {
    self->off();
    handler(std::forward<T>(arguments)...);
  });
  return *self;
}

}  // namespace detail

}  // namespace parley::socketio
