#pragma once

#include <parley/flow/task.hpp>
#include <parley/socketio/event.hpp>
#include <parley/socketio/values.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace parley::socketio {

using EventHandler = std::function<void(Event&)>;

namespace detail {

// What a callable with one operator() takes and gives.
template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class R, class F, class... A>
struct Signature<R (F::*)(A...)> {
  using Result = R;
  using Parameters = std::tuple<std::decay_t<A>...>;
};
template <class R, class F, class... A>
struct Signature<R (F::*)(A...) const> : Signature<R (F::*)(A...)> {};
template <class R, class... A>
struct Signature<R (*)(A...)> {
  using Result = R;
  using Parameters = std::tuple<std::decay_t<A>...>;
};

void run_flow(Event& event, flow::task<> flow);

// A flow may run on after its handler was taken off, which therefore lives as long as it does.
template <class F>
flow::task<> run_kept(std::shared_ptr<F> handler, KeptEvent event) {
  co_await (*handler)(std::move(event));
}

void report_unfit(const Event& event, ArgumentFault fault);

template <class F, class... T>
void call_with_values(F& handler, Event& event, std::type_identity<std::tuple<Socket, T...>>) {
  auto values = event.get<T...>();
  if (!values) return report_unfit(event, values.error());
  std::apply([&](auto&... each) { return handler(event.socket(), std::move(each)...); }, *values);
}

}  // namespace detail

/// A handler as the server keeps it. It may be
/// - `void(Event&)` or `void(const Event&)`: everything, as views;
/// - `flow::task<>(KeptEvent)`: a flow, which runs beside others;
/// - `void(Socket, T...)`: the event's values, each as a T (see arguments_as). An event whose
/// values
///   do not fit is dropped, and the host is told. A lambda without `auto`, or a function.
template <class F>
EventHandler event_handler(F handler) {
  if constexpr (std::is_invocable_r_v<flow::task<>, F&, KeptEvent>) {
    return [kept = std::make_shared<F>(std::move(handler))](Event& event) {
      detail::run_flow(event, detail::run_kept(kept, KeptEvent{event}));
    };
  } else if constexpr (std::invocable<F&, Event&>) {
    return EventHandler{std::move(handler)};
  } else {
    using Parameters = detail::Signature<std::decay_t<F>>::Parameters;
    return [handler = std::move(handler)](Event& event) mutable {
      detail::call_with_values(handler, event, std::type_identity<Parameters>{});
    };
  }
}

template <class F>
Listener Socket::on(std::string_view event, F handler) const {
  return add_handler(event, event_handler(std::move(handler)));
}

template <class F>
Listener Socket::once(std::string_view event, F handler) const {
  return add_once(event, event_handler(std::move(handler)));
}

}  // namespace parley::socketio
