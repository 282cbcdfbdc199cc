#pragma once

#include <parley/flow/segments.hpp>
#include <parley/flow/step.hpp>
#include <parley/flow/task.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

// What a pipeline is made of: the chain of its steps and the one coroutine that runs it.
namespace parley::flow::detail {

// What stands behind a `|` and is no step but is put around all that stands before it:
// `over(subject, task)` gives the task that runs instead of the given one.
struct Adaptor {};

// A flow that stands where a step may: it is awaited when its turn comes.
template <class Flow>
class Given : public StepWord {
 public:
  explicit Given(Flow flow) : flow_{std::move(flow)} {}
  Flow run(auto&, auto&&) { return std::move(flow_); }

 private:
  Flow flow_;
};

template <class Step>
auto as_step(Step step) {
  static_assert(!std::derived_from<Step, Adaptor>, "this is no step: it belongs behind a '|'");
  if constexpr (TaskLike<Step>) {
    return Given<Step>{std::move(step)};
  } else {
    return step;
  }
}

template <class Step>
using AsStep = decltype(as_step(std::declval<Step>()));

// A step at its place: `Subject` and `In` are what is there for it.
template <class Subject, class In, class Step>
struct PlacedStep {
  using Out = StepReturned<Step, Subject, In>::Value;
  static constexpr auto returns = StepReturned<Step, Subject, In>::what;

  explicit PlacedStep(Step a_step) : step{std::move(a_step)} {}

  Step step;
};

// The steps of a pipeline and the value that the first of them is given.
template <class First, class... Steps>
struct Chain {
  using Out = std::tuple_element_t<
      sizeof...(Steps),
      std::tuple<std::conditional<std::same_as<First, std::monostate>, void, First>,
                 std::type_identity<typename Steps::Out>...>>::type;

  explicit Chain(First a_first, std::tuple<Steps...> the_steps = {})
      : first{std::move(a_first)}, steps{std::move(the_steps)} {}

  First first;
  std::tuple<Steps...> steps;
};

// The step that a pipeline awaits, of whatever type.
class PendingStep {
 public:
  PendingStep() = default;
  PendingStep(const PendingStep&) = delete;
  PendingStep& operator=(const PendingStep&) = delete;
  ~PendingStep() { destroy(); }

  template <class T>
  void hold(task<T> step) {
    const auto coroutine = TaskAccess::release(std::move(step));
    coroutine_ = coroutine;
    promise_ = &coroutine.promise();
  }

  /// `co_await step.completion()` fails as the step fails.
  auto completion() { return Completion{*this}; }

  /// The value of the step, of which nothing is left then.
  template <class T>
  Value<T> take() {
    Value<T> value = take_value<T>();
    destroy();
    return value;
  }

 private:
  struct Completion {
    PendingStep& step;
    bool await_ready() const noexcept { return false; }
    template <std::derived_from<PromiseBase> P>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<P> waiting) noexcept {
      step.promise_->continue_with(waiting, waiting.promise());
      return step.coroutine_;
    }
    void await_resume() const { step.promise_->rethrow_if_failed(); }
  };

  template <class T>
  Value<T> take_value() {
    if constexpr (std::is_void_v<T>) {
      return {};
    } else {
      return static_cast<Promise<T>&>(*promise_).take_value();
    }
  }

  void destroy() {
    if (const auto coroutine = std::exchange(coroutine_, nullptr)) coroutine.destroy();
  }

  std::coroutine_handle<> coroutine_;
  PromiseBase* promise_ = nullptr;
};

inline task<> failed_step(Error error) { co_await fail(std::move(error)); }

// Runs the steps of a chain for the one coroutine that owns this. Steps that need not be awaited
// are calls, one after another; the coroutine awaits the others in turn. A value lives until the
// step that was given it has completed.
template <class Subject, class Chain>
class Run;

template <class Subject, class First, class... Steps>
class Run<Subject, Chain<First, Steps...>> {
 public:
  Run(Subject& subject, Chain<First, Steps...>& chain)
      : subject_{subject},
        steps_{chain.steps},
        values_{std::in_place_index<0>, std::move(chain.first)} {}

