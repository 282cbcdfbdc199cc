#pragma once

#include <parley/flow/task.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

namespace parley::flow {

namespace detail {

// A tuple has no void: a segment without a value stands in it as a monostate.
template <class T>
using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
Value<T> take_value(const task<T>& segment) {
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return **std::move(TaskAccess::outcome(segment));
  }
}

// Stands in the frame of gate() and refers to the segments there.
template <class... Ts>
class GateAwaiter final {
 public:
  explicit GateAwaiter(task<Ts>&... segments) : segments_{segments...} {}
  GateAwaiter(const GateAwaiter&) = delete;
  GateAwaiter& operator=(const GateAwaiter&) = delete;

  bool await_ready() const noexcept { return sizeof...(Ts) == 0; }

  template <std::derived_from<PromiseBase> P>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<P> gate) noexcept {
    gate_ = gate;
    gate_promise_ = &gate.promise();
    for_each_segment([this](auto& segment, std::size_t index) {
      if (error_) return;
      parts_[index].gate = this;
      const auto coroutine = TaskAccess::coroutine(segment);
      coroutine.promise().continue_with(parts_[index]);
      coroutine.resume();
    });
    starting_ = false;
    return next();
  }

  void await_resume() const noexcept {}

 private:
  class Part final : public Continuation {
   public:
    GateAwaiter* gate = nullptr;
    std::coroutine_handle<> completed() noexcept override {
      return gate->segment_completed(static_cast<std::size_t>(this - gate->parts_.data()));
    }
  };

  std::coroutine_handle<> segment_completed(std::size_t completed) noexcept {
    for_each_segment([&](auto& segment, std::size_t index) {
      if (index != completed) return;
      auto& outcome = *TaskAccess::outcome(segment);
      if (!outcome) error_ = std::move(outcome.error());
    });
    --left_;
    if (error_) {
      error_->segment = completed;
      stop_all_but(completed);
    }
    return starting_ ? std::noop_coroutine() : next();
  }

  // All others are suspended, for only one coroutine of a scheduler runs. The one that failed is
  // left to the gate's own end, because its last step is what called us.
  void stop_all_but(std::size_t failed) {
    for_each_segment([failed](auto& segment, std::size_t index) {
      if (index != failed) segment.cancel();
    });
  }

  std::coroutine_handle<> next() noexcept {
    if (error_) return gate_promise_->fail(*std::move(error_));
    return left_ == 0 ? gate_ : std::noop_coroutine();
  }

  void for_each_segment(auto function) {
    std::size_t index = 0;
    std::apply([&](auto&... segment) { (function(segment, index++), ...); }, segments_);
  }

  std::tuple<task<Ts>&...> segments_;
  std::array<Part, sizeof...(Ts)> parts_;
  std::size_t left_ = sizeof...(Ts);
  std::optional<Error> error_;
  bool starting_ = true;
  std::coroutine_handle<> gate_;
  PromiseBase* gate_promise_ = nullptr;
};

}  // namespace detail

/// Several things at once: starts the segments in order and gives their values, in order, when all
/// have succeeded. The first failure cancels the others, which are gone before the gate fails with
/// it; Error::segment says which one it was. Goes on in the call that completed the last segment.
template <class... Ts>
task<std::tuple<detail::Value<Ts>...>> gate(task<Ts>... segments) {
  detail::GateAwaiter<Ts...> all{segments...};
  co_await all;
  std::tuple<detail::Value<Ts>...> values{detail::take_value(segments)...};
  co_return values;
}

}  // namespace parley::flow
