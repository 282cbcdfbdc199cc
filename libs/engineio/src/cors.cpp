#include "cors.hpp"

#include <parley/base/result.hpp>

#include <algorithm>

namespace parley::engineio {

namespace {

using List = std::vector<std::string>;
using Test = std::function<bool(std::string_view)>;

constexpr std::string_view all = "*";

bool is_on(const Cors& cors) { return !std::holds_alternative<std::monostate>(cors.origin); }

bool allows(const Cors& cors, std::string_view origin) {
  return std::visit(Match{
                        [](std::monostate) { return false; },
                        [&](const std::string& one) { return one == all || one == origin; },
                        [&](const List& list) { return std::ranges::count(list, origin) > 0; },
                        [&](const Test& test) { return test(origin); },
                    },
                    cors.origin);
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

std::string joined(const List& words) {
  std::string text;
  for (const auto& word : words) text.append(text.empty() ? "" : ",").append(word);
  return text;
}

// A response that depends on a field of the request says so, for caches.
void vary(std::vector<HttpField>& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, "Vary", &HttpField::name);
  if (found != fields.end())
    found->value.append(", ").append(name);
  else
    fields.push_back({"Vary", std::string{name}});
}

void add_origin(std::vector<HttpField>& fields, const Cors& cors, const HttpRequest& request) {
  constexpr const char* name = "Access-Control-Allow-Origin";
  if (const auto* one = std::get_if<std::string>(&cors.origin)) {
    fields.push_back({name, *one});
    if (*one != all) vary(fields, "Origin");
    return;
  }
  const auto origin = request.field("Origin");
  if (origin && allows(cors, *origin)) fields.push_back({name, std::string{*origin}});
  vary(fields, "Origin");
}

void add_allowed_headers(std::vector<HttpField>& fields, const Cors& cors,
                         const HttpRequest& request) {
  constexpr const char* name = "Access-Control-Allow-Headers";
  if (!cors.allowed_headers.empty()) return fields.push_back({name, joined(cors.allowed_headers)});
  constexpr std::string_view asked_field = "Access-Control-Request-Headers";
  vary(fields, asked_field);
  if (const auto asked = request.field(asked_field); asked && !has_control_characters(*asked))
    fields.push_back({name, std::string{*asked}});
}

}  // namespace

bool Cors::admits(const HttpRequest& request) const {
  const auto page = request.field("Origin");
  return !page || allows(*this, *page) || is_own_page(*page, request.field("Host").value_or(""));
}

std::vector<HttpField> cors_fields(const Cors& cors, const HttpRequest& request) {
  std::vector<HttpField> fields;
  if (!is_on(cors)) return fields;
  add_origin(fields, cors, request);
  if (cors.credentials) fields.push_back({"Access-Control-Allow-Credentials", "true"});
  if (!cors.exposed_headers.empty())
    fields.push_back({"Access-Control-Expose-Headers", joined(cors.exposed_headers)});
  return fields;
}

std::optional<HttpResponse> preflight_response(const Cors& cors, const HttpRequest& request) {
  if (request.method != "OPTIONS" || !is_on(cors) || !cors.admits(request)) return std::nullopt;
  HttpResponse response{.status = 204, .fields = cors_fields(cors, request), .body = ""};
  auto& fields = response.fields;
  fields.push_back({"Access-Control-Allow-Methods", joined(cors.methods)});
  add_allowed_headers(fields, cors, request);
  if (cors.max_age)
    fields.push_back({"Access-Control-Max-Age", std::to_string(cors.max_age->count())});
  return response;
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; });
}

}  // namespace parley::engineio
