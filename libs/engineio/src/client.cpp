#include "client_handshake.hpp"

#include <parley/base/check.hpp>
#include <parley/base/result.hpp>
#include <parley/engineio/client.hpp>

#include <algorithm>
#include <span>

namespace parley::engineio::client {

namespace {

constexpr std::size_t shown_body_max = 200;

std::string bad_status(unsigned status, std::string_view body) {
  auto text = "HTTP status " + std::to_string(status);
  if (!body.empty()) text.append(": ").append(body.substr(0, shown_body_max));
  return text;
}

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// RFC 3986, section 2.1. A server's sid goes through here too: it must not end our request line.
void append_encoded(std::string& target, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c)) {
      target += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      target.append({'%', digits[byte >> 4U], digits[byte & 15U]});
    }
  }
}

std::size_t size_in_payload(MessageKind kind, std::size_t size) {
  return 1 + (kind == MessageKind::text ? size : (size + 2) / 3 * 4);
}

SendFrame frame(WebSocketId socket, PacketType type, MessageKind kind, std::string data) {
  if (kind == MessageKind::text) data.insert(data.begin(), static_cast<char>(type));
  return {socket, kind, std::move(data)};
}

}  // namespace

Session::Session(Options options) : options_{std::move(options)} {
  PARLEY_CHECK(!options_.transports.empty());
}

void Session::open() {
  PARLEY_CHECK(is<Idle>());
  begin(0);
}

void Session::begin(std::size_t transport) {
  state_ = Opening{transport};
  if (options_.transports[transport] == Transport::polling) {
    const RequestId get{next_id_++};
    transport_ = Polling{.get = get, .post = {}};
    push(Get{get, target(Transport::polling)});
  } else {
    const WebSocketId socket{next_id_++};
    transport_ = OnWebSocket{socket};
    push(OpenWebSocket{socket, target(Transport::websocket)});
  }
}

void Session::responded(RequestId id, unsigned status, std::string_view body, Time now) {
  auto* polling = std::get_if<Polling>(&transport_);
  if (!polling) return;
  if (polling->get == id) {
    polling->get.reset();
    receive_poll(status, body, now);
  } else if (polling->post == id) {
    polling->post.reset();
    if (status != 200) return fail(CloseReason::transport_error, bad_status(status, body));
    flush();
    if (is<Closing>() && !std::get<Polling>(transport_).post) return end(CloseReason::forced_close);
    go_on();
  }
}

void Session::request_failed(RequestId id, std::string_view why, Time) {
  auto* polling = std::get_if<Polling>(&transport_);
  if (!polling || (polling->get != id && polling->post != id)) return;
  const bool is_get = polling->get == id;
  (is_get ? polling->get : polling->post).reset();
  // The held poll of a session that says goodbye may end in any way.
  if (is<Closing>() && is_get) return;
  fail(CloseReason::transport_error, std::string{why});
}

void Session::receive_poll(unsigned status, std::string_view body, Time now) {
  if (!has_begun()) return;
  if (status != 200) return fail(CloseReason::transport_error, bad_status(status, body));
  Arena arena;
  PayloadReader reader{body, arena};
  while (const auto packet = reader.next()) {
    if (!*packet) return fail(CloseReason::transport_error, "bad packet");
    receive(**packet, now);
    if (!is<Open>()) return;
  }
  go_on();
}

// Whatever a session on polling has to do next.
void Session::go_on() {
  auto* polling = std::get_if<Polling>(&transport_);
  if (!is<Open>() || !polling) return;
  if (is_switching()) {
    if (!polling->get && !polling->post) complete_upgrade();
    return;
  }
  flush();
  if (polling->get) return;
  polling->get = RequestId{next_id_++};
  push(Get{*polling->get, target(Transport::polling)});
}

void Session::websocket_opened(WebSocketId id) {
  if (!probe_ || probe_->socket != id) return;
  probe_->stage = Probe::Stage::probing;
  push(SendFrame{id, MessageKind::text, "2probe"});
}

void Session::websocket_received(WebSocketId id, MessageKind kind, std::string_view payload,
                                 Time now) {
  if (probe_ && probe_->socket == id)
    return receive_on_probe(kind == MessageKind::text ? payload : "");
  const auto* on = std::get_if<OnWebSocket>(&transport_);
  if (!on || on->socket != id || !has_begun()) return;
  Arena arena;
  const auto packet = decode_frame(kind, payload, arena);
  if (!packet) return fail(CloseReason::transport_error, "bad packet");
  receive(*packet, now);
}

void Session::receive_on_probe(std::string_view packet) {
  if (probe_->stage == Probe::Stage::probing && packet == "3probe") {
    probe_->stage = Probe::Stage::switching;
  } else {
    drop_probe();
  }
  go_on();
}

void Session::websocket_closed(WebSocketId id, CloseReason reason, std::string_view why, Time) {
  if (probe_ && probe_->socket == id) {
    // The server has not heard our `5`, so polling goes on where it was.
    probe_.reset();
    go_on();
  } else if (const auto* on = std::get_if<OnWebSocket>(&transport_); on && on->socket == id) {
    transport_ = Polling{};  // so that end() has no connection left to close
    if (has_begun()) fail(reason, std::string{why});
  }
}

void Session::complete_upgrade() {
  const auto socket = std::exchange(probe_, std::nullopt)->socket;
  transport_ = OnWebSocket{socket};
  push(frame(socket, PacketType::upgrade, MessageKind::text, {}));
  push(Upgraded{});
  flush();
}

void Session::drop_probe() {
  if (const auto probe = std::exchange(probe_, std::nullopt)) push(CloseWebSocket{probe->socket});
}

