#pragma once

#include <cstddef>
#include <exception>
#include <expected>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace parley::flow {

/// What the library itself reports. Steps report codes of their own categories.
enum class Errc {
  timed_out = 1,
  all_failed,        // of first, any and last: nobody succeeded; Error::causes says why
  unwanted_success,  // of none: somebody succeeded
  abandoned,         // of callback: nobody is left who could complete the step
  closed,            // of a channel or a source: nothing more can be put into it
  overflow,          // of a channel or a listener: more came than it has room for
  cancelled,         // what this waited for was cancelled by its owner
  exception,         // an exception left a step; Error::exception is it
};

/// Why a flow ended before its end. It has a constructor because g++ 12 destroys an aggregate twice
/// that is made in the expression of a co_await.
struct Error {
  explicit Error(std::error_code why, std::string about = {})
      : code{why}, context{std::move(about)} {}

  /// An exception that left a step, with what it says of itself as the context.
  explicit Error(std::exception_ptr thrown);

  bool operator==(const Error&) const = default;

  std::error_code code;
  std::string context;                 // what the step adds to the code, for people
  std::optional<std::size_t> segment;  // which of the outermost word's segments failed, from 0
  std::vector<Error> causes;           // of Errc::all_failed: each segment's, as they came
  std::exception_ptr exception;        // of Errc::exception: what was thrown
};

/// How a flow ended: the one error channel of the library.
template <class T = void>
using Result = std::expected<T, Error>;

namespace detail {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "parley.flow"; }
  std::string message(int code) const override {
    switch (static_cast<Errc>(code)) {
      case Errc::timed_out:
        return "the time limit was reached";
      case Errc::all_failed:
        return "all have failed";
      case Errc::unwanted_success:
        return "what should have failed has succeeded";
      case Errc::abandoned:
        return "nobody is left who could complete it";
      case Errc::closed:
        return "it is closed";
      case Errc::overflow:
        return "more came than there is room for";
      case Errc::cancelled:
        return "it was cancelled";
      case Errc::exception:
        return "an exception was thrown";
    }
    return "unknown error";
  }
};

}  // namespace detail

/// That of Errc, "parley.flow".
inline const std::error_category& category() noexcept {
  static const detail::Category the_category;
  return the_category;
}

inline std::error_code make_error_code(Errc code) noexcept {
  return {static_cast<int>(code), category()};
}

namespace detail {

// What an exception says of itself.
inline std::string what([[maybe_unused]] const std::exception_ptr& thrown) {
#ifdef __cpp_exceptions
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return {};
  }
#else
  return {};
#endif
}

}  // namespace detail

inline Error::Error(std::exception_ptr thrown)
    : code{make_error_code(Errc::exception)},
      context{detail::what(thrown)},
      exception{std::move(thrown)} {}

}  // namespace parley::flow

template <>
struct std::is_error_code_enum<parley::flow::Errc> : std::true_type {};
