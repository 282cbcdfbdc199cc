#pragma once

#include <string>

namespace parley::node {

enum class LogLevel { debug, info, warning };

/// Something that an operator may want to read.
struct Log {
  LogLevel level;
  std::string text;
  bool operator==(const Log&) const = default;
};

}  // namespace parley::node
