#pragma once

#include <expected>

namespace parley {

/// What an operation that may be refused returns. E is a small enum or struct of the library that
/// refuses; early returns, `if (!x) return std::unexpected{x.error()};`, are the idiom.
template <class T, class E>
using Result = std::expected<T, E>;

/// A set of lambdas as one visitor: `std::visit(Match{[](A) {}, [](B) {}}, variant)`.
template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};

}  // namespace parley
