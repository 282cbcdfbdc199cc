#pragma once

#include <parley/base/http.hpp>

#include <string>

namespace parley::net {

enum class AfterResponse { keep_open, close };

/// Everything of a response up to its body, as HTTP/1.1 writes it. Adds Content-Length, unless the
/// status forbids one, and Connection.
std::string encode_header(const HttpResponse& response, AfterResponse after);

}  // namespace parley::net
