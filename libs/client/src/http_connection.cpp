#include "http_connection.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace parley::client {

namespace {

// Of a server that does not say for how long it keeps a connection.
constexpr Duration idle_max{60'000};
// A request must not cross the server's closing of the connection.
constexpr Duration idle_margin{1'000};

/// `Keep-Alive: timeout=5`, in seconds.
Duration idle_time(std::string_view keep_alive) {
  constexpr std::string_view key = "timeout=";
  const auto at = keep_alive.find(key);
  int seconds = 0;
  if (at == keep_alive.npos || std::from_chars(keep_alive.data() + at + key.size(),
                                               keep_alive.data() + keep_alive.size(), seconds)
                                       .ec != std::errc{})
    return idle_max;
  return std::clamp(Duration{std::chrono::seconds{std::clamp(seconds, 0, 3'600)}} - idle_margin,
                    Duration{0}, idle_max);
}

}  // namespace

void HttpConnection::send(engineio::RequestId id, std::string_view target,
                          std::optional<std::string_view> body) {
  request_ = id;
  reader_.emplace(environment_.limits);
  if (tcp_ && now() >= idle_until_) close();
  if (!tcp_) {
    tcp_ = std::make_shared<Tcp>(environment_.executor, static_cast<Tcp::User&>(*this));
    tcp_->connect(environment_.url);
  }
  std::vector<HttpField> fields{{"Accept", "*/*"}};
  if (body) {
    fields.push_back({"Content-Type", "text/plain;charset=UTF-8"});
    fields.push_back({"Content-Length", std::to_string(body->size())});
  }
  tcp_->write(environment_.request(body ? "POST" : "GET", target, fields));
  if (body) tcp_->write(*body);
}

void HttpConnection::abort(engineio::RequestId id) {
  if (request_ != id) return;
  request_.reset();
  close();
}

void HttpConnection::received(std::span<char> bytes) {
  if (!request_) return close();
  const auto read = reader_->receive({bytes.data(), bytes.size()});
  if (!read) return fail(text(read.error()));
  if (reader_->done()) complete();
}

void HttpConnection::ended(std::string_view why) {
  tcp_.reset();
  if (!request_) return;
  reader_->end();
  if (reader_->done()) return complete();
  fail(why.empty() ? "the server closed the connection" : why);
}

void HttpConnection::complete() {
  const auto id = *std::exchange(request_, std::nullopt);
  auto response = *std::exchange(reader_, std::nullopt);
  if (!response.keep_alive() || !response.rest().empty()) close();
  idle_until_ = now() + idle_time(response.field("Keep-Alive"));
  owner_.responded(id, response.status(), response.body());
}

void HttpConnection::fail(std::string_view why) {
  close();
  owner_.request_failed(*std::exchange(request_, std::nullopt), why);
}

void HttpConnection::close() {
  if (const auto tcp = std::exchange(tcp_, nullptr)) tcp->stop();
}

}  // namespace parley::client
