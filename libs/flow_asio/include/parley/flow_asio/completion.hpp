#pragma once

#include <parley/flow/error.hpp>

#include <boost/system/error_code.hpp>

#include <exception>
#include <expected>
#include <tuple>
#include <type_traits>
#include <utility>

namespace parley::flow::detail {

// The value that an operation gives as so many arguments of its handler.
template <class... Args>
struct AsioValue {
  using Type = std::tuple<std::decay_t<Args>...>;
};
template <class Arg>
struct AsioValue<Arg> {
  using Type = std::decay_t<Arg>;
};
template <>
struct AsioValue<> {
  using Type = void;
};

template <class... Args>
struct AsioSuccess {
  using Value = AsioValue<Args...>::Type;

  static Result<Value> outcome(Args... args) {
    if constexpr (sizeof...(Args) == 0) {
      return {};
    } else {
      return Value{std::forward<Args>(args)...};
    }
  }
};

// What an operation with this signature completes with, as the outcome of a step.
template <class Signature>
struct AsioCompletion;

template <class... Args>
struct AsioCompletion<void(Args...)> : AsioSuccess<Args...> {};

template <class... Args>
struct AsioCompletion<void(boost::system::error_code, Args...)> : AsioSuccess<Args...> {
  static Result<typename AsioSuccess<Args...>::Value> outcome(
      const boost::system::error_code& error, Args... args) {
    if (error) return std::unexpected{Error{error}};
    return AsioSuccess<Args...>::outcome(std::forward<Args>(args)...);
  }
};

template <class... Args>
struct AsioCompletion<void(std::exception_ptr, Args...)> : AsioSuccess<Args...> {
  static Result<typename AsioSuccess<Args...>::Value> outcome(const std::exception_ptr& thrown,
                                                              Args... args) {
    if (thrown) return std::unexpected{Error{thrown}};
    return AsioSuccess<Args...>::outcome(std::forward<Args>(args)...);
  }
};

}  // namespace parley::flow::detail
