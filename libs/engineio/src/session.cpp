#include <parley/engineio/session.hpp>

#include "replies.hpp"

#include <parley/base/check.hpp>
#include <parley/base/result.hpp>

#include <algorithm>
#include <utility>

namespace parley::engineio {

namespace {

constexpr Duration noop_interval{100};
constexpr Duration linger{30'000};

bool is_octet_stream(const HttpRequest& request) {
  return request.field("Content-Type").value_or("").starts_with("application/octet-stream");
}

}  // namespace

Session::Session(SessionId id, const Options& options, Dialect dialect,
                 std::optional<WebSocketId> socket, Time now)
    : id_{id}, options_{options}, dialect_{dialect}, state_{Resting{now + options.ping_interval}} {
  if (socket) transport_ = OnWebSocket{*socket};
  if (dialect.revision == Revision::v3)
    state_ = AwaitingPing{now + options.ping_interval + options.ping_timeout};
}

Session::Transport Session::transport() const {
  return std::holds_alternative<Polling>(transport_) ? Transport::polling : Transport::websocket;
}

void Session::receive_poll(Exchange exchange, Outputs& outputs) {
  auto& held = std::get<Polling>(transport_).held;
  if (held) {
    end(CloseReason::transport_error, outputs);
    outputs.push(Respond{exchange.request, empty_response(400, std::move(exchange.fields))});
    return;
  }
  held = std::move(exchange);
  if (std::holds_alternative<Lingering>(state_)) {
    queue_.push_back({PacketType::close, MessageKind::text, {}});
    state_ = Ended{};
  }
  flush(outputs);
}

void Session::receive_post(Exchange exchange, const HttpRequest& request, Time now,
                           Outputs& outputs) {
  const auto answer = [&](HttpResponse response) {
    outputs.push(Respond{exchange.request, std::move(response)});
  };
  if (request.body.size() > options_.max_http_buffer_size)
    return answer(empty_response(413, std::move(exchange.fields)));
  if (is_octet_stream(request) && revision() == Revision::v4) {
    if (is_open()) end(CloseReason::transport_error, outputs);
    return answer(empty_response(400, std::move(exchange.fields)));
  }

  PayloadReader reader{request.body, outputs.arena, format_of(request)};
  while (is_open()) {
    auto packet = reader.next();
    if (!packet) break;
    if (!*packet) {
      end(CloseReason::parse_error, outputs);
      return answer(empty_response(400, std::move(exchange.fields)));
    }
    receive(**packet, now, outputs);
  }
  answer(ok_response(std::move(exchange.fields)));
}

bool Session::holds(RequestId request) const {
  const auto* polling = std::get_if<Polling>(&transport_);
  return polling && polling->held && polling->held->request == request;
}

void Session::request_gone(RequestId request, Outputs& outputs) {
  if (!holds(request)) return;
  std::get<Polling>(transport_).held.reset();
  end(CloseReason::transport_error, outputs);
}

bool Session::can_upgrade() const {
  return is_open() && !probe_ && transport() == Transport::polling;
}

void Session::begin_upgrade(WebSocketId socket, Dialect::Bytes bytes, Time now) {
  PARLEY_CHECK(can_upgrade());
  probe_ = Probe{
      .socket = socket, .bytes = bytes, .deadline = now + options_.upgrade_timeout, .noop_at = {}};
}

void Session::receive_frame(WebSocketId socket, MessageKind kind, std::string_view payload,
                            Time now, Outputs& outputs) {
  if (probe_ && probe_->socket == socket)
    return receive_on_probe(kind == MessageKind::text ? payload : "", now, outputs);
  const auto* on = std::get_if<OnWebSocket>(&transport_);
  if (!on || on->socket != socket || !is_open()) return;
  const auto packet = decode_frame(kind, payload, outputs.arena, revision());
  if (!packet) return end(CloseReason::parse_error, outputs);
  receive(*packet, now, outputs);
}

void Session::websocket_closed(WebSocketId socket, CloseReason reason, Outputs& outputs) {
  if (probe_ && probe_->socket == socket) {
    probe_.reset();
  } else if (const auto* on = std::get_if<OnWebSocket>(&transport_);
             on && on->socket == socket && is_open()) {
    transport_ = Polling{};  // so that end() has no connection left to close
    end(reason, outputs);
  }
}

void Session::send(PacketType type, MessageKind kind, const Payload& data, Outputs& outputs) {
  if (!is_open()) return;
  if (transport() == Transport::websocket) return send_frame(type, kind, data, outputs);
  queued_bytes_ += data.size() + sizeof(Queued);
  queue_.push_back({type, kind, std::string{data.view()}});
  if (queued_bytes_ > options_.buffered_bytes_max) end(CloseReason::transport_error, outputs);
}

bool Session::wants_flush() const {
  const auto* polling = std::get_if<Polling>(&transport_);
  return polling && polling->held && !queue_.empty();
}

void Session::flush(Outputs& outputs) {
  if (!wants_flush()) return;
  auto& held = std::get<Polling>(transport_).held;
  outputs.push(Respond{held->request, take_queue(std::move(held->fields))});
  held.reset();
}

HttpResponse Session::take_queue(std::vector<HttpField> fields) {
  std::vector<Packet> packets;
  packets.reserve(queue_.size());
  for (const auto& [type, kind, data] : queue_) packets.push_back({type, kind, data});
  auto response = payload_response(dialect_, packets, std::move(fields));
  queue_ = {};
  queued_bytes_ = 0;
  return response;
}

void Session::send_frame(PacketType type, MessageKind kind, const Payload& data, Outputs& outputs) {
  auto frame = encode_frame(dialect_, type, kind, data, outputs.arena);
  outputs.push(
      SendFrame{std::get<OnWebSocket>(transport_).socket, frame.kind, std::move(frame.payload)});
}

void Session::send_control(PacketType type, Outputs& outputs) {
  send(type, MessageKind::text, Payload{outputs.arena, 0}, outputs);
}

void Session::close(Time now, Outputs& outputs) {
  if (!is_open()) return;
  const auto* polling = std::get_if<Polling>(&transport_);
  if (!polling || polling->held) return end(CloseReason::forced_close, outputs);
  drop_probe(outputs);
  state_ = Lingering{now + linger};
  outputs.push(Closed{id_, CloseReason::forced_close});
}

void Session::advance(Time now, Outputs& outputs) {
  advance_heartbeat(now, outputs);
  if (!probe_) return;
  if (now >= probe_->deadline) return drop_probe(outputs);
  if (probe_->noop_at && now >= *probe_->noop_at) release_held_poll(now, outputs);
}

std::optional<Time> Session::wake_at() const {
  auto wake =
      std::visit(Match{
                     [](const Resting& s) -> std::optional<Time> { return s.ping_at; },
                     [](const AwaitingPong& s) -> std::optional<Time> { return s.deadline; },
                     [](const AwaitingPing& s) -> std::optional<Time> { return s.deadline; },
                     [](const Lingering& s) -> std::optional<Time> { return s.until; },
                     [](const Ended&) -> std::optional<Time> { return std::nullopt; },
                 },
                 state_);
  if (!wake || !probe_) return wake;
  return std::min({*wake, probe_->deadline, probe_->noop_at.value_or(probe_->deadline)});
}

bool Session::is_open() const { return !std::holds_alternative<Lingering>(state_) && !has_ended(); }

void Session::receive(const Packet& packet, Time now, Outputs& outputs) {
  note_sign_of_life(packet.type, now);
  switch (packet.type) {
    case PacketType::message:
      return outputs.push(Received{id_, packet.kind, packet.data});
    case PacketType::close:
      return end(CloseReason::transport_close, outputs);
    case PacketType::ping:
      return receive_ping(now, outputs);
    case PacketType::pong:
      return receive_pong(now, outputs);
    case PacketType::open:
    case PacketType::upgrade:
    case PacketType::noop:
      return;
  }
}

// Who pings is the difference between the revisions; the other side must not.
void Session::receive_ping(Time now, Outputs& outputs) {
  if (revision() == Revision::v4) return end(CloseReason::transport_error, outputs);
  state_ = AwaitingPing{now + options_.ping_interval + options_.ping_timeout};
  send_control(PacketType::pong, outputs);
}

// One that nobody asked for counts too: after an upgrade it may be the one that got lost.
void Session::receive_pong(Time now, Outputs& outputs) {
  if (revision() == Revision::v3) return end(CloseReason::transport_error, outputs);
  state_ = Resting{now + options_.ping_interval};
}

void Session::note_sign_of_life(PacketType type, Time now) {
  auto* awaiting = std::get_if<AwaitingPong>(&state_);
  if (!awaiting || awaiting->extended || type == PacketType::pong) return;
  *awaiting = {.deadline = now + options_.ping_timeout, .extended = true};
}

PayloadFormat Session::format_of(const HttpRequest& post) const {
  if (revision() == Revision::v4) return PayloadFormat::separated;
  return is_octet_stream(post) ? PayloadFormat::counted_in_bytes : PayloadFormat::counted;
}

void Session::receive_on_probe(std::string_view packet, Time now, Outputs& outputs) {
  if (packet == "2probe") {
    outputs.push(SendFrame{probe_->socket, MessageKind::text, Payload{outputs.arena, "3probe"}});
    release_held_poll(now, outputs);
  } else if (packet == "5") {
    complete_upgrade(now, outputs);
  } else {
    drop_probe(outputs);
  }
}

void Session::complete_upgrade(Time now, Outputs& outputs) {
  const auto probe = *std::exchange(probe_, std::nullopt);
  // The client no longer reads what a poll brings, so nothing that matters may go with it.
  if (auto held = std::exchange(std::get<Polling>(transport_).held, std::nullopt)) {
    const Packet noop{.type = PacketType::noop};
    outputs.push(
        Respond{held->request, payload_response(dialect_, {&noop, 1}, std::move(held->fields))});
  }
  transport_ = OnWebSocket{probe.socket};
  dialect_.bytes = probe.bytes;
  for (const auto& [type, kind, data] : std::exchange(queue_, {}))
    send_frame(type, kind, Payload{outputs.arena, data}, outputs);
  queued_bytes_ = 0;
  // A pong may have been lost on the way; the next ping finds out.
  if (std::holds_alternative<AwaitingPong>(state_)) state_ = Resting{now + options_.ping_interval};
}

// Engine.IO 4, "Upgrade": the client cannot go on before its poll has returned, and it may have
// sent another one meanwhile; hence again and again.
void Session::release_held_poll(Time now, Outputs& outputs) {
  probe_->noop_at = now + noop_interval;
  if (!std::get<Polling>(transport_).held) return;
  if (queue_.empty()) queue_.push_back({PacketType::noop, MessageKind::text, {}});
  flush(outputs);
}

void Session::drop_probe(Outputs& outputs) {
  if (const auto probe = std::exchange(probe_, std::nullopt))
    outputs.push(CloseWebSocket{probe->socket});
}

void Session::advance_heartbeat(Time now, Outputs& outputs) {
  if (const auto* resting = std::get_if<Resting>(&state_); resting && now >= resting->ping_at) {
    state_ = AwaitingPong{.deadline = now + options_.ping_timeout, .extended = false};
    send_control(PacketType::ping, outputs);
    flush(outputs);
  } else if (const auto* awaiting = std::get_if<AwaitingPong>(&state_);
             awaiting && now >= awaiting->deadline) {
    end(CloseReason::ping_timeout, outputs);
  } else if (const auto* silent = std::get_if<AwaitingPing>(&state_);
             silent && now >= silent->deadline) {
    end(CloseReason::ping_timeout, outputs);
  } else if (const auto* lingering = std::get_if<Lingering>(&state_);
             lingering && now >= lingering->until) {
    state_ = Ended{};
  }
}

void Session::end(CloseReason reason, Outputs& outputs) {
  drop_probe(outputs);
  if (const auto* on = std::get_if<OnWebSocket>(&transport_)) {
    outputs.push(CloseWebSocket{on->socket});
  } else {
    // A client that closes by itself needs its poll back, not to be told.
    const bool is_told = reason != CloseReason::transport_close;
    queue_.push_back({is_told ? PacketType::close : PacketType::noop, MessageKind::text, {}});
    flush(outputs);
  }
  queue_ = {};
  state_ = Ended{};
  outputs.push(Closed{id_, reason});
}

}  // namespace parley::engineio
