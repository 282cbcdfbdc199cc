#pragma once

#include <parley/base/http.hpp>

namespace parley::net {

/// What the server answers to every request that the node does not own. Called on the server's
/// threads, at once if there are several, with the method as it came: a HEAD is answered like a
/// GET, and the server leaves out the body.
class Pages {
 public:
  virtual ~Pages() = default;
  virtual HttpResponse get(const HttpRequest& request) = 0;
};

}  // namespace parley::net
