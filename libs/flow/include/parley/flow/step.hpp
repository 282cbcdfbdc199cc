#pragma once

#include <parley/flow/segments.hpp>
#include <parley/flow/task.hpp>

#include <concepts>
#include <cstddef>
#include <expected>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

// How a step of a pipeline is called and what becomes of what it returns; pipeline.hpp says it for
// people. A monostate stands for a subject or a value that is not there.
namespace parley::flow::detail {

// A step that is more than a function: `run(subject, value)` is given both as they are.
struct StepWord {};

template <class T>
inline constexpr bool is_tuple = false;
template <class... Ts>
inline constexpr bool is_tuple<std::tuple<Ts...>> = true;

// References to what a subject or a value is as an argument.
template <class T>
auto whole_argument(T&& value) {
  if constexpr (std::same_as<std::remove_cvref_t<T>, std::monostate>) {
    return std::tuple<>{};
  } else {
    return std::tuple<T&&>{std::forward<T>(value)};
  }
}

// The same, of a tuple each of its values.
template <class T>
auto each_argument(T&& value) {
  if constexpr (is_tuple<std::remove_cvref_t<T>>) {
    return std::apply(
        [](auto&&... each) {
          return std::tuple_cat(whole_argument(std::forward<decltype(each)>(each))...);
        },
        std::forward<T>(value));
  } else {
    return whole_argument(std::forward<T>(value));
  }
}

template <class Arguments>
auto without_last(Arguments arguments) {
  return [&]<std::size_t... index>(std::index_sequence<index...>) {
    return std::tuple<std::tuple_element_t<index, Arguments>...>{
        std::get<index>(std::move(arguments))...};
  }(std::make_index_sequence<std::tuple_size_v<Arguments> - 1>{});
}

template <class Step, class Arguments>
inline constexpr bool takes_all = false;
template <class Step, class... Arguments>
inline constexpr bool takes_all<Step, std::tuple<Arguments...>> =
    std::invocable<Step&, Arguments...>;

struct TakesNone {};

// As many arguments as the step takes, from the front, but at least so many.
template <class Step, std::size_t least, class Arguments>
auto front_arguments(Arguments arguments) {
  if constexpr (takes_all<Step, Arguments>) {
    return arguments;
  } else if constexpr (std::tuple_size_v<Arguments> > least) {
    return front_arguments<Step, least>(without_last(std::move(arguments)));
  } else {
    return TakesNone{};
  }
}

template <class Step, class Subject, class Value>
auto arguments_for(Subject& subject, Value&& value) {
  constexpr std::size_t subjects = std::same_as<Subject, std::monostate> ? 0 : 1;
  auto each = std::tuple_cat(whole_argument(subject), each_argument(static_cast<Value&&>(value)));
  auto whole = std::tuple_cat(whole_argument(subject), whole_argument(static_cast<Value&&>(value)));
  using Front = decltype(front_arguments<Step, subjects>(std::move(each)));
  if constexpr (takes_all<Step, decltype(whole)> && !takes_all<Step, decltype(each)>) {
    return whole;
  } else if constexpr (!std::same_as<Front, TakesNone>) {
    return front_arguments<Step, subjects>(std::move(each));
  } else if constexpr (subjects == 1) {
    std::monostate nobody;
    return arguments_for<Step>(nobody, static_cast<Value&&>(value));
  } else {
    return TakesNone{};
  }
}

// Not a concept, because the compilers print the types in this one when it is asserted.
template <class Step, class Subject, class Value>
inline constexpr bool takes_subject_or_value =
    std::derived_from<Step, StepWord> ||
    !std::same_as<TakesNone,
                  decltype(arguments_for<Step>(std::declval<Subject&>(), std::declval<Value>()))>;

template <class Step>
inline constexpr bool can_be_called =
    std::is_class_v<Step> || std::is_pointer_v<Step> || std::is_member_pointer_v<Step>;

template <class Step, class Subject, class Value>
decltype(auto) call_step(Step& step, Subject& subject, Value&& value) {
  if constexpr (std::derived_from<Step, StepWord>) {
    return step.run(subject, std::forward<Value>(value));
  } else if constexpr (takes_subject_or_value<Step, Subject, Value>) {
    return std::apply(step, arguments_for<Step>(subject, std::forward<Value>(value)));
  } else {
    static_assert(can_be_called<Step>, "a step is a function, a task or a pipeline");
    static_assert(takes_subject_or_value<Step, Subject, Value>,
                  "this step can be called neither with the subject and the value that are there "
                  "for it, nor with one of the two, nor with nothing");
  }
}

template <class Step, class Subject, class Value>
using CallResult =
    decltype(call_step(std::declval<Step&>(), std::declval<Subject&>(), std::declval<Value>()));

// A task, or what becomes one.
template <class T>
concept TaskLike = requires {
  typename T::value_type;
  requires std::convertible_to<T, task<typename T::value_type>>;
};

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Result<T>> = true;

template <class T>
decltype(auto) awaiter_of(T&& awaitable) {
  if constexpr (requires { static_cast<T&&>(awaitable).operator co_await(); }) {
    return static_cast<T&&>(awaitable).operator co_await();
  } else if constexpr (requires { operator co_await(static_cast<T&&>(awaitable)); }) {
    return operator co_await(static_cast<T&&>(awaitable));
  } else {
    return static_cast<T&&>(awaitable);
  }
}

template <class T>
concept Awaitable = !std::is_void_v<T> && requires(T&& awaitable) {
  { awaiter_of(static_cast<T&&>(awaitable)).await_ready() } -> std::convertible_to<bool>;
};

enum class Returns { value, result, task, awaitable };

// What a call returns, and the type of the value that the next step is given for it.
template <class T>
struct Returned {
  using Value = std::decay_t<T>;
  static constexpr auto what = Returns::value;
};
template <class T>
  requires(is_result<std::remove_cvref_t<T>>)
struct Returned<T> {
  using Value = std::remove_cvref_t<T>::value_type;
  static constexpr auto what = Returns::result;
};
template <TaskLike T>
struct Returned<T> {
  using Value = T::value_type;
  static constexpr auto what = Returns::task;
};
template <Awaitable T>
  requires(!TaskLike<T>)
struct Returned<T> {
  using Value = std::decay_t<decltype(awaiter_of(std::declval<T>()).await_resume())>;
  static constexpr auto what = Returns::awaitable;
};

template <class Step, class Subject, class Value>
using StepReturned = Returned<CallResult<Step, Subject, Value>>;

// The value of a step that returns one.
template <class Step, class Subject, class In>
auto call_for_value(Step& step, Subject& subject, In&& value) {
  if constexpr (std::is_void_v<CallResult<Step, Subject, In>>) {
    call_step(step, subject, std::forward<In>(value));
    return std::monostate{};
  } else {
    return call_step(step, subject, std::forward<In>(value));
  }
}

// A call to be made in a coroutine. What it refers to outlives that.
template <class Step, class Subject, class In>
struct StepCall {
  using Returned = StepReturned<Step, Subject, In>;
  using Value = Returned::Value;

  decltype(auto) operator()() const { return call_step(step, subject, static_cast<In&&>(value)); }

  Step& step;
  Subject& subject;
  std::remove_reference_t<In>& value;
};

template <class Call>
task<typename Call::Value> made_in_task(Call call) {
  constexpr auto returned = Call::Returned::what;
  if constexpr (returned == Returns::awaitable) {
    co_return co_await call();
  } else if constexpr (returned == Returns::result) {
    co_return co_await require(call());
  } else {
    co_return call();
  }
}

// The step as a task, whatever it returns. The step, the subject and the value outlive it.
template <class Step, class Subject, class In>
auto task_of(Step& step, Subject& subject, In&& value) {
  const StepCall<Step, Subject, In> call{step, subject, value};
  if constexpr (decltype(call)::Returned::what == Returns::task) {
    return task<typename decltype(call)::Value>{call()};
  } else {
    return made_in_task(call);
  }
}

}  // namespace parley::flow::detail