  /// Runs steps until one is to be awaited, and says whether there is one: else all are done.
  bool go_on() { return (this->*go_on_)(); }
  PendingStep& pending() { return pending_; }

  /// The value of the last step, when all are done.
  auto take_value() { return std::move(*std::get_if<sizeof...(Steps)>(&values_)); }

 private:
  template <std::size_t index>
  using StepAt = std::tuple_element_t<index, std::tuple<Steps...>>;

  template <std::size_t index>
  bool run_from() {
    if constexpr (index < sizeof...(Steps)) {
      auto& step = std::get<index>(steps_).step;
      auto& value = *std::get_if<index>(&values_);
      constexpr auto returns = StepAt<index>::returns;
      if constexpr (returns == Returns::value) {
        return next<index>(call_for_value(step, subject_, std::move(value)));
      } else if constexpr (returns == Returns::result) {
        return next_or_fail<index>(call_step(step, subject_, std::move(value)));
      } else {
        pending_.hold(task_of(step, subject_, std::move(value)));
        go_on_ = &Run::run_after<index>;
        return true;
      }
    } else {
      return false;
    }
  }

  template <std::size_t index>
  bool run_after() {
    return next<index>(pending_.take<typename StepAt<index>::Out>());
  }

  template <std::size_t index>
  bool next(Value<typename StepAt<index>::Out> value) {
    values_.template emplace<index + 1>(std::move(value));
    return run_from<index + 1>();
  }

  template <std::size_t index>
  bool next_or_fail(Result<typename StepAt<index>::Out> result) {
    if (!result) {
      pending_.hold(failed_step(std::move(result.error())));
      return true;
    }
    if constexpr (std::is_void_v<typename StepAt<index>::Out>) {
      return next<index>({});
    } else {
      return next<index>(*std::move(result));
    }
  }

  Subject& subject_;
  std::tuple<Steps...>& steps_;
  std::variant<First, Value<typename Steps::Out>...> values_;
  PendingStep pending_;
  bool (Run::*go_on_)() = &Run::run_from<0>;
};

// A subject that is referred to, if `Subject` is a reference, or else owned.
template <class Subject>
struct Held {
  explicit Held(Subject&& a_subject) : subject{std::forward<Subject>(a_subject)} {}

  Subject subject;
};

// The one coroutine of a pipeline.
template <class T, class Subject, class Chain>
task<T> run_chain(Held<Subject> held, Chain chain) {
  Run<std::remove_reference_t<Subject>, Chain> run{held.subject, chain};
  while (run.go_on()) co_await run.pending().completion();
  if constexpr (!std::is_void_v<T>) co_return run.take_value();
}

// A chain with an adaptor around it is one step that is given nothing.
template <class Adaptor, class Chain>
class Around : public StepWord {
 public:
  Around(Adaptor adaptor, Chain chain) : adaptor_{std::move(adaptor)}, chain_{std::move(chain)} {}

  template <class Subject>
  auto run(Subject& subject, std::monostate) {
    const Held<Subject&> held{subject};
    auto before = run_chain<typename Chain::Out>(held, std::move(chain_));
    return adaptor_.over(subject, std::move(before));
  }

 private:
  Adaptor adaptor_;
  Chain chain_;
};

// Awaits a task that is its own.
template <class T>
class OwnTaskAwaiter {
 public:
  explicit OwnTaskAwaiter(task<T> own) : task_{std::move(own)} {}

  bool await_ready() const noexcept { return awaiter_.await_ready(); }
  template <class P>
  auto await_suspend(std::coroutine_handle<P> waiting) noexcept {
    return awaiter_.await_suspend(waiting);
  }
  T await_resume() { return awaiter_.await_resume(); }

 private:
  task<T> task_;
  TaskAwaiter<T> awaiter_ = std::move(task_).operator co_await();
};

}  // namespace parley::flow::detail
