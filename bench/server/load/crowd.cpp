#include "crowd.hpp"

#include <parley/base/ids.hpp>
#include <parley/websocket/frame.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace parley::bench {

namespace {

using Stage = Client::Stage;

constexpr std::size_t buffer_bytes = 64 * 1024;
// A power of two from one to the next would have all compete for the same lines of the cache.
constexpr std::size_t buffer_stride = buffer_bytes + 4096 + 5 * 64;
constexpr std::size_t events_max = 512;
constexpr websocket::MaskKey mask{'\x37', '\x21', '\x5a', '\x6c'};
// The example of RFC 6455, section 1.3.
constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

std::string text_frame(std::string_view text) {
  return websocket::encode_frame(websocket::Opcode::text, text, mask);
}

std::string request_for(const Target& target, const std::string& query) {
  return "GET " + target.path + "?EIO=4&" + query +
         " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(target.port) + "\r\n";
}

/// `sid` is of a session that began by polling, as `&sid=...`.
std::string upgrade_request(const Target& target, const std::string& sid = {}) {
  return request_for(target, "transport=websocket" + sid) +
         "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
         "\r\nSec-WebSocket-Key: " +
         std::string{key} + "\r\n\r\n";
}

sockaddr_in loopback(std::uint16_t port, unsigned nth = 0) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + nth);
  return address;
}

/// The port is chosen when it connects, and need only be free for that address.
void come_from(const Descriptor& socket, unsigned nth) {
  const int on = 1;
  const auto address = loopback(0, nth);
  const auto* from = reinterpret_cast<const sockaddr*>(&address);
  if (setsockopt(socket.number(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0 ||
      bind(socket.number(), from, sizeof address) != 0)
    fail_with_errno("cannot come from another address");
}

std::size_t big_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

Crowd::Crowd(Target target, Watcher& watcher)
    : target_{std::move(target)},
      watcher_{watcher},
      tls_{target_.by_tls ? Tls::make_context() : nullptr},
      epoll_{epoll_create1(EPOLL_CLOEXEC)},
      events_(events_max),
      buffers_(together_max * buffer_stride),
      poll_request_{request_for(target_, "transport=polling") + "\r\n"},
      request_{upgrade_request(target_)},
      probe_{text_frame("2probe")},
      upgrade_{text_frame("5")},
      join_{text_frame("40" + target_.name_space + ",")},
      leave_{text_frame("41" + target_.name_space + ",") +
             websocket::encode_frame(websocket::Opcode::close, "\x03\xe8", mask)},
      pong_{text_frame("3")},
      joined_{"0" + target_.name_space + ",{\"sid\":"} {
  if (epoll_.number() < 0) fail_with_errno("epoll");
}

Client& Crowd::add() { return clients_.emplace_back(clients_.size()); }

void Crowd::connect(Client& client) {
  client.socket = tcp_socket();
  client.stage = Stage::connecting;
  client.input.clear();
  client.output.clear();
  client.awaits_output = false;
  if (target_.sources > 1)
    come_from(client.socket, static_cast<unsigned>(client.index % target_.sources));
  const auto address = loopback(target_.port);
  const auto* to = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(client.socket.number(), to, sizeof address) != 0 && errno != EINPROGRESS)
    fail_with_errno("cannot connect");
  watch(client, EPOLLOUT, EPOLL_CTL_ADD);
}

void Crowd::join(Client& client) { send(client, join_); }

void Crowd::leave(Client& client) {
  send(client, leave_);
  client.stage = Stage::closing;
}

void Crowd::reset(Client& client) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  if (setsockopt(client.socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) != 0)
    fail_with_errno("SO_LINGER");
  client.tls.reset();
  client.socket.close();
  client.stage = Stage::away;
}

void Crowd::send(Client& client, std::string_view frame) {
  client.output += frame;
  if (client.is_flushing) return;
  client.is_flushing = true;
  flushing_.push_back(&client);
}

void Crowd::turn(std::chrono::nanoseconds wait) {
  // What was sent from outside a turn goes out before we wait.
  flush_all();
  const timespec time{.tv_sec = wait.count() / 1'000'000'000,
                      .tv_nsec = wait.count() % 1'000'000'000};
  const int count =
      epoll_pwait2(epoll_.number(), events_.data(), static_cast<int>(events_max), &time, nullptr);
  if (count < 0 && errno != EINTR) fail_with_errno("epoll_pwait2");
  for (int i = 0; i < count; ++i) {
    const auto& event = events_[static_cast<std::size_t>(i)];
    handle(*static_cast<Client*>(event.data.ptr), event.events);
    if (readers_.size() == together_max) read_all();
  }
  read_all();
}

void Crowd::handle(Client& client, std::uint32_t events) {
  if (client.stage == Stage::connecting) return connected(client);
  if ((events & EPOLLOUT) != 0) flush(client);
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) readers_.push_back(&client);
}

