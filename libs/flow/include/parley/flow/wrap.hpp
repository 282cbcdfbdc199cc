#pragma once

#include <parley/flow/callback.hpp>

#include <functional>
#include <system_error>
#include <utility>

namespace parley::flow {

/// Where a function takes its callback.
enum class CallbackPlace { last, first };

/// How a function tells its outcome.
enum class CallbackShape {
  error_first,  // one callback: (std::error_code, T)
  split,        // two, for success and for failure: (T) and then (std::error_code) or (Error)
  simple,       // one that knows no failure: (T)
};

struct CallbackStyle {
  CallbackPlace place = CallbackPlace::last;
  CallbackShape shape = CallbackShape::error_first;
};

namespace detail {

template <class T>
class Failing {
 public:
  explicit Failing(Done<T> done) : done_{std::move(done)} {}

  void operator()(std::error_code error) const { done_.fail(error); }
  void operator()(Error error) const { done_.fail(std::move(error)); }

 private:
  Done<T> done_;
};

// Hands `use` the callbacks that a function of that shape wants.
template <CallbackShape shape, class T>
void with_callbacks(const Done<T>& done, auto use) {
  if constexpr (shape == CallbackShape::error_first) {
    use(done.errcb());
  } else if constexpr (shape == CallbackShape::split) {
    use(done, Failing<T>{done});
  } else {
    use(done);
  }
}

}  // namespace detail

/// Makes of a function that takes a callback one that returns a task: `wrap<T>(scheduler, f)(a, b)`
/// calls `f(a, b, callback)` when it is awaited, or as the style says, and gives what the callback
/// is given. It ends, fails and is cancelled as callback() is. The arguments are copied or moved
/// into the task and live as long as it does. `f` may be a pointer to a member function.
template <class T = void, CallbackStyle style = CallbackStyle{}, Scheduler S, class F>
auto wrap(S& scheduler, F function) {
  return [&scheduler, function = std::move(function)](auto... arguments) -> task<T> {
    auto call = [function, ... held = std::move(arguments)](const Done<T>& done) mutable {
      detail::with_callbacks<style.shape>(done, [&](auto... callbacks) {
        if constexpr (style.place == CallbackPlace::last) {
          std::invoke(function, std::move(held)..., std::move(callbacks)...);
        } else {
          std::invoke(function, std::move(callbacks)..., std::move(held)...);
        }
      });
    };
    return callback<T>(scheduler, std::move(call));
  };
}

}  // namespace parley::flow
