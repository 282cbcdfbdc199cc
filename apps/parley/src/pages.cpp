#include "pages.hpp"

#include <parley/base/accept_encoding.hpp>
#include <parley/net/etag.hpp>

#include <string_view>
#include <utility>

namespace parley::app {

namespace {

constexpr std::string_view call_path = "/11", call_page = "index.html";

// 'wasm-unsafe-eval' is for the call engine. 'self' of connect-src covers the WebSocket of the
// page's own origin. The pictures of a call are no loads and need no permission here.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::string_view not_found_page =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Not here - parley</title>\n"
    "<h1>There is nothing here.</h1>\n<p><a href=\"/11\">Open the call page</a></p>\n</html>\n";

void add_security_headers(HttpResponse& response) {
  response.fields.insert(response.fields.end(),
                         {{"Content-Security-Policy", std::string{content_security_policy}},
                          {"X-Content-Type-Options", "nosniff"},
                          {"Referrer-Policy", "no-referrer"},
                          {"Permissions-Policy", "camera=(self), microphone=(self)"},
                          {"Cross-Origin-Opener-Policy", "same-origin"}});
}

HttpResponse not_found() {
  return {.status = 404,
          .fields = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-cache"}},
          .body = std::string{not_found_page}};
}

HttpResponse method_not_allowed() {
  return {.status = 405, .fields = {{"Allow", "GET, HEAD"}}, .body = {}};
}

HttpResponse redirect_to_call() {
  return {.status = 302,
          .fields = {{"Location", std::string{call_path}}, {"Cache-Control", "no-cache"}},
          .body = {}};
}

struct Choice {
  const Representation& representation;
  std::string_view coding;  // empty for the plain form
};

// Brotli wins a tie, being the smaller one.
Choice choose(const Page& page, const HttpRequest& request) {
  const auto accepted = request.field("accept-encoding").value_or("");
  const int brotli = page.brotli ? coding_weight(accepted, "br") : 0;
  const int gzip = page.gzip ? coding_weight(accepted, "gzip") : 0;
  if (brotli > 0 && brotli >= gzip) return {*page.brotli, "br"};
  if (gzip > 0) return {*page.gzip, "gzip"};
  return {page.plain, {}};
}

HttpResponse show(const Page& page, const HttpRequest& request) {
  const auto [representation, coding] = choose(page, request);
  HttpResponse response{
      .status = 200,
      .fields = {{"ETag", representation.etag},
                 {"Vary", "Accept-Encoding"},
                 {"Cache-Control",
                  page.immutable ? "public, max-age=31536000, immutable" : "no-cache"}},
      .body = {}};
  if (net::is_held_by_client(request, representation.etag)) {
    response.status = 304;
    return response;
  }
  response.fields.push_back({"Content-Type", page.type});
  if (!coding.empty()) response.fields.push_back({"Content-Encoding", std::string{coding}});
  response.body = representation.body;
  return response;
}

}  // namespace

HttpResponse BundlePages::get(const HttpRequest& request) {
  auto response = answer(request);
  add_security_headers(response);
  return response;
}

std::optional<HttpResponse> BundlePages::get_before_node(const HttpRequest& request) {
  return client_ ? client_->get(request) : std::nullopt;
}

HttpResponse BundlePages::answer(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") return method_not_allowed();
  const auto path = request.path();
  if (path == "/") return redirect_to_call();
  // The call page has one address, so that people share one link.
  if (!path.starts_with('/') || path.substr(1) == call_page) return not_found();
  const auto* page = bundle_.find(path == call_path ? call_page : path.substr(1));
  return page ? show(*page, request) : not_found();
}

}  // namespace parley::app
