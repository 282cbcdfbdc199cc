#pragma once

#include <parley/base/http.hpp>
#include <parley/engineio/options.hpp>
#include <parley/engineio/packet.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace parley::engineio {

/// What a request asks for, by its query (Engine.IO 4, "Query parameters").
struct Asked {
  explicit Asked(std::string_view target);

  std::optional<Transport> transport;
  std::optional<std::string> sid;
  Dialect dialect;
};

}  // namespace parley::engineio
