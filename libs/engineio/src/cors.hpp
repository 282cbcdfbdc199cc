#pragma once

#include <parley/engineio/cors.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace parley::engineio {

/// The fields that let a page of an allowed origin read our response. They go on every response,
/// because a page that cannot read an error cannot tell it from a dead network.
std::vector<HttpField> cors_fields(const Cors& cors, const HttpRequest& request);

/// The answer to a page that asks whether it may send its real request; none if `cors` is off or
/// the page is foreign.
std::optional<HttpResponse> preflight_response(const Cors& cors, const HttpRequest& request);

bool has_control_characters(std::string_view text);

}  // namespace parley::engineio
