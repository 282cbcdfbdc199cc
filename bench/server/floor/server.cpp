#include "server.hpp"

#include "handshake.hpp"

#include <netinet/in.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace parley::bench {

namespace {

using Stage = Connection::Stage;

constexpr std::size_t buffer_bytes = 64 * 1024;
constexpr std::size_t events_max = 256;
constexpr std::size_t backlog_max = 16 * 1024 * 1024;
constexpr std::size_t request_max = 16 * 1024;
constexpr int queue_max = 4096;
constexpr std::string_view no_status;
constexpr std::string_view protocol_error = "\x03\xea";
constexpr std::string_view too_big = "\x03\xf1";

}  // namespace

void BufferedEntropy::fill(std::span<std::byte> bytes) {
  if (buffer_.size() < bytes.size()) {
    buffer_.resize(256 * bytes.size());
    if (getrandom(buffer_.data(), buffer_.size(), 0) != static_cast<ssize_t>(buffer_.size()))
      fail_with_errno("getrandom");
  }
  std::ranges::copy(std::span{buffer_}.last(bytes.size()), bytes.begin());
  buffer_.resize(buffer_.size() - bytes.size());
}

Server::Server(Relaying relaying)
    : relaying_{relaying},
      listener_{tcp_socket()},
      epoll_{epoll_create1(EPOLL_CLOEXEC)},
      events_(events_max),
      buffer_(buffer_bytes),
      upgrading_{std::chrono::seconds{10}},
      resting_{std::chrono::seconds{25}},
      awaiting_pong_{std::chrono::seconds{20}},
      sids_{entropy_} {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_.number(), queue_max) != 0)
    fail_with_errno("cannot listen");
  epoll_event event{.events = EPOLLIN, .data = {.fd = listener_.number()}};
  if (epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, listener_.number(), &event) != 0)
    fail_with_errno("epoll_ctl");
}

