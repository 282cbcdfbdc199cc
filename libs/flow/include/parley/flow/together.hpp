#pragma once

#include <parley/flow/any.hpp>
#include <parley/flow/first.hpp>
#include <parley/flow/gate.hpp>
#include <parley/flow/last.hpp>
#include <parley/flow/none.hpp>
#include <parley/flow/pipeline.hpp>
#include <parley/flow/race.hpp>

#include <tuple>
#include <utility>

/// The words over several tasks take steps as well, and are then a step of a pipeline: each of them
/// is called as a step at this place would be, in order and before any of them is started, with the
/// same value, of which one that takes it by value gets a copy. In everything else they are as with
/// tasks. Tasks and pipelines may stand among the steps. Awaited outside of a pipeline, such a word
/// gives its steps nothing.
namespace parley::flow {

namespace detail {

template <class T>
inline constexpr bool is_task = false;
template <class T>
inline constexpr bool is_task<task<T>> = true;

// Of one word that it is given steps rather than tasks.
template <class... Segments>
concept SomeSteps = (!is_task<Segments> || ...);

// Steps as the segments of a word.
template <class Word, class... Steps>
class Together : public StepWord {
 public:
  Together(Word word, Steps... steps) : word_{word}, steps_{std::move(steps)...} {}

  template <class Subject, class Value>
  auto run(Subject& subject, const Value& value) {
    const auto tasks_of = [&](Steps&... steps) {
      // In braces, because that is what keeps their order.
      return std::tuple<decltype(task_of(steps, subject, value))...>{
          task_of(steps, subject, value)...};
    };
    return std::apply(word_, std::apply(tasks_of, steps_));
  }

  auto operator co_await() && { return await_alone(std::move(*this)); }

 private:
  Word word_;
  std::tuple<Steps...> steps_;
};

template <class Word, class... Steps>
auto together(Word word, Steps... steps) {
  return Together{word, as_step(std::move(steps))...};
}

}  // namespace detail

template <class... Steps>
  requires detail::SomeSteps<Steps...>
auto gate(Steps... steps) {
  const auto word = [](auto... tasks) { return gate(std::move(tasks)...); };
  return detail::together(word, std::move(steps)...);
}

template <class... Steps>
  requires detail::SomeSteps<Steps...>
auto race(Steps... steps) {
  const auto word = [](auto... tasks) { return race(std::move(tasks)...); };
  return detail::together(word, std::move(steps)...);
}

template <class... Steps>
  requires detail::SomeSteps<Steps...>
auto first(Steps... steps) {
  const auto word = [](auto... tasks) { return first(std::move(tasks)...); };
  return detail::together(word, std::move(steps)...);
}

template <class... Steps>
  requires detail::SomeSteps<Steps...>
auto any(Steps... steps) {
  const auto word = [](auto... tasks) { return any(std::move(tasks)...); };
  return detail::together(word, std::move(steps)...);
}

template <class... Steps>
  requires detail::SomeSteps<Steps...>
auto last(Steps... steps) {
  const auto word = [](auto... tasks) { return last(std::move(tasks)...); };
  return detail::together(word, std::move(steps)...);
}

template <class... Steps>
  requires detail::SomeSteps<Steps...>
auto none(Steps... steps) {
  const auto word = [](auto... tasks) { return none(std::move(tasks)...); };
  return detail::together(word, std::move(steps)...);
}

}  // namespace parley::flow
