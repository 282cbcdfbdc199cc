#pragma once

#include <parley/base/http.hpp>

#include <optional>

namespace parley::net {

/// What the server answers to every request that the node does not own. Called on the server's
/// threads, at once if there are several, with the method as it came: a HEAD is answered like a
/// GET, and the server leaves out the body.
class Pages {
 public:
  virtual ~Pages() = default;
  virtual HttpResponse get(const HttpRequest& request) = 0;

  /// What is answered in front of the node, because it lies below the node's path; empty for all
  /// else. The node's CORS fields are added.
  virtual std::optional<HttpResponse> get_before_node(const HttpRequest& /*request*/) {
    return std::nullopt;
  }
};

}  // namespace parley::net
