#include <parley/base/check.hpp>
#include <parley/socketio/client.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

namespace parley::socketio::client {

namespace {

// The same each time or not at all: at least 0, below 1.
double fraction(Entropy& entropy) {
  std::array<std::byte, sizeof(std::uint64_t)> bytes{};
  entropy.fill(bytes);
  constexpr int digits = 53;  // of a double
  return std::ldexp(static_cast<double>(std::bit_cast<std::uint64_t>(bytes) >> (64 - digits)),
                    -digits);
}

void take_earlier(std::optional<Time>& earliest, std::optional<Time> other) {
  if (other && (!earliest || *other < *earliest)) earliest = other;
}

}  // namespace

std::string_view text(DisconnectReason reason) {
  switch (reason) {
    case DisconnectReason::io_server_disconnect:
      return "io server disconnect";
    case DisconnectReason::io_client_disconnect:
      return "io client disconnect";
    case DisconnectReason::ping_timeout:
      return "ping timeout";
    case DisconnectReason::transport_close:
      return "transport close";
    case DisconnectReason::transport_error:
      return "transport error";
    case DisconnectReason::parse_error:
      return "parse error";
  }
  return "";
}

SocketId Manager::socket(std::string_view name) {
  const auto known = std::ranges::find(sockets_, name, &Socket::name);
  const SocketId id{static_cast<std::uint64_t>(known - sockets_.begin())};
  if (known == sockets_.end()) sockets_.emplace_back(id, std::string{name}, options_);
  return id;
}

void Manager::connect(SocketId socket, Time now) {
  at(socket).activate();
  if (std::holds_alternative<Idle>(state_)) return open(now);
  if (const auto* open = std::get_if<Open>(&state_))
    at(socket).connection_opened(open->connection, outputs_);
}

void Manager::disconnect(SocketId socket) {
  at(socket).leave(outputs_);
  close_if_unwanted();
}

Result<std::optional<AckId>, EmitFault> Manager::emit(SocketId socket, Arguments arguments,
                                                      EmitOptions wishes, Time now) {
  return at(socket).emit(std::move(arguments), wishes, now, outputs_);
}

Result<void, EmitFault> Manager::emit_volatile(SocketId socket, const Arguments& arguments,
                                               Line line) {
  return at(socket).emit_volatile(arguments, line, outputs_);
}

void Manager::acknowledge(SocketId socket, AckTicket ticket, const Arguments& arguments) {
  at(socket).acknowledge(ticket, arguments, outputs_);
}

void Manager::opened(ConnectionId connection, Time) {
  const auto* opening = std::get_if<Opening>(&state_);
  if (!opening || opening->connection != connection) return;
  state_ = Open{connection};
  decoder_ = {};
  if (const auto attempts = std::exchange(attempts_, 0); attempts > 0)
    outputs_.push(Reconnected{attempts});
  for (auto& socket : sockets_)
    if (socket.is_active()) socket.connection_opened(connection, outputs_);
}

void Manager::received(ConnectionId connection, MessageKind kind, std::string_view data, Time now) {
  const auto* open = std::get_if<Open>(&state_);
  if (!open || open->connection != connection) return;
  const auto fail = [&](std::string_view why) {
    outputs_.push(CloseConnection{connection});
    lose(DisconnectReason::parse_error, std::string{why}, now);
  };
  const auto packet = decoder_.receive(kind, data,
                                       {.max_attachments = options_.max_attachments,
                                        .max_attachment_bytes = options_.max_attachment_bytes,
                                        .sender = Sender::server,
                                        .parser = options_.parser});
  if (!packet) return fail(text(packet.error()));
  if (!*packet) return;
  const auto socket = std::ranges::find(sockets_, (*packet)->name_space, &Socket::name);
  if (socket == sockets_.end()) return;
  if (!socket->receive(**packet, now, outputs_)) return fail("too many events before the connect");
  close_if_unwanted();
}

void Manager::closed(ConnectionId connection, DisconnectReason reason,
                     const std::string& description, Time now) {
  if (this->connection() == connection) lose(reason, description, now);
}

void Manager::advance(Time now) {
  if (const auto* opening = std::get_if<Opening>(&state_); opening && now >= opening->until) {
    outputs_.push(CloseConnection{opening->connection});
    lose(DisconnectReason::transport_error, "timeout", now);
  } else if (const auto* waiting = std::get_if<Waiting>(&state_);
             waiting && now >= waiting->until) {
    outputs_.push(ReconnectAttempt{attempts_});
    open(now);
  }
  for (auto& socket : sockets_) socket.advance(now, outputs_);
}

std::optional<Time> Manager::wake_at() const {
  std::optional<Time> wake;
  if (const auto* opening = std::get_if<Opening>(&state_)) wake = opening->until;
  if (const auto* waiting = std::get_if<Waiting>(&state_)) wake = waiting->until;
  for (const auto& socket : sockets_) take_earlier(wake, socket.wake_at());
  return wake;
}

bool Manager::is_wanted() const { return std::ranges::any_of(sockets_, &Socket::is_active); }

std::optional<ConnectionId> Manager::connection() const {
  if (const auto* opening = std::get_if<Opening>(&state_)) return opening->connection;
  if (const auto* open = std::get_if<Open>(&state_)) return open->connection;
  return std::nullopt;
}

void Manager::open(Time now) {
  const ConnectionId connection{next_connection_++};
  state_ = Opening{connection, now + options_.timeout};
  outputs_.push(OpenConnection{connection});
}

void Manager::close_if_unwanted() {
  if (is_wanted()) return;
  if (const auto open = connection()) outputs_.push(CloseConnection{*open});
  state_ = Idle{};
  attempts_ = 0;
  // Nobody is connected who could be told, but one may have been asking.
  for (auto& socket : sockets_)
    socket.connection_lost(DisconnectReason::io_client_disconnect, {}, false, outputs_);
}

void Manager::lose(DisconnectReason reason, const std::string& description, Time now) {
  state_ = Idle{};
  const bool comes_back = will_retry();
  for (auto& socket : sockets_) socket.connection_lost(reason, description, comes_back, outputs_);
  if (is_wanted()) retry(now);
}

bool Manager::will_retry() const {
  return options_.reconnection &&
         (!options_.reconnection_attempts || attempts_ < *options_.reconnection_attempts);
}

void Manager::retry(Time now) {
  if (will_retry()) {
    const auto delay = next_delay();
    ++attempts_;
    state_ = Waiting{now + delay};
  } else if (options_.reconnection) {
    attempts_ = 0;
    outputs_.push(ReconnectFailed{});
  }
}

Duration Manager::next_delay() {
  constexpr std::size_t doublings_max = 60;
  const auto base = std::ldexp(static_cast<double>(options_.reconnection_delay.count()),
                               static_cast<int>(std::min(attempts_, doublings_max)));
  const auto delay = base * (1 + options_.randomization_factor * (2 * fraction(entropy_) - 1));
  const auto longest = static_cast<double>(options_.reconnection_delay_max.count());
  return Duration{static_cast<Duration::rep>(std::clamp(delay, 0.0, longest))};
}

}  // namespace parley::socketio::client
