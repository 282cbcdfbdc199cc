#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace parley::client {

/// A handler for as long as this lives; it may outlive what it listens to. Moves only.
class [[nodiscard]] Subscription {
 public:
  Subscription() = default;
  explicit Subscription(std::weak_ptr<bool> is_on) : is_on_{std::move(is_on)} {}
  Subscription(Subscription&& other) noexcept : is_on_{std::exchange(other.is_on_, {})} {}
  Subscription& operator=(Subscription&& other) noexcept {
    if (this == &other) return *this;
    off();
    is_on_ = std::exchange(other.is_on_, {});
    return *this;
  }
  ~Subscription() { off(); }

  /// The handler is not called any more, not even in the call under way.
  void off() {
    if (const auto is_on = is_on_.lock()) *is_on = false;
    is_on_.reset();
  }

  /// The handler stays as long as what it listens to.
  void release() { is_on_.reset(); }

 private:
  std::weak_ptr<bool> is_on_;
};

/// The handlers of one kind, in the order in which they came. A handler may add and take off any,
/// itself too; those that come while the others are called are not called yet.
template <class... Arguments>
class Listeners {
 public:
  using Handler = std::function<void(Arguments...)>;

  Subscription add(Handler handler) {
    auto entry = std::make_shared<Entry>(Entry{true, std::move(handler)});
    const std::shared_ptr<bool> is_on{entry, &entry->is_on};
    entries_.push_back(std::move(entry));
    return Subscription{is_on};
  }

  /// A handler may destroy this too.
  void call(Arguments... arguments) {
    std::erase_if(entries_, [](const auto& entry) { return !entry->is_on; });
    const auto entries = entries_;
    for (const auto& entry : entries)
      if (entry->is_on) entry->handler(arguments...);
  }

 private:
  struct Entry {
    bool is_on;
    Handler handler;
  };

  std::vector<std::shared_ptr<Entry>> entries_;
};

}  // namespace parley::client