void Session::receive(const Packet& packet, Time now) {
  if (is<Opening>() && packet.type != PacketType::open)
    return fail(CloseReason::transport_error, "no handshake");
  switch (packet.type) {
    case PacketType::open:
      if (is<Opening>()) receive_open(packet.data, now);
      return;
    case PacketType::close:
      return end(CloseReason::transport_close, "closed by the server");
    case PacketType::ping:
      state_ = Open{now + silence_max_};
      return queue(PacketType::pong);
    case PacketType::message:
      return push(Received{packet.kind, std::string{packet.data}});
    case PacketType::pong:
    case PacketType::upgrade:
    case PacketType::noop:
      return;
  }
}

void Session::receive_open(std::string_view json, Time now) {
  const auto handshake = parse_handshake(json);
  if (!handshake) return fail(CloseReason::transport_error, "bad handshake");
  const bool polls = std::holds_alternative<Polling>(transport_);
  sid_ = handshake->sid;
  silence_max_ = handshake->ping_interval + handshake->ping_timeout;
  max_payload_ = handshake->max_payload;
  state_ = Open{now + silence_max_};
  push(Opened{sid_, polls ? Transport::polling : Transport::websocket});
  const auto& wanted = options_.transports;
  if (polls && options_.upgrade && handshake->offers_websocket &&
      std::ranges::find(wanted, Transport::websocket) != wanted.end()) {
    probe_ = Probe{WebSocketId{next_id_++}, Probe::Stage::connecting};
    push(OpenWebSocket{probe_->socket, target(Transport::websocket)});
  }
}

void Session::send(MessageKind kind, std::string data) {
  if (is<Open>()) queue(PacketType::message, kind, std::move(data));
}

void Session::queue(PacketType type, MessageKind kind, std::string data) {
  queue_.push_back({type, kind, std::move(data)});
  flush();
}

void Session::flush() {
  if (queue_.empty()) return;
  if (const auto* on = std::get_if<OnWebSocket>(&transport_)) {
    for (auto& packet : std::exchange(queue_, {}))
      push(frame(on->socket, packet.type, packet.kind, std::move(packet.data)));
  } else if (!std::get<Polling>(transport_).post && !is_switching()) {
    post();
  }
}

void Session::post() {
  const auto count = fitting();
  const RequestId id{next_id_++};
  std::get<Polling>(transport_).post = id;
  std::vector<Packet> packets;
  packets.reserve(count);
  for (const auto& outgoing : std::span{queue_}.first(count))
    packets.push_back({outgoing.type, outgoing.kind, outgoing.data});
  push(Post{id, target(Transport::polling), encode_payload(packets)});
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
}

// How many packets one POST may carry. One packet always goes, whether it is too large or not: the
// server is to say so. A close goes by itself: the field's server would close before it has looked
// at what came with it.
std::size_t Session::fitting() const {
  std::size_t bytes = 0;
  for (std::size_t count = 0; count < queue_.size(); ++count) {
    const auto& packet = queue_[count];
    bytes += size_in_payload(packet.kind, packet.data.size()) + (count > 0 ? 1 : 0);
    const bool is_too_much = max_payload_ > 0 && bytes > max_payload_;
    if (count > 0 && (is_too_much || packet.type == PacketType::close)) return count;
  }
  return queue_.size();
}

bool Session::writable() const {
  if (!is<Open>()) return false;
  const auto* polling = std::get_if<Polling>(&transport_);
  return !polling || (!polling->post && !is_switching());
}

void Session::close(Time now) {
  if (is<Closing>() || is<Ended>()) return;
  if (!is<Open>() || std::holds_alternative<OnWebSocket>(transport_))
    return end(CloseReason::forced_close);
  drop_probe();
  state_ = Closing{now + options_.close_timeout};
  queue(PacketType::close);
}

void Session::advance(Time now) {
  if (const auto* open = std::get_if<Open>(&state_); open && now >= open->silent_until) {
    end(CloseReason::ping_timeout, "no ping came");
  } else if (const auto* closing = std::get_if<Closing>(&state_);
             closing && now >= closing->until) {
    end(CloseReason::forced_close);
  }
}

std::optional<Time> Session::wake_at() const {
  if (const auto* open = std::get_if<Open>(&state_)) return open->silent_until;
  if (const auto* closing = std::get_if<Closing>(&state_)) return closing->until;
  return std::nullopt;
}

// What only ends the session if there is no other transport to try.
void Session::fail(CloseReason reason, std::string description) {
  const auto* opening = std::get_if<Opening>(&state_);
  if (opening && options_.try_all_transports &&
      opening->transport + 1 < options_.transports.size()) {
    release_transport();
    return begin(opening->transport + 1);
  }
  // Whoever says goodbye to a server that does not listen has said it.
  if (is<Closing>()) return end(CloseReason::forced_close);
  end(reason, std::move(description));
}

void Session::end(CloseReason reason, std::string description) {
  drop_probe();
  release_transport();
  queue_ = {};
  state_ = Ended{};
  push(Closed{reason, std::move(description)});
}

void Session::release_transport() {
  if (const auto* on = std::get_if<OnWebSocket>(&transport_)) {
    push(CloseWebSocket{on->socket});
  } else {
    const auto& polling = std::get<Polling>(transport_);
    if (polling.get) push(Abort{*polling.get});
    if (polling.post) push(Abort{*polling.post});
  }
  transport_ = Polling{};
}

std::string Session::target(Transport transport) const {
  auto text = options_.path + "?EIO=4&transport=";
  text += transport == Transport::polling ? "polling" : "websocket";
  if (!sid_.empty()) append_encoded(text += "&sid=", sid_);
  for (const auto& [key, value] : options_.query) {
    append_encoded(text += '&', key);
    append_encoded(text += '=', value);
  }
  return text;
}

}  // namespace parley::engineio::client
