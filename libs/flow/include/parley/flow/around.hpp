#pragma once

#include <parley/flow/pipeline.hpp>
#include <parley/flow/scheduler.hpp>
#include <parley/flow/within.hpp>

#include <type_traits>
#include <utility>

/// What is put around all that stands before it in a pipeline.
namespace parley::flow {

namespace detail {

template <Scheduler S>
class Within : public Adaptor {
 public:
  Within(S& scheduler, typename S::duration limit) : scheduler_{scheduler}, limit_{limit} {}

  template <class T>
  auto over(auto& /*subject*/, task<T> before) {
    return within(scheduler_, limit_, std::move(before));
  }

 private:
  S& scheduler_;
  typename S::duration limit_;
};

// Who is told of an error. What it refers to outlives the flow.
template <class Handler, class Subject>
struct Handling {
  using Value = StepReturned<Handler, Subject, const Error&>::Value;

  auto operator()(const Error& error) const { return task_of(handler, subject, error); }

  Handler& handler;
  Subject& subject;
};

template <class T, class Handling>
task<T> recovered(task<T> before, Handling handle) {
  static_assert(std::is_void_v<T> || std::is_convertible_v<typename Handling::Value, T>,
                "recover's function gives what the steps before it would have given");
  Result<T> result = co_await attempt(std::move(before));
  if (result) co_return co_await require(std::move(result));
  if constexpr (std::is_void_v<T>) {
    co_await handle(result.error());
  } else {
    co_return co_await handle(result.error());
  }
}

template <class T, class Handling>
task<T> failure_told(task<T> before, Handling handle) {
  Result<T> result = co_await attempt(std::move(before));
  if (!result) co_await handle(result.error());
  co_return co_await require(std::move(result));
}

template <class Handler>
class Recover : public Adaptor {
 public:
  explicit Recover(Handler handler) : handler_{std::move(handler)} {}

  template <class T>
  auto over(auto& subject, task<T> before) {
    return recovered(std::move(before), Handling{handler_, subject});
  }

 private:
  Handler handler_;
};

template <class Handler>
class OnError : public Adaptor {
 public:
  explicit OnError(Handler handler) : handler_{std::move(handler)} {}

  template <class T>
  auto over(auto& subject, task<T> before) {
    return failure_told(std::move(before), Handling{handler_, subject});
  }

 private:
  Handler handler_;
};

}  // namespace detail

/// `... | within(scheduler, 30s)`: the steps before it, if they complete in time, which counts from
/// when the first of them starts. When the limit is reached the step at work is cancelled, is gone,
/// and then they fail with Errc::timed_out.
template <Scheduler S>
auto within(S& scheduler, typename S::duration limit) {
  return detail::Within<S>{scheduler, limit};
}

/// `... | recover(f)`: if one of the steps before it fails, `f` is called as a step with the error
/// for a value, and what it gives stands for what they would have given. Nothing is left of the
/// failed steps then. If f fails, so does this.
template <class Handler>
auto recover(Handler handler) {
  return detail::Recover{detail::as_step(std::move(handler))};
}

/// `... | on_error(f)`: if one of the steps before it fails, `f` is called as a step with the error
/// for a value, and when it has completed the failure goes on. Nothing is left of the failed steps
/// when f is called; what it gives is lost. If f fails, that failure goes on instead.
template <class Handler>
auto on_error(Handler handler) {
  return detail::OnError{detail::as_step(std::move(handler))};
}

}  // namespace parley::flow
