#pragma once

#include <parley/engineio/options.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace parley::engineio {

/// The fields that let a page of an allowed origin read our response. They go on every response,
/// because a page that cannot read an error cannot tell it from a dead network.
std::vector<HttpField> cors_fields(const Origins& origins, const HttpRequest& request);

/// The answer to a page of an allowed origin that asks whether it may send its real request.
std::optional<HttpResponse> preflight_response(const Origins& origins, const HttpRequest& request);

bool has_control_characters(std::string_view text);

}  // namespace parley::engineio
