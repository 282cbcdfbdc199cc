#include <parley/engineio/server.hpp>

#include "asked.hpp"
#include "cors.hpp"
#include "replies.hpp"

#include <parley/base/check.hpp>
#include <parley/engineio/compress.hpp>
#include <parley/websocket/deflate.hpp>
#include <parley/websocket/handshake.hpp>

#include <algorithm>

namespace parley::engineio {

namespace {

bool allows(const Options& options, Transport transport) {
  return std::ranges::count(options.transports, transport) > 0;
}

std::unexpected<Refusal> refused(Fault fault) { return std::unexpected<Refusal>{fault}; }

std::string normalized_path(std::string path, bool add_trailing_slash) {
  if (path.ends_with('/')) path.pop_back();
  return add_trailing_slash ? path + '/' : path;
}

}  // namespace

Server::Server(Options options, Entropy& entropy, Arena& arena)
    : options_{std::move(options)}, sids_{entropy, options_.shard}, outputs_{arena} {
  options_.path = normalized_path(std::move(options_.path), options_.add_trailing_slash);
}

Server::~Server() = default;

bool Server::owns(const HttpRequest& request) const {
  return request.path().starts_with(options_.path);
}

std::vector<HttpField> Server::cors_fields(const HttpRequest& request) const {
  return engineio::cors_fields(options_.cors, request);
}

std::optional<unsigned> Server::shard_of(const HttpRequest& request) const {
  if (!options_.shard) return std::nullopt;
  const Query query{request.target};
  const auto sid = query.get("sid");
  return sid ? parley::shard_of(*sid) : std::nullopt;
}

void Server::request(RequestId id, const HttpRequest& request, Time now) {
  if (auto preflight = preflight_response(options_.cors, request))
    return outputs_.push(Respond{id, *std::move(preflight)});

  Exchange exchange{id, engineio::cors_fields(options_.cors, request), coding_for(request)};
  const Asked asked{request.target};
  const auto session = route(request, asked, Kind::plain);
  if (!session) {
    outputs_.push(Respond{id, refusal_response(session.error(), std::move(exchange.fields))});
    return report(session.error(), request);
  }
  if (!*session) return open_polling(std::move(exchange), request, asked.dialect, now);
  add_headers(exchange.fields, request);
  serve(**session, std::move(exchange), request, now);
}

void Server::request_gone(RequestId id, Time) {
  const auto held = held_.find(id);
  if (held == held_.end()) return;
  auto* entry = find(held->second);
  held_.erase(held);
  if (!entry) return;
  entry->session.request_gone(id, outputs_);
  settle(*entry);
}

void Server::upgrade(WebSocketId id, const HttpRequest& request, Time now) {
  auto fields = engineio::cors_fields(options_.cors, request);
  const Asked asked{request.target};
  const auto session = route(request, asked, Kind::upgrade);
  if (!session) {
    outputs_.push(RefuseUpgrade{id, upgrade_refusal_response(session.error(), std::move(fields))});
    return report(session.error(), request);
  }
  auto accepted = websocket::accept_upgrade(request);
  if (!accepted) {
    report({Fault::bad_request, accepted.error().body}, request);
    return outputs_.push(RefuseUpgrade{id, std::move(accepted.error())});
  }
  const bool is_new = !*session;
  if (is_new && options_.initial_headers) options_.initial_headers(fields, request);
  add_headers(fields, request);
  accepted->fields.insert(accepted->fields.end(), fields.begin(), fields.end());
  const auto deflate =
      options_.per_message_deflate ? websocket::accept_deflate(request) : std::nullopt;
  if (deflate) accepted->fields.push_back({"Sec-WebSocket-Extensions", *deflate});
  outputs_.push(AcceptUpgrade{id, *std::move(accepted), deflate.has_value()});

  if (asked.transport != Transport::websocket || (!is_new && !(*session)->session.can_upgrade()))
    return outputs_.push(CloseWebSocket{id});
  if (is_new) return open_websocket(id, request, asked.dialect, now);
  by_socket_.insert(id, (*session)->id);
  (*session)->session.begin_upgrade(id, asked.dialect.bytes, now);
  settle(**session);
}

void Server::websocket_received(WebSocketId id, MessageKind kind, std::string_view payload,
                                Time now) {
  auto* entry = find(id);
  if (!entry) return;
  entry->session.receive_frame(id, kind, payload, now, outputs_);
  settle(*entry);
}

void Server::websocket_closed(WebSocketId id, WebSocketEnd end, Time) {
  auto* entry = find(id);
  by_socket_.erase(id);
  if (!entry) return;
  const auto reason =
      end == WebSocketEnd::closed ? CloseReason::transport_close : CloseReason::transport_error;
  entry->session.websocket_closed(id, reason, outputs_);
  settle(*entry);
}

void Server::websocket_blocked(WebSocketId id) {
  if (auto* entry = find(id)) entry->session.websocket_is_behind(id, true);
}

void Server::websocket_drained(WebSocketId id) {
  if (auto* entry = find(id)) entry->session.websocket_is_behind(id, false);
}

void Server::send(SessionId id, MessageKind kind, const Payload& data, Time, SendFlags flags) {
  auto* entry = find(id);
  if (!entry) return;
  entry->session.send(PacketType::message, kind, data, outputs_, flags);
  if (entry->session.wants_flush()) to_flush_.push_back(id);
  settle(*entry);
}

void Server::close(SessionId id, Time now) {
  auto* entry = find(id);
  if (!entry) return;
  entry->session.close(now, outputs_);
  settle(*entry);
}

void Server::close_all(Time now) {
  std::vector<SessionId> ids;
  ids.reserve(sessions_.size());
  sessions_.for_each([&](SessionId id, const auto&) { ids.push_back(id); });
  std::ranges::sort(ids);
  for (const auto id : ids) close(id, now);
}

void Server::advance(Time now) {
  for (auto wake = wakes_.soonest(); wake && wake->at <= now; wake = wakes_.soonest()) {
    wakes_.pop();
    if (is_stale(*wake)) continue;
    auto& entry = *find(wake->session);
    entry.wake_at = Time::max();
    entry.session.advance(now, outputs_);
    settle(entry);
  }
}

std::optional<Time> Server::wake_at() const {
  const auto wake = wakes_.soonest();
  return wake ? std::optional{wake->at} : std::nullopt;
}

std::optional<Output> Server::poll() {
  std::optional<Output> first;
  poll([&](Output& output) { first = std::move(output); });
  return first;
}

void Server::note(const Output& said) {
  if (const auto* respond = std::get_if<Respond>(&said)) held_.erase(respond->request);
  if (const auto* close = std::get_if<CloseWebSocket>(&said)) by_socket_.erase(close->socket);
}

// The session that the request is for, null if it is to open one. The order of the checks is the
// protocol's (Engine.IO 4, "Error codes"); that of foreign pages is ours.
Result<Server::Entry*, Refusal> Server::route(const HttpRequest& request, const Asked& asked,
                                              Kind kind) {
  if (!asked.transport || !allows(options_, *asked.transport))
    return refused(Fault::unknown_transport);
  if (has_control_characters(request.field("Origin").value_or("")))
    return refused(Fault::bad_request);
  // Unlike the field's servers: CORS alone keeps no page from a WebSocket, or from a simple
  // request.
  if (!options_.cors.admits(request)) return refused(Fault::foreign_page);

  const bool is_plain_websocket = kind == Kind::plain && asked.transport == Transport::websocket;
  if (!asked.sid) {
    if (request.method != "GET") return refused(Fault::bad_handshake_method);
    if (is_plain_websocket) return refused(Fault::bad_request);
    if (auto refusal = refusal_of_handshake(request, asked.dialect.revision))
      return std::unexpected{*std::move(refusal)};
    return nullptr;
  }
  const auto known = by_sid_.find(*asked.sid);
  if (known == by_sid_.end()) return refused(Fault::unknown_sid);
  auto* entry = find(known->second);
  const auto& session = entry->session;
  const bool is_late = kind == Kind::plain && session.transport() == Transport::websocket;
  if (is_plain_websocket || is_late || session.revision() != asked.dialect.revision)
    return refused(Fault::bad_request);
  return entry;
}

std::optional<Refusal> Server::refusal_of_handshake(const HttpRequest& request,
                                                    Revision revision) const {
  if (options_.allow_request) {
    auto allowed = options_.allow_request(request);
    if (!allowed) return Refusal{Fault::forbidden, std::move(allowed.error())};
  }
  if (revision == Revision::v3 && !options_.allow_eio3) return Fault::unsupported_protocol;
  if (sessions_.size() >= options_.sessions_max) return Fault::too_many_sessions;
  return std::nullopt;
}

Server::Entry* Server::find(SessionId id) {
  const auto* entry = sessions_.find(id);
  return entry ? entry->get() : nullptr;
}

Server::Entry* Server::find(WebSocketId id) {
  const auto* session = by_socket_.find(id);
  return session ? find(*session) : nullptr;
}

Server::Entry& Server::open(const HttpRequest& handshake, Dialect dialect,
                            std::optional<WebSocketId> socket, Time now) {
  const SessionId id{++sessions_opened_};
  auto made = std::make_unique<Entry>(id, std::array<char, 20>{},
                                      Session{id, options_, dialect, socket, now});
  auto& entry = *made;
  sessions_.insert(id, std::move(made));
  const auto sid = sids_.next();
  PARLEY_CHECK(sid.size() == entry.sid_text.size());
  std::ranges::copy(sid, entry.sid_text.begin());
  by_sid_.emplace(entry.sid(), id);
  if (socket) by_socket_.insert(*socket, id);
  auto shown = handshake;
  shown.body.clear();
  const bool is_v3 = dialect.revision == Revision::v3;
  outputs_.push(Opened{id, std::move(shown), dialect.revision,
                       is_v3 ? outputs_.arena.copy(sid) : std::string_view{}});
  settle(entry);
  return entry;
}

void Server::open_polling(Exchange exchange, const HttpRequest& request, Dialect dialect,
                          Time now) {
  auto& entry = open(request, dialect, std::nullopt, now);
  auto& fields = exchange.fields;
  if (options_.cookie)
    fields.push_back({"Set-Cookie", cookie_value(*options_.cookie, entry.sid())});
  if (options_.initial_headers) options_.initial_headers(fields, request);
  add_headers(fields, request);
  entry.session.receive_poll(std::move(exchange), outputs_);
  greet(entry, Transport::polling);
  entry.session.flush(outputs_);
  settle(entry);
}

void Server::open_websocket(WebSocketId id, const HttpRequest& request, Dialect dialect, Time now) {
  greet(open(request, dialect, id, now), Transport::websocket);
}

// What each session begins with.
void Server::greet(Entry& entry, Transport transport) {
  const auto send = [&](PacketType type, std::string_view data) {
    entry.session.send(type, MessageKind::text, Payload{outputs_.arena, data}, outputs_);
  };
  send(PacketType::open, open_data(entry.sid(), transport, options_));
  if (options_.initial_packet) send(PacketType::message, *options_.initial_packet);
}

void Server::add_headers(std::vector<HttpField>& fields, const HttpRequest& request) const {
  if (options_.headers) options_.headers(fields, request);
}

void Server::serve(Entry& entry, Exchange exchange, const HttpRequest& request, Time now) {
  auto& session = entry.session;
  const auto id = exchange.request;
  if (request.method == "GET") {
    session.receive_poll(std::move(exchange), outputs_);
    if (session.holds(id)) held_.emplace(id, entry.id);
  } else if (request.method == "POST") {
    session.receive_post(std::move(exchange), request, now, outputs_);
    if (session.wants_flush()) to_flush_.push_back(entry.id);
  } else {
    outputs_.push(Respond{id, empty_response(500, std::move(exchange.fields))});
  }
  settle(entry);
}

void Server::report(const Refusal& refusal, const HttpRequest& request) {
  Refused shown{refusal.code(), refusal.message, request.remote_address};
  if (refusal.fault == Fault::foreign_page)
    shown.foreign_origin = request.field("Origin").value_or("");
  outputs_.push(std::move(shown));
}

// After any call to a session: sees to it that it is woken in time, and forgets what has ended.
void Server::settle(Entry& entry) {
  if (entry.session.has_ended()) return forget(entry);
  const auto wake_at = entry.session.wake_at();
  if (!wake_at || *wake_at >= entry.wake_at) return;
  entry.wake_at = *wake_at;
  wakes_.push({*wake_at, entry.id});
}

void Server::forget(Entry& entry) {
  by_sid_.erase(entry.sid());
  sessions_.erase(entry.id);
  clear_wakes();
}

bool Server::is_stale(const Wake& wake) const {
  const auto* entry = sessions_.find(wake.session);
  return !entry || (*entry)->wake_at != wake.at;
}

// So that nobody is woken for nobody, and that what sessions leave behind does not grow.
void Server::clear_wakes() {
  constexpr std::size_t worth_it = 64;
  if (wakes_.size() > worth_it + 2 * sessions_.size())
    wakes_.clear_out([this](const Wake& wake) { return is_stale(wake); });
  for (auto wake = wakes_.soonest(); wake && is_stale(*wake); wake = wakes_.soonest()) wakes_.pop();
}

void Server::flush_all() {
  for (const auto id : std::exchange(to_flush_, {})) {
    if (auto* entry = find(id)) entry->session.flush(outputs_);
  }
}

}  // namespace parley::engineio
