#include <parley/engineio/server.hpp>

#include "cors.hpp"
#include "replies.hpp"

#include <parley/websocket/handshake.hpp>

#include <algorithm>

namespace parley::engineio {

namespace {

// Engine.IO 4, "Query parameters": whatever is not 4 is 3.
Dialect dialect_of(const Query& query) {
  return {.revision = query.get("EIO") == "4" ? Revision::v4 : Revision::v3,
          .bytes = query.get("b64").value_or("").empty() ? Dialect::Bytes::bare
                                                         : Dialect::Bytes::base64};
}

}  // namespace

Server::Server(Options options, Entropy& entropy, Arena& arena)
    : options_{std::move(options)}, sids_{entropy}, outputs_{arena} {}

Server::~Server() = default;

bool Server::owns(const HttpRequest& request) const {
  return request.path().starts_with(options_.path);
}

void Server::request(RequestId id, const HttpRequest& request, Time now) {
  if (auto preflight = preflight_response(options_.origins, request))
    return outputs_.push(Respond{id, *std::move(preflight)});

  Exchange exchange{id, cors_fields(options_.origins, request)};
  const auto session = route(request, Kind::plain);
  if (!session) {
    outputs_.push(Respond{id, refusal_response(session.error(), std::move(exchange.fields))});
    return report(session.error(), request);
  }
  if (*session == sessions_.end()) return open_polling(std::move(exchange), request, now);
  serve(*session, std::move(exchange), request, now);
}

void Server::request_gone(RequestId id, Time) {
  const auto held = held_.find(id);
  if (held == held_.end()) return;
  const auto session = sessions_.find(held->second);
  held_.erase(held);
  if (session == sessions_.end()) return;
  session->second.session.request_gone(id, outputs_);
  settle(session);
}

void Server::upgrade(WebSocketId id, const HttpRequest& request, Time now) {
  auto fields = cors_fields(options_.origins, request);
  const auto session = route(request, Kind::upgrade);
  if (!session) {
    outputs_.push(RefuseUpgrade{id, upgrade_refusal_response(session.error(), std::move(fields))});
    return report(session.error(), request);
  }
  auto accepted = websocket::accept_upgrade(request);
  if (!accepted) {
    outputs_.push(
        Refused{code_of(Refusal::bad_request), accepted.error().body, request.remote_address});
    return outputs_.push(RefuseUpgrade{id, std::move(accepted.error())});
  }
  accepted->fields.insert(accepted->fields.end(), fields.begin(), fields.end());
  outputs_.push(AcceptUpgrade{id, *std::move(accepted)});

  const bool is_new = *session == sessions_.end();
  const Query query{request.target};
  if (query.get("transport") != "websocket" ||
      (!is_new && !(*session)->second.session.can_upgrade()))
    return outputs_.push(CloseWebSocket{id});
  if (is_new) return open_websocket(id, request, now);
  by_socket_.emplace(id, (*session)->first);
  (*session)->second.session.begin_upgrade(id, dialect_of(query).bytes, now);
  settle(*session);
}

void Server::websocket_received(WebSocketId id, MessageKind kind, std::string_view payload,
                                Time now) {
  const auto socket = by_socket_.find(id);
  if (socket == by_socket_.end()) return;
  const auto session = sessions_.find(socket->second);
  if (session == sessions_.end()) return;
  session->second.session.receive_frame(id, kind, payload, now, outputs_);
  settle(session);
}

void Server::websocket_closed(WebSocketId id, WebSocketEnd end, Time) {
  const auto socket = by_socket_.find(id);
  if (socket == by_socket_.end()) return;
  const auto session = sessions_.find(socket->second);
  by_socket_.erase(socket);
  if (session == sessions_.end()) return;
  const auto reason =
      end == WebSocketEnd::closed ? CloseReason::transport_close : CloseReason::transport_error;
  session->second.session.websocket_closed(id, reason, outputs_);
  settle(session);
}

void Server::send(SessionId id, MessageKind kind, const Payload& data, Time) {
  const auto session = sessions_.find(id);
  if (session == sessions_.end()) return;
  session->second.session.send(PacketType::message, kind, data, outputs_);
  if (session->second.session.wants_flush()) to_flush_.push_back(id);
  settle(session);
}

void Server::close(SessionId id, Time now) {
  const auto session = sessions_.find(id);
  if (session == sessions_.end()) return;
  session->second.session.close(now, outputs_);
  settle(session);
}

void Server::close_all(Time now) {
  std::vector<SessionId> ids;
  ids.reserve(sessions_.size());
  for (const auto& [id, entry] : sessions_) ids.push_back(id);
  std::ranges::sort(ids);
  for (const auto id : ids) close(id, now);
}

void Server::advance(Time now) {
  while (!wakes_.empty() && wakes_.begin()->first <= now) {
    const auto session = sessions_.find(wakes_.begin()->second);
    session->second.session.advance(now, outputs_);
    settle(session);
  }
}

std::optional<Time> Server::wake_at() const {
  if (wakes_.empty()) return std::nullopt;
  return wakes_.begin()->first;
}

std::optional<Output> Server::poll() {
  if (outputs_.empty()) flush_all();
  auto output = outputs_.poll();
  if (!output) return std::nullopt;
  if (const auto* respond = std::get_if<Respond>(&*output)) held_.erase(respond->request);
  if (const auto* close = std::get_if<CloseWebSocket>(&*output)) by_socket_.erase(close->socket);
  return output;
}

// The session that the request is for, end() if it is to open one. The order of the checks is the
// protocol's (Engine.IO 4, "Error codes"); that of foreign pages is ours.
Result<Server::Sessions::iterator, Refusal> Server::route(const HttpRequest& request, Kind kind) {
  const Query query{request.target};
  const auto transport = query.get("transport").value_or("");
  if (transport != "polling" && transport != "websocket")
    return std::unexpected{Refusal::unknown_transport};
  if (has_control_characters(request.field("Origin").value_or("")))
    return std::unexpected{Refusal::bad_request};
  // Unlike the field's servers: CORS alone keeps no page from a WebSocket, or from a simple
  // request.
  if (!options_.origins.admit(request)) return std::unexpected{Refusal::forbidden};

  const auto sid = query.get("sid");
  const auto revision = dialect_of(query).revision;
  if (!sid) {
    if (request.method != "GET") return std::unexpected{Refusal::bad_handshake_method};
    if (transport == "websocket" && kind == Kind::plain)
      return std::unexpected{Refusal::bad_request};
    if (revision == Revision::v3 && !options_.allow_eio3)
      return std::unexpected{Refusal::unsupported_protocol};
    if (sessions_.size() >= options_.sessions_max)
      return std::unexpected{Refusal::too_many_sessions};
    return sessions_.end();
  }
  const auto known = by_sid_.find(*sid);
  if (known == by_sid_.end()) return std::unexpected{Refusal::unknown_sid};
  const auto session = sessions_.find(known->second);
  const bool is_polling = session->second.session.transport() == Session::Transport::polling;
  if (kind == Kind::plain && (transport == "websocket" || !is_polling))
    return std::unexpected{Refusal::bad_request};
  if (revision != session->second.session.revision()) return std::unexpected{Refusal::bad_request};
  return session;
}

Server::Sessions::iterator Server::open(const HttpRequest& handshake,
                                        std::optional<WebSocketId> socket, Time now) {
  const SessionId id{++sessions_opened_};
  const auto dialect = dialect_of(Query{handshake.target});
  const auto at =
      sessions_.try_emplace(id, Entry{sids_.next(), Session{id, options_, dialect, socket, now}})
          .first;
  by_sid_.emplace(at->second.sid, id);
  if (socket) by_socket_.emplace(*socket, id);
  auto shown = handshake;
  shown.body.clear();
  outputs_.push(Opened{id, std::move(shown), dialect.revision});
  settle(at);
  return at;
}

void Server::open_polling(Exchange exchange, const HttpRequest& request, Time now) {
  const auto at = open(request, std::nullopt, now);
  auto& [sid, session, wake_at] = at->second;
  session.receive_poll(std::move(exchange), outputs_);
  const Payload data{outputs_.arena, open_data(sid, Upgrades::websocket, options_)};
  session.send(PacketType::open, MessageKind::text, data, outputs_);
  session.flush(outputs_);
  settle(at);
}

void Server::open_websocket(WebSocketId id, const HttpRequest& request, Time now) {
  const auto session = open(request, id, now);
  const Payload data{outputs_.arena, open_data(session->second.sid, Upgrades::none, options_)};
  session->second.session.send(PacketType::open, MessageKind::text, data, outputs_);
}

void Server::serve(Sessions::iterator at, Exchange exchange, const HttpRequest& request, Time now) {
  auto& session = at->second.session;
  const auto id = exchange.request;
  if (request.method == "GET") {
    session.receive_poll(std::move(exchange), outputs_);
    if (session.holds(id)) held_.emplace(id, at->first);
  } else if (request.method == "POST") {
    session.receive_post(std::move(exchange), request, now, outputs_);
    if (session.wants_flush()) to_flush_.push_back(at->first);
  } else {
    outputs_.push(Respond{id, empty_response(500, std::move(exchange.fields))});
  }
  settle(at);
}

void Server::report(Refusal refusal, const HttpRequest& request) {
  Refused refused{code_of(refusal), std::string{text(refusal)}, request.remote_address};
  if (refusal == Refusal::forbidden) refused.foreign_origin = request.field("Origin").value_or("");
  outputs_.push(std::move(refused));
}

// After any call to a session: keeps wakes_ true, and forgets what has ended.
void Server::settle(Sessions::iterator at) {
  auto& [id, entry] = *at;
  const auto wake_at = entry.session.wake_at();
  if (wake_at != entry.wake_at) {
    if (entry.wake_at) wakes_.erase({*entry.wake_at, id});
    if (wake_at) wakes_.emplace(*wake_at, id);
    entry.wake_at = wake_at;
  }
  if (!entry.session.has_ended()) return;
  by_sid_.erase(entry.sid);
  sessions_.erase(at);
}

void Server::flush_all() {
  for (const auto id : std::exchange(to_flush_, {})) {
    const auto session = sessions_.find(id);
    if (session != sessions_.end()) session->second.session.flush(outputs_);
  }
}

}  // namespace parley::engineio
