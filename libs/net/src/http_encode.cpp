#include "http_encode.hpp"

#include <algorithm>
#include <ostream>  // which status.hpp forgets

#include <boost/beast/http/status.hpp>

namespace parley::net {

namespace {

// RFC 9110, section 8.6: not with 1xx or 204; with 304 it would describe the page itself.
bool has_content_length(unsigned status) { return status >= 200 && status != 204 && status != 304; }

bool names_connection(const HttpField& field) {
  return equal_ignoring_case(field.name, "connection");
}

}  // namespace

std::string encode_header(const HttpResponse& response, AfterResponse after) {
  const auto reason =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  text.append(reason.data(), reason.size());
  text += "\r\n";
  for (const auto& [name, value] : response.fields) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  if (has_content_length(response.status)) {
    text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  }
  if (after == AfterResponse::close && std::ranges::none_of(response.fields, names_connection)) {
    text += "Connection: close\r\n";
  }
  return text + "\r\n";
}

}  // namespace parley::net
