#pragma once

#include <parley/flow/task.hpp>
#include <parley/flow_asio/async_flow.hpp>
#include <parley/flow_asio/scheduler.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/system/error_code.hpp>

#include <concepts>
#include <system_error>
#include <type_traits>
#include <utility>

namespace parley::flow {

namespace detail {

// Boost.System has categories of its own for the two of the standard library, and compares no code
// of the one with a code of the other.
inline boost::system::error_code as_asio_knows_it(const std::error_code& error) {
  if (error.category() == std::system_category()) {
    return {error.value(), boost::system::system_category()};
  }
  if (error.category() == std::generic_category()) {
    return {error.value(), boost::system::generic_category()};
  }
  return error;
}

// How an operation says what became of its flow: in the way of Asio's own operations ...
template <class T>
struct AsErrorCode {
  using Signature = void(boost::system::error_code, T);

  template <class Handler>
  static void complete(const auto& executor, Handler handler, Result<T> outcome) {
    if (outcome) {
      boost::asio::dispatch(executor,
                            boost::asio::append(std::move(handler), boost::system::error_code{},
                                                *std::move(outcome)));
    } else {
      boost::asio::dispatch(
          executor,
          boost::asio::append(std::move(handler), as_asio_knows_it(outcome.error().code), T{}));
    }
  }
};

template <>
struct AsErrorCode<void> {
  using Signature = void(boost::system::error_code);

  template <class Handler>
  static void complete(const auto& executor, Handler handler, const Result<>& outcome) {
    const auto error = as_asio_knows_it(outcome ? std::error_code{} : outcome.error().code);
    boost::asio::dispatch(executor, boost::asio::append(std::move(handler), error));
  }
};

// ... or with all that the flow has to say.
template <class T>
struct AsResult {
  using Signature = void(Result<T>);

  template <class Handler>
  static void complete(const auto& executor, Handler handler, Result<T> outcome) {
    boost::asio::dispatch(executor, boost::asio::append(std::move(handler), std::move(outcome)));
  }
};

}  // namespace detail

/// A flow as an Asio operation, for any completion token: completes with its value, as
/// void(boost::system::error_code, T), or void(boost::system::error_code) if it has none. A flow
/// that fails gives the code of its error and a T{}; async_attempt() gives the whole error.
///
/// The flow starts on the scheduler's executor, never inside this call. When it has ended its
/// locals are destroyed, and then the handler is called on its associated executor, which is the
/// scheduler's if it has none. It is called outside of all flows and may destroy the scheduler.
///
/// A terminal cancellation cancels the flow. The operations that it abandons by that are waited
/// for, and then it completes with boost::asio::error::operation_aborted. Those that it had
/// abandoned before, losers of a race, are not: a flow that cares awaits
/// AsioScheduler::cleaned_up() itself. Destroying the scheduler has the same effect as a
/// cancellation, but waits for nothing. If the executor's context is destroyed, so is the flow, and
/// then the handler without being called.
///
/// Threads: this is the one word of the room that any thread may call while the scheduler lives;
/// what it is given, the flow and what that refers to, is the scheduler's from then on.
template <class Executor, class T, class Token>
  requires std::is_void_v<T> || std::default_initializable<T>
auto async_run(AsioScheduler<Executor>& scheduler, task<T> flow, Token&& token) {
  using Report = detail::AsErrorCode<T>;
  return boost::asio::async_initiate<Token, typename Report::Signature>(
      detail::StartFlow<Executor, T, Report>{scheduler}, token, std::move(flow));
}

/// The same, but completes with the flow's Result, as void(Result<T>): to a token that knows errors
/// only as error codes or exceptions a failure is a value like another.
template <class Executor, class T, class Token>
auto async_attempt(AsioScheduler<Executor>& scheduler, task<T> flow, Token&& token) {
  using Report = detail::AsResult<T>;
  return boost::asio::async_initiate<Token, typename Report::Signature>(
      detail::StartFlow<Executor, T, Report>{scheduler}, token, std::move(flow));
}

}  // namespace parley::flow
