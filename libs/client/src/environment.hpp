#pragma once

#include "asio.hpp"
#include "response_reader.hpp"

#include <parley/base/http.hpp>
#include <parley/base/ids.hpp>
#include <parley/client/url.hpp>

#include <string>
#include <vector>

namespace parley::client {

/// What all connections of one client share. It outlives them.
struct Environment {
  Executor executor;
  Url url;
  std::vector<HttpField> extra_headers;
  ResponseLimits limits;
  Entropy& entropy;

  /// A request up to the end of its header.
  std::string request(std::string_view method, std::string_view target,
                      const std::vector<HttpField>& fields) const;
};

}  // namespace parley::client
