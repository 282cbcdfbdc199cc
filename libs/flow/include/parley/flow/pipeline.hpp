#pragma once

#include <parley/flow/chain.hpp>
#include <parley/flow/step.hpp>
#include <parley/flow/task.hpp>

#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace parley::flow {

/// Steps that read like the sentence: `with(peer) | &Peer::send_offer | &Peer::get_remote_sdp`.
///
/// It is a flow: it becomes a task of the type of its last value, or one without a value that drops
/// it, and it can be awaited or given to attempt() and Running. Nothing runs before that task is
/// awaited. The first step that fails ends it with that step's error. Cancelling destroys the step
/// at work, then the rest. It goes on in the call that completed the step. A copy runs on its own;
/// if its steps cannot be copied it runs once.
///
/// A step is called, when its turn comes, with the subject and the value of the step before it, of
/// these with as much as it takes: with the subject and the value, with the subject, with the
/// value, with nothing. A value that it does not take is lost. A tuple is handed over value by
/// value, or whole to a step that takes it so, or as many of its values as the step takes from the
/// front; values that say nothing (monostate) are left out. A step is
/// - a function that returns a task, a pipeline or anything else that can be awaited: it is;
/// - a function that returns a Result: its error is the step's failure;
/// - any other function: what it returns is its value, a reference being copied;
/// - a task or a pipeline, which is given nothing.
/// The functions live as long as the flow, and a value until the step that was given it has
/// completed: a step may refer to both. All of it happens on the thread of whoever awaits it.
template <class Subject, class First, class... Steps>
class [[nodiscard]] Pipeline {
  using Chain = detail::Chain<First, Steps...>;

 public:
  using value_type = Chain::Out;

  explicit Pipeline(Subject&& subject, Chain chain = Chain{First{}})
      : held_{std::forward<Subject>(subject)}, chain_{std::move(chain)} {}

  template <class T>
    requires(std::same_as<T, value_type> || std::is_void_v<T>)
  operator task<T>() && {
    return detail::run_chain<T>(std::move(held_), std::move(chain_));
  }
  template <class T>
    requires(std::same_as<T, value_type> || std::is_void_v<T>)
  operator task<T>() const& {
    return Pipeline{*this};
  }

  auto operator co_await() && { return detail::OwnTaskAwaiter<value_type>{std::move(*this)}; }

  /// Behind it: a step, or what is put around all before it, such as within(scheduler, 30s).
  template <class Step>
  friend auto operator|(Pipeline pipeline, Step step) {
    if constexpr (std::derived_from<Step, detail::Adaptor>) {
      detail::Around<Step, Chain> around{std::move(step), std::move(pipeline.chain_)};
      return Pipeline<Subject, std::monostate>{std::forward<Subject>(pipeline.held_.subject)} |
             std::move(around);
    } else {
      return std::move(pipeline).then(detail::as_step(std::move(step)));
    }
  }

 private:
  template <class Step>
  auto then(Step step) && {
    using In = detail::Value<value_type>;
    using Placed = detail::PlacedStep<std::remove_reference_t<Subject>, In, Step>;
    auto steps = std::tuple_cat(std::move(chain_.steps), std::tuple{Placed{std::move(step)}});
    return Pipeline<Subject, First, Steps..., Placed>{
        std::forward<Subject>(held_.subject),
        detail::Chain{std::move(chain_.first), std::move(steps)}};
  }

  detail::Held<Subject> held_;
  Chain chain_;
};

/// The subject of the steps behind it, by reference, or owned by the flow if it is a temporary.
template <class Subject>
Pipeline<Subject, std::monostate> with(Subject&& subject) {
  return Pipeline<Subject, std::monostate>{std::forward<Subject>(subject)};
}

/// The values that the first step behind it is given; in the midst of a pipeline, the next one.
template <class... Ts>
auto just(Ts... values) {
  if constexpr (sizeof...(Ts) == 0) {
    return Pipeline<std::monostate, std::monostate>{{}};
  } else if constexpr (sizeof...(Ts) == 1) {
    return Pipeline<std::monostate, Ts...>{{}, detail::Chain<Ts...>{std::move(values)...}};
  } else {
    std::tuple<Ts...> all{std::move(values)...};
    return Pipeline<std::monostate, std::tuple<Ts...>>{{}, detail::Chain{std::move(all)}};
  }
}

namespace detail {

// Awaits a word of steps outside of any pipeline: it is one of a single step.
template <class Word>
auto await_alone(Word word) {
  return (just() | std::move(word)).operator co_await();
}

}  // namespace detail

template <class T, class Step>
auto operator|(task<T> first, Step step) {
  return just() | std::move(first) | std::move(step);
}

template <class Subject, class First, class... Steps>
auto attempt(Pipeline<Subject, First, Steps...> pipeline) {
  using T = decltype(pipeline)::value_type;
  return attempt(task<T>{std::move(pipeline)});
}

template <class Subject, class First, class... Steps>
Running(Pipeline<Subject, First, Steps...>)
    -> Running<typename Pipeline<Subject, First, Steps...>::value_type>;

}  // namespace parley::flow