std::uint16_t Server::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(listener_.number(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    fail_with_errno("no port");
  return ntohs(address.sin_port);
}

void Server::run() {
  for (;;) turn();
}

void Server::turn() {
  const auto next = std::min({upgrading_.next(), resting_.next(), awaiting_pong_.next()});
  int wait = -1;
  if (next != Clock::time_point::max()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
    wait = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
  }
  const int count = epoll_wait(epoll_.number(), events_.data(), static_cast<int>(events_max), wait);
  now_ = Clock::now();
  for (int i = 0; i < count; ++i) {
    const auto& event = events_[static_cast<std::size_t>(i)];
    handle(event.data.fd, event.events);
  }
  beat();
  for (const int descriptor : gone_) connections_[static_cast<std::size_t>(descriptor)].reset();
  gone_.clear();
}

void Server::handle(int descriptor, std::uint32_t events) {
  if (descriptor == listener_.number()) return accept_all();
  auto& connection = *connections_[static_cast<std::size_t>(descriptor)];
  if ((events & EPOLLOUT) != 0 && connection.stage != Stage::gone) flush(connection);
  if ((events & ~std::uint32_t{EPOLLOUT}) != 0 && connection.stage != Stage::gone) read(connection);
}

void Server::accept_all() {
  for (;;) {
    Descriptor socket{accept4(listener_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (socket.number() < 0) return;
    const auto place = static_cast<std::size_t>(socket.number());
    if (place >= connections_.size()) connections_.resize(place + 1);
    // Linux hands TCP_NODELAY down from the listener.
    connections_[place] = std::make_unique<Connection>(std::move(socket));
    auto& connection = *connections_[place];
    upgrading_.add(connection, now_);
    watch(connection, EPOLLIN, EPOLL_CTL_ADD);
  }
}

void Server::read(Connection& connection) {
  std::size_t kept = 0;
  if (connection.rest_of && !connection.rest_of->input.empty()) {
    auto& input = connection.rest_of->input;
    kept = input.size();
    if (buffer_.size() < kept + buffer_bytes) buffer_.resize(kept + buffer_bytes);
    input.copy(buffer_.data(), kept);
    input = {};
  }
  const auto count = recv(connection.socket.number(), buffer_.data() + kept, buffer_bytes, 0);
  if (count == 0 || (count < 0 && errno != EAGAIN)) return drop(connection);
  std::span input{buffer_.data(), kept + (count < 0 ? 0 : static_cast<std::size_t>(count))};

  if (connection.stage == Stage::upgrading)
    input = input.subspan(take_request(connection, {input.data(), input.size()}));
  if (connection.stage != Stage::upgrading) input = input.subspan(take_frames(connection, input));
  if (connection.stage == Stage::gone) return;
  if (!input.empty()) connection.rest().input.assign(input.data(), input.size());
  if (connection.rest_of && connection.rest_of->is_empty()) connection.rest_of.reset();
}

/// How many bytes of `input` the request takes, 0 if it is not complete.
std::size_t Server::take_request(Connection& connection, std::string_view input) {
  const auto end = input.find("\r\n\r\n");
  if (end == input.npos) {
    if (input.size() > request_max) drop(connection);
    return 0;
  }
  const auto head = input.substr(0, end + 4);
  auto [is_accepted, response] = shake_hands(head);
  if (is_accepted) {
    move_to(connection, Stage::resting);
    response += open_packet();
    send(connection, response);
  } else {
    send(connection, response);
    drop(connection);
  }
  return head.size();
}

/// How many bytes of `input` are frames that were complete.
std::size_t Server::take_frames(Connection& connection, std::span<char> input) {
  std::size_t taken = 0;
  while (connection.stage != Stage::gone) {
    const auto frame = bench::take_frame(input.subspan(taken));
    if (frame) {
      taken += frame->size;
      take_frame(connection, *frame);
    } else if (frame.error() == FrameFault::incomplete) {
      break;
    } else {
      close(connection, frame.error() == FrameFault::too_big ? too_big : protocol_error);
    }
  }
  send_relayed();
  return taken;
}

void Server::take_frame(Connection& connection, const Frame& frame) {
  const bool is_fragmented = connection.rest_of && !connection.rest_of->message.empty();
  switch (frame.opcode) {
    case 0:
      return is_fragmented ? take_fragment(connection, frame) : close(connection, protocol_error);
    case 1:
      if (is_fragmented) return close(connection, protocol_error);
      return frame.is_final ? receive(connection, frame.payload) : take_fragment(connection, frame);
    case 8:
      return close(connection,
                   frame.payload.empty() ? no_status : std::string_view{frame.payload.data(), 2});
    case 9: {
      const auto* begin = put_header(10, frame.payload);
      return send(connection, {begin, frame.payload.data() + frame.payload.size()});
    }
    case 10:
      return;
    default:  // binary: an attachment, and nobody announces one
      return close(connection, no_status);
  }
}

void Server::take_fragment(Connection& connection, const Frame& frame) {
  auto& message = connection.rest().message;
  if (message.empty()) message.assign(header_max, '\0');
  message.append(frame.payload.data(), frame.payload.size());
  if (message.size() > header_max + payload_max) return close(connection, too_big);
  if (!frame.is_final) return;
  auto whole = std::exchange(message, {});
  send_relayed();
  receive(connection, std::span{whole}.subspan(header_max));
  send_relayed();
}

void Server::send_relayed() {
  if (auto* to = std::exchange(relayed_to_, nullptr)) send(*to, {relayed_.data(), relayed_.size()});
}

void Server::send(Connection& connection, std::string_view bytes) {
  if (relayed_to_ == &connection) send_relayed();
  if (connection.stage == Stage::gone) return;
  const bool waits = connection.rest_of && !connection.rest_of->output.empty();
  ssize_t count = 0;
  if (!waits) count = ::send(connection.socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count == static_cast<ssize_t>(bytes.size())) return;
  if (count < 0 && errno != EAGAIN) return drop(connection);
  auto& output = connection.rest().output;
  output.append(bytes.substr(count < 0 ? 0 : static_cast<std::size_t>(count)));
  if (output.size() > backlog_max) return drop(connection);
  if (!waits) watch(connection, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
}

void Server::flush(Connection& connection) {
  if (!connection.rest_of) return;
  auto& output = connection.rest_of->output;
  const auto count = ::send(connection.socket.number(), output.data(), output.size(), MSG_NOSIGNAL);
  if (count < 0 && errno != EAGAIN) return drop(connection);
  output.erase(0, count < 0 ? 0 : static_cast<std::size_t>(count));
  if (!output.empty()) return;
  if (connection.rest_of->is_empty()) connection.rest_of.reset();
  watch(connection, EPOLLIN, EPOLL_CTL_MOD);
}

void Server::watch(Connection& connection, std::uint32_t events, int operation) {
  const int descriptor = connection.socket.number();
  epoll_event event{.events = events, .data = {.fd = descriptor}};
  if (epoll_ctl(epoll_.number(), operation, descriptor, &event) != 0) fail_with_errno("epoll_ctl");
}

void Server::close(Connection& connection, std::string_view status) {
  std::string frame{static_cast<char>(0x88), static_cast<char>(status.size())};
  frame += status;
  send(connection, frame);
  drop(connection);
}

void Server::drop(Connection& connection) {
  if (connection.stage == Stage::gone) return;
  waiting(connection.stage).remove(connection);
  connection.stage = Stage::gone;
  leave(connection, "/rtc");
  leave(connection, "/broadcast");
  // The descriptor is closed, and its number used again, only when nobody looks at it any more.
  gone_.push_back(connection.socket.number());
}

void Server::beat() {
  while (auto* connection = upgrading_.due(now_)) drop(*connection);
  while (auto* connection = awaiting_pong_.due(now_)) close(*connection, no_status);
  while (auto* connection = resting_.due(now_)) {
    move_to(*connection, Stage::awaiting_pong);
    say(*connection, "2");
  }
}

Waiting& Server::waiting(Stage stage) {
  if (stage == Stage::upgrading) return upgrading_;
  return stage == Stage::resting ? resting_ : awaiting_pong_;
}

void Server::move_to(Connection& connection, Stage stage) {
  waiting(connection.stage).remove(connection);
  connection.stage = stage;
  waiting(stage).add(connection, now_);
}

}  // namespace parley::bench
