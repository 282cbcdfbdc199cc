#include "cors.hpp"

#include <algorithm>

namespace parley::engineio {

namespace {

constexpr std::string_view methods = "GET,HEAD,PUT,PATCH,POST,DELETE";

bool allows_all(const Origins& origins) { return std::ranges::count(origins.allowed, "*") > 0; }

bool is_listed(const Origins& origins, std::string_view origin) {
  return allows_all(origins) || std::ranges::count(origins.allowed, origin) > 0;
}

std::string_view without_suffix(std::string_view text, std::string_view suffix) {
  return text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text;
}

// Scheme and port may differ from what we see ourselves: a proxy may end TLS in front of us.
bool is_own_page(std::string_view origin, std::string_view host) {
  const auto scheme_end = origin.find("://");
  if (scheme_end == origin.npos || host.empty()) return false;
  const auto scheme = origin.substr(0, scheme_end);
  if (scheme != "http" && scheme != "https") return false;
  const std::string_view default_port = scheme == "https" ? ":443" : ":80";
  return equal_ignoring_case(without_suffix(origin.substr(scheme_end + 3), default_port),
                             without_suffix(host, default_port));
}

}  // namespace

bool Origins::admit(const HttpRequest& request) const {
  const auto origin = request.field("Origin");
  return !origin || is_listed(*this, *origin) ||
         is_own_page(*origin, request.field("Host").value_or(""));
}

std::vector<HttpField> cors_fields(const Origins& origins, const HttpRequest& request) {
  if (origins.allowed.empty()) return {};
  if (allows_all(origins)) return {{"Access-Control-Allow-Origin", "*"}};
  const auto origin = request.field("Origin");
  if (!origin || !is_listed(origins, *origin)) return {{"Vary", "Origin"}};
  return {{"Access-Control-Allow-Origin", std::string{*origin}},
          {"Vary", "Origin"},
          {"Access-Control-Allow-Credentials", "true"}};
}

std::optional<HttpResponse> preflight_response(const Origins& origins, const HttpRequest& request) {
  const auto origin = request.field("Origin");
  if (request.method != "OPTIONS" || !origin || !is_listed(origins, *origin)) return std::nullopt;

  HttpResponse response{.status = 204, .fields = cors_fields(origins, request), .body = ""};
  constexpr std::string_view asked_field = "Access-Control-Request-Headers";
  const auto vary = std::ranges::find(response.fields, "Vary", &HttpField::name);
  if (vary != response.fields.end())
    vary->value.append(", ").append(asked_field);
  else
    response.fields.push_back({"Vary", std::string{asked_field}});
  response.fields.push_back({"Access-Control-Allow-Methods", std::string{methods}});
  if (const auto asked = request.field(asked_field); asked && !has_control_characters(*asked))
    response.fields.push_back({"Access-Control-Allow-Headers", std::string{*asked}});
  return response;
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; });
}

}  // namespace parley::engineio
