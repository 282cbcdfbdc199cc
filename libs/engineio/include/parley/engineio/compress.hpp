#pragma once

#include <parley/base/http.hpp>
#include <parley/engineio/session.hpp>

namespace parley::engineio {

/// The coding that the client likes best of those that we know.
Coding coding_for(const HttpRequest& request);

/// Packs the body of `response`, and says so in its fields.
void compress(HttpResponse& response, Coding coding);

}  // namespace parley::engineio