void Crowd::connected(Client& client) {
  int fault = 0;
  socklen_t size = sizeof fault;
  getsockopt(client.socket.number(), SOL_SOCKET, SO_ERROR, &fault, &size);
  if (fault != 0) refuse(client, std::string{"cannot connect: "} + std::strerror(fault));
  client.stage = client.begins_polling ? Stage::polling : Stage::upgrading;
  if (tls_) client.tls.emplace(tls_, client.socket.number());
  watch(client, EPOLLIN, EPOLL_CTL_MOD);
  send(client, client.begins_polling ? poll_request_ : request_);
}

// What comes of it goes out before others are read, so that the server has something to do.
void Crowd::read_all() {
  transfers_.clear();
  for (auto* client : readers_) {
    auto* const buffer = buffers_.data() + transfers_.size() * buffer_stride;
    const auto kept = client->input.copy(buffer, buffer_bytes);
    transfers_.push_back(
        {.socket = client->socket.number(), .bytes = {buffer + kept, buffer_bytes - kept}});
  }
  receive_all();
  for (std::size_t i = 0; i < readers_.size(); ++i) read(*readers_[i], transfers_[i]);
  readers_.clear();
  flush_all();
}

void Crowd::read(Client& client, const net::Transfer& transfer) {
  if (transfer.result == -EAGAIN) {
    // While TLS agrees, to read is what lets us send.
    if (client.tls && !client.output.empty()) send(client, {});
    return;
  }
  if (transfer.result <= 0) return ended(client);

  const auto kept = client.input.size();
  std::string_view input{transfer.bytes.data() - kept,
                         kept + static_cast<std::size_t>(transfer.result)};
  while (!input.empty()) {
    const auto used = client.stage == Stage::polling     ? take_polled(client, input)
                      : client.stage == Stage::upgrading ? take_response(client, input)
                                                         : take_frame(client, input);
    if (used == 0) break;
    input.remove_prefix(used);
  }
  if (input.size() == buffer_bytes) refuse(client, "a frame is larger than the buffer");
  client.input = input;
}

/// How many bytes of `input` the response to the first poll takes, 0 if it is not complete.
std::size_t Crowd::take_polled(Client& client, std::string_view input) {
  const auto end = input.find("\r\n\r\n");
  if (end == input.npos) return 0;
  const auto head = input.substr(0, end + 2);
  constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = head.find(name);
  if (!head.starts_with("HTTP/1.1 200 ") || at == head.npos)
    refuse(client, "no session by polling: " + std::string{head});
  std::size_t size = 0;
  std::from_chars(head.data() + at + name.size(), head.data() + head.size(), size);
  const auto body = input.substr(end + 4);
  if (body.size() < size) return 0;

  constexpr std::string_view before_sid = "\"sid\":\"";
  const auto sid = body.find(before_sid);
  if (!body.starts_with('0') || sid == body.npos)
    refuse(client, "not an open packet: " + std::string{body});
  const auto rest = body.substr(sid + before_sid.size());
  client.stage = Stage::upgrading;
  send(client, upgrade_request(target_, "&sid=" + std::string{rest.substr(0, rest.find('"'))}));
  return end + 4 + size;
}

/// The same for the response to the upgrade.
std::size_t Crowd::take_response(Client& client, std::string_view input) {
  const auto end = input.find("\r\n\r\n");
  if (end == input.npos) return 0;
  const auto head = input.substr(0, end + 2);
  if (!head.starts_with("HTTP/1.1 101 ") || !head.contains(accept))
    refuse(client, "no WebSocket: " + std::string{head});
  client.stage = client.begins_polling ? Stage::probing : Stage::open;
  if (client.begins_polling) send(client, probe_);
  return end + 4;
}

/// The same for a frame.
std::size_t Crowd::take_frame(Client& client, std::string_view input) {
  if (input.size() < 2) return 0;
  const auto first = static_cast<unsigned char>(input[0]);
  const auto second = static_cast<unsigned char>(input[1]);
  if ((first & 0xf0) != 0x80 || (second & 0x80) != 0) refuse(client, "a frame that we cannot read");
  const std::size_t extended = second < 126 ? 0 : second == 126 ? 2 : 8;
  if (input.size() < 2 + extended) return 0;
  const auto size = extended == 0 ? second : big_endian(input.substr(2, extended));
  const auto header = 2 + extended;
  if (input.size() - header < size) return 0;

  const auto payload = input.substr(header, size);
  if (first == 0x81) {
    take_message(client, payload);
  } else if (first != 0x88) {
    refuse(client, "a frame that nobody asked for");
  } else if (client.stage != Stage::closing) {
    refuse(client, "the server closed");
  }
  return header + size;
}

