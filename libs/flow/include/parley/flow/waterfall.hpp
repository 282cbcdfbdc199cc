#pragma once

#include <parley/flow/pipeline.hpp>

#include <tuple>
#include <type_traits>
#include <utility>

namespace parley::flow {

namespace detail {

// The first value falls alone.
struct BeginWaterfall : StepWord {
  template <class First>
  auto run(auto& /*subject*/, First&& first) {
    return std::tuple<std::decay_t<First>>{std::forward<First>(first)};
  }
};

template <class Call, class... Ts>
task<std::tuple<Ts..., Value<typename Call::Value>>> joined_by(Call call,
                                                               std::tuple<Ts...>* values) {
  auto falling = task_of(call.step, call.subject, call.value);
  if constexpr (std::is_void_v<typename Call::Value>) {
    co_await std::move(falling);
    co_return std::tuple_cat(std::move(*values), std::tuple<std::monostate>{});
  } else {
    auto value = co_await std::move(falling);
    co_return std::tuple_cat(std::move(*values), std::tuple<decltype(value)>{std::move(value)});
  }
}

// A step whose value joins the values that it was given.
template <class Step>
class JoiningStep : public StepWord {
 public:
  explicit JoiningStep(Step step) : step_{std::move(step)} {}

  template <class Subject, class... Ts>
  auto run(Subject& subject, std::tuple<Ts...>&& values) {
    using Call = StepCall<Step, Subject, const std::tuple<Ts...>&>;
    if constexpr (Call::Returned::what == Returns::value) {
      std::tuple<Value<typename Call::Value>> value{
          call_for_value(step_, subject, std::as_const(values))};
      return std::tuple_cat(std::move(values), std::move(value));
    } else {
      return joined_by(Call{step_, subject, values}, &values);
    }
  }

 private:
  Step step_;
};

template <class First, class... Steps>
class Waterfall : public StepWord {
 public:
  explicit Waterfall(First first, Steps... steps)
      : first_{std::move(first)}, steps_{JoiningStep<Steps>{std::move(steps)}...} {}

  template <class Subject, class Value>
  auto run(Subject& subject, Value&& value) {
    using Empty = Pipeline<Subject&, std::decay_t<Value>>;
    Empty empty{subject, Chain<std::decay_t<Value>>{std::forward<Value>(value)}};
    auto begun = std::move(empty) | std::move(first_) | BeginWaterfall{};
    return std::apply([&](auto&... steps) { return (std::move(begun) | ... | std::move(steps)); },
                      steps_);
  }

  auto operator co_await() && { return await_alone(std::move(*this)); }

 private:
  First first_;
  std::tuple<JoiningStep<Steps>...> steps_;
};

}  // namespace detail

/// Steps of which each is given the values of all before it, by const reference; gives the tuple of
/// all values. The first one is given what a step at this place would be given. A step without a
/// value counts as a monostate in the tuple and gives the others nothing. Awaited by itself or a
/// step of a pipeline. The first failure ends it; otherwise completes, and is cancelled, as a
/// pipeline is.
template <class... Steps>
  requires(sizeof...(Steps) > 0)
auto waterfall(Steps... steps) {
  return detail::Waterfall<detail::AsStep<Steps>...>{detail::as_step(std::move(steps))...};
}

}  // namespace parley::flow
