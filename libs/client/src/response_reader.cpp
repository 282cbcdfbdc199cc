#include "response_reader.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <cstdint>
#include <vector>

namespace parley::client {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

// Builds the response directly; nothing is reserved on the word of a Content-Length.
class ResponseReader::Parser : public http::basic_parser<false> {
 public:
  explicit Parser(ResponseLimits limits) {
    header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    body_limit(limits.body_bytes_max);
    eager(true);
  }

  unsigned code = 0;
  std::vector<HttpField> fields;
  std::string content;

 private:
  void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int status, string_view, int, error_code&) override {
    code = static_cast<unsigned>(status);
  }
  void on_field_impl(http::field, string_view name, string_view value, error_code&) override {
    if (!is_header_done()) fields.push_back({std::string{name}, std::string{value}});
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override {
    content.append(body);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    content.append(body);
    return body.size();
  }
  void on_finish_impl(error_code&) override {}
};

namespace {

ResponseFault fault_of(const error_code& error) {
  if (error == http::error::header_limit) return ResponseFault::header_too_large;
  if (error == http::error::body_limit) return ResponseFault::body_too_large;
  return ResponseFault::malformed;
}

}  // namespace

std::string_view text(ResponseFault fault) {
  switch (fault) {
    case ResponseFault::malformed:
      return "the response is malformed";
    case ResponseFault::header_too_large:
      return "the header of the response is too large";
    case ResponseFault::body_too_large:
      return "the response is too large";
  }
  return "";
}

ResponseReader::ResponseReader(ResponseLimits limits) : parser_{std::make_unique<Parser>(limits)} {}
ResponseReader::~ResponseReader() = default;
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader& ResponseReader::operator=(ResponseReader&&) noexcept = default;

Result<void, ResponseFault> ResponseReader::receive(std::string_view bytes) {
  rest_ += bytes;
  std::size_t taken = 0;
  while (taken < rest_.size() && !done()) {
    error_code error;
    taken += parser_->put({rest_.data() + taken, rest_.size() - taken}, error);
    if (error == http::error::need_more) break;
    if (error) return std::unexpected{fault_of(error)};
  }
  rest_.erase(0, taken);
  return {};
}

void ResponseReader::end() {
  error_code incomplete;
  if (parser_->got_some()) parser_->put_eof(incomplete);
}

bool ResponseReader::done() const { return parser_->is_done(); }

bool ResponseReader::keep_alive() const { return parser_->keep_alive(); }

unsigned ResponseReader::status() const { return parser_->code; }

std::string& ResponseReader::body() { return parser_->content; }

std::string_view ResponseReader::field(std::string_view name) const {
  for (const auto& field : parser_->fields)
    if (equal_ignoring_case(field.name, name)) return field.value;
  return {};
}

}  // namespace parley::client
