// The HTTP of a connection: requests read one after the other, answered by the node or the pages.

#include "clock.hpp"
#include "host.hpp"

#include <parley/websocket/handshake.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace parley::net {

void Server::Host::serve(Connection& connection) {
  auto* http = connection.http();
  if (!http || http->stage == HttpStage::answering) return;
  if (!http->reader) {
    http->reader.emplace(HttpReader::Limits{.header_bytes_max = limits_.header_bytes_max,
                                            .body_bytes_max = limits_.message_bytes_max});
  }
  const auto taken = http->reader->receive(http->input);
  if (!taken) return refuse(connection, taken.error());
  http->input.erase(0, *taken);
  if (!http->reader->done()) return await_more(connection);
  const bool keep_open = http->reader->keep_alive();
  dispatch(connection, keep_open ? AfterResponse::keep_open : AfterResponse::close);
}

// Each stage has its time from its beginning, however slowly its bytes drip in.
void Server::Host::await_more(Connection& connection) {
  auto& http = *connection.http();
  const auto before = http.stage;
  if (http.reader->header_done()) {
    http.stage = HttpStage::body;
  } else if (!http.input.empty()) {
    http.stage = HttpStage::header;
  }
  if (http.stage == before) return;
  set_deadline(connection, http.stage == HttpStage::body ? Wait::body : Wait::header);
  if (http.reader->expects_continue()) send(connection, "HTTP/1.1 100 Continue\r\n\r\n");
}

void Server::Host::dispatch(Connection& connection, AfterResponse after) {
  auto& http = *connection.http();
  auto request = std::move(http.reader->request());
  request.remote_address = http.remote_address;
  request.is_secure = connection.transport.tls() != nullptr;
  request.received_at = calendar_now();
  http.stage = HttpStage::answering;
  http.method = request.method;
  http.after = websocket::is_upgrade(request) ? AfterResponse::close : after;
  http.reader.reset();
  deadlines_.clear(connection.deadline);

  if (auto page = pages_.get_before_node(request)) {
    std::ranges::move(node_.cors_fields(request), std::back_inserter(page->fields));
    return respond(connection, *page);
  }
  if (!node_.owns(request)) return respond(connection, pages_.get(request));
  const auto shard = node_.shard_of(request);
  if (shard && *shard != shard_ && *shard < house_.hosts.size())
    return hand_over(connection, std::move(request), *shard);
  ask(connection, request);
}

void Server::Host::ask(Connection& connection, const HttpRequest& request) {
  auto& http = *connection.http();
  if (websocket::is_upgrade(request)) {
    http.upgrading = true;
    const node::WebSocketId socket{std::to_underlying(connection.id)};
    return node_.upgrade(socket, request, now_);
  }
  http.request = node::RequestId{connections_.next_number(connection)};
  node_.request(*http.request, request, now_);
}

void Server::Host::refuse(Connection& connection, HttpFault fault) {
  switch (fault) {
    case HttpFault::malformed:
      warn_of_tls(*connection.http());
      return refuse_with(connection, 400);
    case HttpFault::header_too_large:
      return refuse_with(connection, 431);
    case HttpFault::body_too_large:
      // Whoever owns the request knows best what to say; that the body is too large it sees by
      // its size.
      connection.http()->reader->request().body.resize(limits_.message_bytes_max + 1);
      return dispatch(connection, AfterResponse::close);
  }
}

// A page that cannot read a refusal cannot tell it from a dead network. Whether it may is known
// once the header has come.
void Server::Host::refuse_with(Connection& connection, unsigned status) {
  HttpResponse refusal{.status = status, .fields = {}, .body = {}};
  auto& reader = connection.http()->reader;
  if (reader && reader->header_done() && node_.owns(reader->request()))
    refusal.fields = node_.cors_fields(reader->request());
  respond(connection, refusal);
}

void Server::Host::respond(Connection& connection, const HttpResponse& response) {
  auto& http = *connection.http();
  // A request that was not read to its end leaves bytes behind that are no request.
  if (http.stage != HttpStage::answering || stop_at_) http.after = AfterResponse::close;
  http.stage = HttpStage::answering;
  http.request.reset();
  http.upgrading = false;
  const auto after = http.after;
  const auto header = encode_header(response, after);
  const std::array<std::string_view, 2> parts{header, response.body};
  send(connection, std::span{parts}.first(http.method == "HEAD" ? 1 : 2));
  if (connection.gone) return;
  if (after == AfterResponse::close) return linger(connection);
  if (connection.transport.backlog() > 0) return set_deadline(connection, Wait::reader);
  next_request(connection);
}

void Server::Host::next_request(Connection& connection) {
  auto& http = *connection.http();
  http = {.remote_address = std::move(http.remote_address), .input = std::move(http.input)};
  set_deadline(connection, Wait::request);
  if (http.input.empty()) http.input = std::string{};  // which gives its memory back
  if (!http.input.empty() || connection.transport.unread()) ready_.push_back(connection.id);
}

void Server::Host::carry(const node::Respond& output) {
  auto* connection = connections_.owner(std::to_underlying(output.request));
  auto* http = connection ? connection->http() : nullptr;
  if (http && http->request == output.request) respond(*connection, output.response);
}

}  // namespace parley::net