void Crowd::take_message(Client& client, std::string_view text) {
  if (text.empty()) refuse(client, "an empty message");
  if (client.stage == Stage::probing) return take_probe(client, text);
  switch (text.front()) {
    case '0':
      return take_open(client, text.substr(1));
    case '2':
      ping_lateness_ = std::max(ping_lateness_, Clock::now() - client.ping_due);
      client.ping_due = Clock::now() + ping_interval_;
      ++pings_;
      return send(client, pong_);
    case '4':
      return take_packet(client, text.substr(1));
    default:
      refuse(client, "not a packet of Engine.IO: " + std::string{text});
  }
}

void Crowd::take_open(Client& client, std::string_view json) {
  constexpr std::string_view name = "\"pingInterval\":";
  const auto at = json.find(name);
  if (at == json.npos) refuse(client, "not an open packet: " + std::string{json});
  constexpr std::string_view before_sid = "\"sid\":\"";
  if (const auto sid = json.find(before_sid); sid != json.npos)
    client.shard = shard_of(json.substr(sid + before_sid.size(), 20));
  int interval = 0;
  std::from_chars(json.data() + at + name.size(), json.data() + json.size(), interval);
  ping_interval_ = std::chrono::milliseconds{interval};
  client.ping_due = Clock::now() + ping_interval_;
  watcher_.opened(client);
}

void Crowd::take_probe(Client& client, std::string_view text) {
  if (text != "3probe") refuse(client, "no answer to the probe: " + std::string{text});
  client.stage = Stage::open;
  send(client, upgrade_);
  watcher_.opened(client);
}

void Crowd::take_packet(Client& client, std::string_view packet) {
  if (client.stage == Stage::closing) return;  // sent before the server knew
  if (!packet.starts_with(joined_)) {
    if (!packet.starts_with('2')) refuse(client, "no event: " + std::string{packet});
    return watcher_.received(client, packet);
  }
  client.stage = Stage::joined;
  watcher_.joined(client);
}

void Crowd::ended(Client& client) {
  if (client.stage != Stage::closing) refuse(client, "the server went away");
  client.stage = Stage::away;
  client.tls.reset();
  client.socket.close();
  watcher_.left(client);
}

void Crowd::receive_all() {
  if (!tls_) return ring_.receive(transfers_);
  for (std::size_t i = 0; i < readers_.size(); ++i)
    transfers_[i].result = readers_[i]->tls->receive(transfers_[i].bytes);
}

/// Of those who flush.
void Crowd::send_all() {
  if (!tls_) return ring_.send(transfers_);
  for (std::size_t i = 0; i < flushing_.size(); ++i)
    transfers_[i].result = flushing_[i]->tls->send(transfers_[i].bytes);
}

void Crowd::flush_all() {
  transfers_.clear();
  for (auto* client : flushing_) {
    client->is_flushing = false;
    if (client->stage != Stage::away)
      transfers_.push_back({.socket = client->socket.number(), .bytes = client->output});
  }
  std::erase_if(flushing_, [](const auto* client) { return client->stage == Stage::away; });
  send_all();
  for (std::size_t i = 0; i < flushing_.size(); ++i) sent(*flushing_[i], transfers_[i].result);
  flushing_.clear();
}

void Crowd::flush(Client& client) {
  if (!client.output.empty()) send(client, {});
}

void Crowd::sent(Client& client, ssize_t result) {
  if (result < 0 && result != -EAGAIN)
    refuse(client, std::string{"cannot send: "} + strerror(static_cast<int>(-result)));
  client.output.erase(0, result < 0 ? 0 : static_cast<std::size_t>(result));
  const bool waits = !client.output.empty() && !(client.tls && client.tls->awaits_input());
  if (waits == client.awaits_output) return;
  client.awaits_output = waits;
  watch(client, waits ? EPOLLIN | EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
}

void Crowd::watch(Client& client, std::uint32_t events, int operation) {
  epoll_event event{.events = events, .data = {.ptr = &client}};
  if (epoll_ctl(epoll_.number(), operation, client.socket.number(), &event) != 0)
    fail_with_errno("epoll_ctl");
}

void Crowd::refuse(const Client& client, const std::string& why) const {
  fail("client " + std::to_string(client.index) + ": " + why);
}

}  // namespace parley::bench
