#pragma once

#include <parley/flow/task.hpp>

#include <array>
#include <coroutine>
#include <cstddef>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parley::flow {

/// Which of several segments of one type it was, and its value.
template <class T>
struct From {
  std::size_t segment;
  T value;
  bool operator==(const From&) const = default;
};

namespace detail {

// A tuple has no void: a segment without a value stands in it as a monostate.
template <class T>
using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T, class... Ts>
struct OneOf {
  static constexpr bool alike = (std::is_same_v<T, Ts> && ...);
  using Type = std::conditional_t<alike, From<Value<T>>, std::variant<Value<T>, Value<Ts>...>>;
};

class Segments;

// A task that runs beside others. It owns the task but leaves its type to those who know it.
class Segment final : private Continuation {
 public:
  Segment() = default;
  template <class T>
  explicit Segment(task<T> task) {
    hold(std::move(task));
  }
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;
  ~Segment() { stop(); }

  bool empty() const { return !coroutine_; }

  /// For one that is empty.
  template <class T>
  void hold(task<T> task) {
    const auto coroutine = TaskAccess::release(std::move(task));
    coroutine_ = coroutine;
    promise_ = &coroutine.promise();
  }

  void start(Segments& among) {
    among_ = &among;
    promise_->continue_with(*this);
    coroutine_.resume();
  }

  void stop() {
    if (const auto coroutine = std::exchange(coroutine_, nullptr)) coroutine.destroy();
  }

  PromiseBase& promise() const { return *promise_; }

  template <class T>
  Value<T> take() {
    if constexpr (std::is_void_v<T>) {
      return {};
    } else {
      return static_cast<Promise<T>&>(*promise_).take_value();
    }
  }

 private:
  std::coroutine_handle<> completed() noexcept override;

  std::coroutine_handle<> coroutine_;
  PromiseBase* promise_ = nullptr;
  Segments* among_ = nullptr;
};

// Segments run together for the one coroutine that owns them and awaits next(), which says of one
// after another that it has completed. Nothing runs beside that coroutine while it is not awaiting,
// so it may stop any segment then, also the one that has just completed.
class Segments {
 public:
  explicit Segments(std::span<Segment> segments) : segments_{segments} {}
  Segments(const Segments&) = delete;
  Segments& operator=(const Segments&) = delete;

  /// `co_await next()` gives the index of the next segment that completes. It first starts those
  /// that have not been, in order, until one has completed: the others wait for the next call.
  auto next() { return Next{*this}; }

  /// `co_await first_failure()` starts them all and goes on when all have succeeded, with nothing,
  /// or else at the first failure, with the index of that segment. In place of next().
  auto first_failure() { return FirstFailure{*this}; }

  /// Whether next() need not wait.
  bool has_completed() const { return completed_.has_value(); }

  /// Starts the first segment that has not been, unless it is still empty or has_completed().
  bool start_one() {
    if (completed_ || started_ == segments_.size() || segments_[started_].empty()) return false;
    segments_[started_++].start(*this);
    return true;
  }

  /// Stops and destroys them all.
  void stop() {
    for (auto& segment : segments_) segment.stop();
  }

  bool failed(std::size_t index) const { return segments_[index].promise().failed(); }

  /// The error of a segment that failed, with its number. Nothing is left of that segment.
  Error take_error(std::size_t failed) {
    Error error = std::move(*segments_[failed].promise().take_error());
    error.segment = failed;
    segments_[failed].stop();
    return error;
  }

  /// `co_await fail_as(index)` ends the awaiting task as that segment has failed. Nothing is left
  /// of any segment then.
  auto fail_as(std::size_t failed) {
    Error error = take_error(failed);
    stop();
    return fail(std::move(error));
  }

 private:
  class Next {
   public:
    explicit Next(Segments& segments) : segments_{segments} {}
    bool await_ready() const noexcept { return segments_.has_completed(); }
    bool await_suspend(std::coroutine_handle<> owner) noexcept {
      while (segments_.start_one()) {
      }
      if (segments_.completed_) return false;
      segments_.owner_ = owner;
      return true;
    }
    std::size_t await_resume() noexcept {
      return *std::exchange(segments_.completed_, std::nullopt);
    }

