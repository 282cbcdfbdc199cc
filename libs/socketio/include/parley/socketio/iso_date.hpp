#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace parley::socketio {

/// What JavaScript's Date.toISOString() says of a time in milliseconds since 1970; empty beyond
/// what a Date can be (ECMA-262, "Time Values and Time Range").
std::optional<std::string> iso_date(std::int64_t milliseconds);

}  // namespace parley::socketio
