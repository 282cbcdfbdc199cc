#include <parley/engineio/session.hpp>

#include "replies.hpp"

#include <parley/base/check.hpp>
#include <parley/base/result.hpp>
#include <parley/engineio/compress.hpp>

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
    : id_{id}, options_{options}, state_{Resting{now + options.ping_interval}}, dialect_{dialect} {
  if (socket) transport_ = OnWebSocket{*socket};
  if (dialect.revision == Revision::v3)
    state_ = AwaitingPing{now + options.ping_interval + options.ping_timeout};
}

Transport Session::transport() const {
  return std::holds_alternative<Polling>(transport_) ? Transport::polling : Transport::websocket;
}

void Session::receive_poll(Exchange exchange, Outputs& outputs) {
  auto& held = std::get<Polling>(transport_).held;
  if (held) {
    end(CloseReason::transport_error, outputs);
    outputs.push(Respond{exchange.request, empty_response(400, std::move(exchange.fields))});
    return;
  }
  held = std::make_unique<Exchange>(std::move(exchange));
  if (std::holds_alternative<Lingering>(state_)) {
    queue(PacketType::close, MessageKind::text, {}, {});
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
  const auto deadline = now + options_.upgrade_timeout;
  probe_ = std::make_unique<Probe>(Probe{socket, bytes, deadline, {}});
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

void Session::websocket_is_behind(WebSocketId socket, bool is_behind) {
  const auto* on = std::get_if<OnWebSocket>(&transport_);
  if (on && on->socket == socket) is_behind_ = is_behind;
}

void Session::send(PacketType type, MessageKind kind, const Payload& data, Outputs& outputs,
                   SendFlags flags) {
  if (!is_open()) return;
  if (!flags.is_part) dropped_ = flags.is_volatile && !is_writable();
  if (dropped_) return;
  if (transport() == Transport::websocket) return send_frame(type, kind, data, outputs, flags);
  queue(type, kind, data.view(), flags);
  if (queue_->bytes > options_.buffered_bytes_max)
    end(CloseReason::transport_error, outputs, "buffered_bytes_max is reached");
}

bool Session::wants_flush() const {
  const auto* polling = std::get_if<Polling>(&transport_);
  return polling && polling->held && queue_;
}

void Session::flush(Outputs& outputs) {
  if (!wants_flush()) return;
  const auto held = std::exchange(std::get<Polling>(transport_).held, nullptr);
  outputs.push(Respond{held->request, take_queue(*held)});
}

HttpResponse Session::take_queue(Exchange& exchange) {
  const auto taken = std::exchange(queue_, nullptr);
  std::vector<Packet> packets;
  packets.reserve(taken->packets.size());
  for (const auto& [type, kind, compress, data] : taken->packets)
    packets.push_back({type, kind, data});
  auto response = payload_response(dialect_, packets, std::move(exchange.fields));
  const auto& compression = options_.http_compression;
  if (compression && response.body.size() >= compression->threshold &&
      std::ranges::count(taken->packets, true, &Queued::compress) > 0)
    compress(response, exchange.coding);
  return response;
}

void Session::queue(PacketType type, MessageKind kind, std::string_view data, SendFlags flags) {
  if (!queue_) queue_ = std::make_unique<Queue>();
  queue_->bytes += data.size() + sizeof(Queued);
  queue_->packets.push_back({type, kind, flags.compress, std::string{data}});
}

void Session::send_frame(PacketType type, MessageKind kind, const Payload& data, Outputs& outputs,
                         SendFlags flags) {
  const auto frame = encode_frame(dialect_, type, kind, data, outputs.arena);
  const bool compress = flags.compress && options_.per_message_deflate &&
                        data.size() >= options_.per_message_deflate->threshold;
  outputs.push(
      SendFrame{std::get<OnWebSocket>(transport_).socket, frame.kind, frame.payload, compress});
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
  const auto wake = state_ends_at();
  if (!wake || !probe_) return wake;
  return std::min({*wake, probe_->deadline, probe_->noop_at.value_or(probe_->deadline)});
}

std::optional<Time> Session::state_ends_at() const {
  return std::visit(Match{
                        [](const Resting& s) -> std::optional<Time> { return s.ping_at; },
                        [](const AwaitingPong& s) -> std::optional<Time> { return s.deadline; },
                        [](const AwaitingPing& s) -> std::optional<Time> { return s.deadline; },
                        [](const Lingering& s) -> std::optional<Time> { return s.until; },
                        [](const Ended&) -> std::optional<Time> { return std::nullopt; },
                    },
                    state_);
}

bool Session::is_open() const { return !std::holds_alternative<Lingering>(state_) && !has_ended(); }

// What is sent now would go out now.
bool Session::is_writable() const {
  const auto* polling = std::get_if<Polling>(&transport_);
  return polling ? polling->held && !queue_ : !is_behind_;
}

bool Session::is_too_busy(Time now) {
  if (!options_.packets_per_second_max) return false;
  const auto second = static_cast<std::uint32_t>(
      std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count());
  if (std::exchange(second_, second) != second) packets_ = 0;
  return ++packets_ > *options_.packets_per_second_max;
}

void Session::receive(const Packet& packet, Time now, Outputs& outputs) {
  if (is_too_busy(now))
    return end(CloseReason::transport_error, outputs, "packets_per_second_max is reached");
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
  const auto probe = std::exchange(probe_, nullptr);
  // The client no longer reads what a poll brings, so nothing that matters may go with it.
  if (const auto held = std::exchange(std::get<Polling>(transport_).held, nullptr)) {
    const Packet noop{.type = PacketType::noop};
    outputs.push(
        Respond{held->request, payload_response(dialect_, {&noop, 1}, std::move(held->fields))});
  }
  transport_ = OnWebSocket{probe->socket};
  dialect_.bytes = probe->bytes;
  if (const auto waiting = std::exchange(queue_, nullptr)) {
    for (const auto& [type, kind, compress, data] : waiting->packets)
      send_frame(type, kind, Payload{outputs.arena, data}, outputs, {.compress = compress});
  }
  // A pong may have been lost on the way; the next ping finds out.
  if (std::holds_alternative<AwaitingPong>(state_)) state_ = Resting{now + options_.ping_interval};
}

// Engine.IO 4, "Upgrade": the client cannot go on before its poll has returned, and it may have
// sent another one meanwhile; hence again and again.
void Session::release_held_poll(Time now, Outputs& outputs) {
  probe_->noop_at = now + noop_interval;
  if (!std::get<Polling>(transport_).held) return;
  if (!queue_) queue(PacketType::noop, MessageKind::text, {}, {});
  flush(outputs);
}

void Session::drop_probe(Outputs& outputs) {
  if (const auto probe = std::exchange(probe_, nullptr))
    outputs.push(CloseWebSocket{probe->socket});
}

void Session::advance_heartbeat(Time now, Outputs& outputs) {
  const auto end_of_state = state_ends_at();
  if (!end_of_state || now < *end_of_state) return;
  if (std::holds_alternative<Resting>(state_)) {
    state_ = AwaitingPong{.deadline = now + options_.ping_timeout, .extended = false};
    send_control(PacketType::ping, outputs);
    flush(outputs);
  } else if (std::holds_alternative<Lingering>(state_)) {
    state_ = Ended{};
  } else {
    end(CloseReason::ping_timeout, outputs);
  }
}

void Session::end(CloseReason reason, Outputs& outputs, std::string_view detail) {
  drop_probe(outputs);
  if (const auto* on = std::get_if<OnWebSocket>(&transport_)) {
    outputs.push(CloseWebSocket{on->socket});
  } else {
    // A client that closes by itself needs its poll back, not to be told.
    const bool is_told = reason != CloseReason::transport_close;
    queue(is_told ? PacketType::close : PacketType::noop, MessageKind::text, {}, {});
    flush(outputs);
  }
  queue_.reset();
  state_ = Ended{};
  outputs.push(Closed{id_, reason, detail});
}

}  // namespace parley::engineio
