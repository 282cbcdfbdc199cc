#pragma once

#include <parley/flow/segments.hpp>
#include <parley/flow/task.hpp>
#include <parley/flow/unseen.hpp>

#include <coroutine>
#include <cstdlib>
#include <optional>
#include <type_traits>
#include <utility>

namespace parley::flow {

/// `co_await first_input` gives what the first next() of an Iterable was called with; each later
/// one's is the value of a co_yield. It does not suspend.
struct FirstInput {};
inline constexpr FirstInput first_input;

template <class Out, class In = void>
class Iterable;

namespace detail {

template <class Out, class In>
class IterablePromise final : public PromiseBase {
 public:
  Iterable<Out, In> get_return_object();
  void return_void() {}

  struct Yield : std::suspend_always {
    explicit Yield(IterablePromise& of) : promise{of} {}
    In await_resume() { return promise.take_input(); }
    IterablePromise& promise;
  };
  struct Input : std::suspend_never {
    explicit Input(IterablePromise& of) : promise{of} {}
    In await_resume() { return promise.take_input(); }
    IterablePromise& promise;
  };

  Yield yield_value(Out value) {
    output = std::move(value);
    return Yield{*this};
  }

  // It is driven from outside and waits for nothing else: a task cannot be awaited in it.
  Input await_transform(FirstInput) { return Input{*this}; }
  template <class T>
  RequireAwaiter<T>&& await_transform(RequireAwaiter<T>&& required) {
    return std::move(required);
  }

  std::optional<Value<In>> input;
  std::optional<Out> output;
  bool running = false;

 private:
  In take_input() {
    if (!input) std::abort();  // a bug: this input was taken before
    [[maybe_unused]] auto taken = *std::exchange(input, std::nullopt);
    if constexpr (!std::is_void_v<In>) return taken;
  }
};

}  // namespace detail

/// A sequence that is driven from outside, one step for each next(), without a scheduler: a
/// coroutine that does `In in = co_yield out;`. It ends by `co_return`, or fails by `co_await
/// fail(error)`, `co_await require(result)` or an exception; it awaits nothing else.
///
/// It starts with the first next(). When it is over its locals are gone, and whatever drives it
/// goes unheard. Destroying it is to finish() it. It neither drives nor destroys itself. An error
/// that was raised and that no next() gave is told OnUnseenError at the end. It belongs to the
/// thread of whoever drives it.
template <class Out, class In>
class [[nodiscard]] Iterable {
 public:
  using promise_type = detail::IterablePromise<Out, In>;

  Iterable(Iterable&& other) noexcept
      : coroutine_{std::exchange(other.coroutine_, nullptr)},
        error_{std::exchange(other.error_, std::nullopt)},
        seen_{other.seen_} {}
  Iterable& operator=(Iterable&&) = delete;
  ~Iterable() {
    finish();
    if (error_ && !seen_) OnUnseenError::report(*error_);
  }

  /// Runs up to the next co_yield and gives what was yielded; nothing when the sequence is over,
  /// and its error, each time, when it has failed.
  [[nodiscard]] Result<std::optional<Out>> next()
    requires std::is_void_v<In>
  {
    return advance({});
  }
  [[nodiscard]] Result<std::optional<Out>> next(detail::Value<In> input)
    requires(!std::is_void_v<In>)
  {
    return advance(std::move(input));
  }

  /// Ends the sequence with an error, where it stands: no step of it sees that error, every later
  /// next() gives it. Ignored if it is over.
  void raise(Error error) {
    if (!coroutine_) return;
    finish();
    error_ = std::move(error);
  }

  /// Ends the sequence where it stands. Harmless if repeated.
  void finish() {
    if (!coroutine_) return;
    if (coroutine_.promise().running) std::abort();  // a bug: it would destroy itself
    std::exchange(coroutine_, nullptr).destroy();
  }

 private:
  explicit Iterable(std::coroutine_handle<promise_type> coroutine) : coroutine_{coroutine} {}

  Result<std::optional<Out>> advance(detail::Value<In> input) {
    if (!coroutine_) return end();
    auto& promise = coroutine_.promise();
    if (promise.running) std::abort();  // a bug: it would resume itself
    promise.input = std::move(input);
    promise.running = true;
    coroutine_.resume();
    promise.running = false;
    if (promise.output) return std::exchange(promise.output, std::nullopt);
    if (promise.failed()) error_ = std::move(*promise.take_error());
    finish();
    return end();
  }

  Result<std::optional<Out>> end() {
    if (!error_) return std::nullopt;
    seen_ = true;
    return std::unexpected{*error_};
  }

  std::coroutine_handle<promise_type> coroutine_;  // empty once it is over
  std::optional<Error> error_;
  bool seen_ = false;

  friend promise_type;
};

namespace detail {

template <class Out, class In>
Iterable<Out, In> IterablePromise<Out, In>::get_return_object() {
  return Iterable<Out, In>{std::coroutine_handle<IterablePromise>::from_promise(*this)};
}

}  // namespace detail

}  // namespace parley::flow