   private:
    Segments& segments_;
  };

  class FirstFailure {
   public:
    explicit FirstFailure(Segments& segments) : segments_{segments} {}
    bool await_ready() const noexcept { return segments_.segments_.empty(); }
    bool await_suspend(std::coroutine_handle<> owner) noexcept {
      segments_.to_succeed_ = segments_.segments_.size();
      return Next{segments_}.await_suspend(owner);
    }
    std::optional<std::size_t> await_resume() noexcept {
      return segments_.to_succeed_ == 0 ? std::nullopt : segments_.completed_;
    }

   private:
    Segments& segments_;
  };

  std::coroutine_handle<> completed(std::size_t index) noexcept {
    if (to_succeed_ > 0 && !failed(index)) {
      --to_succeed_;
      if (to_succeed_ > 0) return std::noop_coroutine();
    }
    completed_ = index;
    // Empty while segments are being started: then the owner goes on by itself.
    const auto owner = std::exchange(owner_, nullptr);
    return owner ? owner : std::noop_coroutine();
  }

  std::span<Segment> segments_;
  std::size_t started_ = 0;
  std::size_t to_succeed_ = 0;  // until first_failure() goes on without one
  std::optional<std::size_t> completed_;
  std::coroutine_handle<> owner_;

  friend Segment;
};

inline std::coroutine_handle<> Segment::completed() noexcept {
  return among_->completed(static_cast<std::size_t>(this - among_->segments_.data()));
}

// The segments of a word that takes them one by one, with their types.
template <class... Ts>
class SegmentsOf {
 public:
  explicit SegmentsOf(task<Ts>&... tasks) : held_{Segment{std::move(tasks)}...}, segments_{held_} {}

  Segments& operator*() { return segments_; }
  Segments* operator->() { return &segments_; }

  /// The values of all.
  std::tuple<Value<Ts>...> take_values() {
    return with_indices([this]<std::size_t... index>(std::index_sequence<index...>) {
      return std::tuple<Value<Ts>...>{held_[index].template take<Ts>()...};
    });
  }

  /// The values of those that have completed and whose error was not taken.
  std::tuple<std::optional<Value<Ts>>...> take_successes() {
    return with_indices([this]<std::size_t... index>(std::index_sequence<index...>) {
      return std::tuple<std::optional<Value<Ts>>...>{this->template take_success<Ts>(index)...};
    });
  }

  /// The value of one that succeeded. Nothing is left of the others.
  OneOf<Ts...>::Type take_one(std::size_t index) {
    auto value = take_one_of(index);
    segments_.stop();
    return value;
  }

 private:
  static auto with_indices(auto function) { return function(std::index_sequence_for<Ts...>{}); }

  template <class T>
  std::optional<Value<T>> take_success(std::size_t index) {
    if (held_[index].empty()) return std::nullopt;
    return held_[index].template take<T>();
  }

  OneOf<Ts...>::Type take_one_of(std::size_t wanted) {
    if constexpr (OneOf<Ts...>::alike) {
      return {wanted, held_[wanted].template take<std::tuple_element_t<0, std::tuple<Ts...>>>()};
    } else {
      using Variant = OneOf<Ts...>::Type;
      std::optional<Variant> value;
      with_indices([&]<std::size_t... index>(std::index_sequence<index...>) {
        ((index == wanted ? void(value.emplace(Variant{std::in_place_index<index>,
                                                       held_[index].template take<Ts>()}))
                          : void()),
         ...);
      });
      return *std::move(value);
    }
  }

  std::array<Segment, sizeof...(Ts)> held_;
  Segments segments_;
};

// `co_await all_failed(errors)` ends the awaiting task when no segment has succeeded.
inline auto all_failed(std::vector<Error> causes) {
  Error error{Errc::all_failed};
  error.causes = std::move(causes);
  return fail(std::move(error));
}

}  // namespace detail

/// The value of one of several segments. If all have one type it is that and who it was; otherwise
/// a variant with an alternative for each segment, so that index() is who it was.
template <class... Ts>
using OneOf = detail::OneOf<Ts...>::Type;

}  // namespace parley::flow
