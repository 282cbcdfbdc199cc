#include "http_reader.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <string>

namespace parley::net {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

// Builds an HttpRequest directly; nothing is reserved on the word of a Content-Length.
class HttpReader::Parser : public http::basic_parser<true> {
 public:
  explicit Parser(Limits limits) {
    header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    body_limit(limits.body_bytes_max);
    eager(true);
  }

  HttpRequest request;
  int version = 11;

 private:
  void on_request_impl(http::verb, string_view method, string_view target, int sent_version,
                       error_code&) override {
    version = sent_version;
    request.method = method;
    request.target = target;
  }
  void on_field_impl(http::field, string_view name, string_view value, error_code&) override {
    // A trailer must not pass for a header that was checked already.
    if (is_header_done()) return;
    request.fields.push_back({std::string{name}, std::string{value}});
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override {
    request.body.append(body);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    request.body.append(body);
    return body.size();
  }
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, string_view, int, error_code&) override {}
};

namespace {

HttpFault fault_of(const error_code& error) {
  if (error == http::error::header_limit) return HttpFault::header_too_large;
  if (error == http::error::body_limit) return HttpFault::body_too_large;
  return HttpFault::malformed;
}

// RFC 9112, section 3.2.2: a server must accept the absolute form.
void make_origin_form(std::string& target) {
  if (target.starts_with('/')) return;
  const auto scheme = target.find("://");
  if (scheme == target.npos) return;
  const auto path = target.find_first_of("/?", scheme + 3);
  target.erase(0, path);
  if (!target.starts_with('/')) target.insert(0, "/");
}

// RFC 9112, section 3.2: exactly one Host in HTTP/1.1.
bool host_is_valid(const HttpRequest& request, int version) {
  const auto hosts = std::ranges::count_if(request.fields, [](const HttpField& field) {
    return equal_ignoring_case(field.name, "host");
  });
  return hosts == 1 || (version == 10 && hosts == 0);
}

}  // namespace

HttpReader::HttpReader(Limits limits) : parser_{std::make_unique<Parser>(limits)} {}
HttpReader::~HttpReader() = default;
HttpReader::HttpReader(HttpReader&&) noexcept = default;
HttpReader& HttpReader::operator=(HttpReader&&) noexcept = default;

Result<std::size_t, HttpFault> HttpReader::receive(std::string_view bytes) {
  std::size_t taken = 0;
  const bool header_was_done = header_done();
  if (!header_was_done) {
    // RFC 9112, section 2.2: an empty line before a request is ignored. And whatever cannot begin a
    // method, such as a TLS handshake, is refused before its header is waited for.
    taken = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
    const char first = taken < bytes.size() ? bytes[taken] : 'G';
    if (first <= ' ' || first > '~') return std::unexpected{HttpFault::malformed};
  }
  while (taken < bytes.size() && !done()) {
    error_code error;
    const auto size = parser_->put({bytes.data() + taken, bytes.size() - taken}, error);
    taken += size;
    if (error == http::error::need_more) break;
    if (error) return std::unexpected{fault_of(error)};
  }
  if (header_done() && !header_was_done) {
    if (!host_is_valid(request(), parser_->version)) return std::unexpected{HttpFault::malformed};
    make_origin_form(request().target);
  }
  return taken;
}

bool HttpReader::header_done() const { return parser_->is_header_done(); }

bool HttpReader::done() const { return parser_->is_done(); }

bool HttpReader::expects_continue() const {
  const auto expect = parser_->request.field("expect");
  return header_done() && !done() && expect && equal_ignoring_case(*expect, "100-continue");
}

bool HttpReader::keep_alive() const { return parser_->version == 11 && parser_->keep_alive(); }

HttpRequest& HttpReader::request() { return parser_->request; }

}  // namespace parley::net
