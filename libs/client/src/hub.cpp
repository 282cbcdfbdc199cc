#include "hub.hpp"

#include <parley/base/check.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>

namespace parley::client::detail {

namespace sio = socketio::client;

namespace {

sio::DisconnectReason reason_of(engineio::CloseReason reason) {
  switch (reason) {
    case engineio::CloseReason::ping_timeout:
      return sio::DisconnectReason::ping_timeout;
    case engineio::CloseReason::transport_close:
    case engineio::CloseReason::forced_close:
      return sio::DisconnectReason::transport_close;
    case engineio::CloseReason::transport_error:
    case engineio::CloseReason::parse_error:
      return sio::DisconnectReason::transport_error;
  }
  return sio::DisconnectReason::transport_error;
}

Errc code_of(sio::EmitFault fault) {
  switch (fault) {
    case sio::EmitFault::too_many_attachments:
      return Errc::too_many_attachments;
    case sio::EmitFault::buffer_full:
      return Errc::buffer_full;
    case sio::EmitFault::reserved_event:
      return Errc::reserved_event;
  }
  std::unreachable();
}

flow::Error error_of(sio::EmitFault fault) { return flow::Error{make_error_code(code_of(fault))}; }

bool is_one_line(const HttpField& field) {
  return (field.name + field.value).find_first_of("\r\n") == std::string::npos;
}

}  // namespace

Hub::Hub(Scheduler& scheduler, Url url, Options options)
    : scheduler_{scheduler},
      environment_{.executor = scheduler.executor(),
                   .url = std::move(url),
                   .extra_headers = std::move(options.extra_headers),
                   .limits = {.header_bytes_max = options.response_header_bytes_max,
                              .body_bytes_max = options.message_bytes_max},
                   .entropy = chance_},
      engineio_options_{std::move(options.engineio)},
      manager_{options.socketio, chance_},
      timer_{scheduler.executor()} {
  PARLEY_CHECK(std::ranges::all_of(environment_.extra_headers, is_one_line));
  for (const auto& entry : environment_.url.query) engineio_options_.query.push_back(entry);
}

void Hub::stop() {
  stopped_ = true;
  timer_.cancel();
  lines_.clear();
  retired_ = std::exchange(listeners_, {});
  const flow::Error gone{make_error_code(Errc::closed)};
  for (const auto& [id, waiting] : connecting_)
    for (const auto& done : waiting) done.fail(gone);
  for (const auto& [id, done] : asked_) done.fail(gone);
  for (const auto& done : closing_) done();
  connecting_.clear();
  asked_.clear();
  closing_.clear();
}

Hub::SocketId Hub::socket(std::string_view name) {
  const auto id = manager_.socket(name);
  if (std::ranges::find(sockets_, id) == sockets_.end()) sockets_.push_back(id);
  return id;
}

void Hub::open(SocketId id) {
  manager_.connect(id, now());
  want_turn();
}

void Hub::disconnect(SocketId id) {
  manager_.disconnect(id);
  fail_connects(id, flow::Error{make_error_code(Errc::disconnected)});
  want_turn();
}

flow::Result<> Hub::emit(SocketId id, Arguments arguments, const Wishes& wishes) {
  want_turn();
  if (wishes.is_volatile) {
    const auto is_free =
        std::ranges::any_of(lines_, [](const auto& entry) { return entry.second->is_free(); });
    const auto line = is_free ? sio::Line::free : sio::Line::busy;
    const auto sent = manager_.emit_volatile(id, arguments, line);
    if (!sent) return std::unexpected{error_of(sent.error())};
    return {};
  }
  const auto sent = manager_.emit(id, std::move(arguments), {}, now());
  if (!sent) return std::unexpected{error_of(sent.error())};
  return {};
}

void Hub::ask(SocketId id, Arguments arguments, const Wishes& wishes, flow::Done<Arguments> done) {
  want_turn();
  const auto sent = manager_.emit(id, std::move(arguments),
                                  {.wants_ack = true, .ack_limit = wishes.limit}, now());
  if (!sent) return done.fail(error_of(sent.error()));
  asked_.emplace(std::pair{id, **sent}, std::move(done));
}

void Hub::acknowledge(SocketId id, sio::AckTicket ticket, const Arguments& arguments) {
  manager_.acknowledge(id, ticket, arguments);
  want_turn();
}

void Hub::connect(SocketId id, flow::Done<> done) {
  if (manager_.state(id).is_connected()) return done();
  connecting_[id].push_back(std::move(done));
  open(id);
}

void Hub::close(flow::Done<> done) {
  for (const auto id : sockets_) disconnect(id);
  closing_.push_back(std::move(done));
}

void Hub::want_turn() {
  if (stopped_ || std::exchange(turn_wanted_, true)) return;
  asio::post(environment_.executor, [self = shared_from_this()] { self->take_turn(); });
}

// Somebody was told what they waited for, and goes on from the scheduler. What came after it on the
// wire waits behind them.
void Hub::give_way() {
  if (std::exchange(gives_way_, true)) return;
  asio::post(environment_.executor, [self = shared_from_this()] {
    self->gives_way_ = false;
    self->take_turn();
  });
}

void Hub::take_turn() {
  turn_wanted_ = false;
  if (stopped_ || gives_way_) return;
  const auto time = now();
  manager_.advance(time);
  for (const auto& [id, line] : lines_) line->session().advance(time);
  drain();
  if (stopped_) return;
  for (const auto& [id, line] : lines_) line->flush();
  if (gives_way_) return;
  end_lines();
  set_alarm();
}

// A line's outputs make the core speak and the other way round, until nobody has anything to say.
void Hub::drain() {
  for (bool is_quiet = false; !is_quiet;) {
    is_quiet = true;
    while (auto output = manager_.poll()) {
      is_quiet = false;
      std::visit([this](auto& said) { handle(said); }, *output);
      if (stopped_ || gives_way_) return;
    }
    for (const auto& [id, line] : lines_) is_quiet = !drain(id, *line) && is_quiet;
  }
}

// Whether there was anything.
bool Hub::drain(ConnectionId connection, Line& line) {
  bool has_spoken = false;
  while (const auto output = line.session().poll()) {
    has_spoken = true;
    std::visit([&](const auto& said) { handle(connection, said); }, *output);
  }
  return has_spoken;
}

void Hub::end_lines() {
  for (const auto id : std::exchange(ended_, {})) lines_.erase(id);
  if (!lines_.empty()) return;
  for (const auto& done : std::exchange(closing_, {})) done();
}

void Hub::set_alarm() {
  const auto wake = wake_at();
  if (wake == alarm_) return;
  alarm_ = wake;
  timer_.cancel();
  if (!wake) return;
  timer_.expires_at(steady(*wake));
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (error) return;
    self->alarm_.reset();
    self->take_turn();
  });
}

std::optional<Time> Hub::wake_at() const {
  auto wake = manager_.wake_at();
  for (const auto& [id, line] : lines_) {
    const auto other = line->session().wake_at();
    if (other && (!wake || *other < *wake)) wake = other;
  }
  return wake;
}

void Hub::handle(const sio::OpenConnection& output) {
  auto line = std::make_unique<Line>(environment_, engineio_options_, [self = weak_from_this()] {
    if (const auto hub = self.lock()) hub->want_turn();
  });
  line->session().open();
  lines_.emplace(output.connection, std::move(line));
}

void Hub::handle(const sio::CloseConnection& output) {
  const auto line = lines_.find(output.connection);
  if (line != lines_.end()) line->second->session().close(now());
}

void Hub::handle(sio::Send& output) {
  const auto line = lines_.find(output.connection);
  if (line != lines_.end()) line->second->session().send(output.kind, std::move(output.data));
}

void Hub::handle(const sio::Connected& output) {
  if (const auto waiting = connecting_.extract(output.socket)) {
    for (const auto& done : waiting.mapped()) done();
    give_way();
  }
  listeners_[output.socket].connect.call();
}

void Hub::handle(const ConnectError& output) {
  if (!output.will_retry)
    fail_connects(output.socket, flow::Error{make_error_code(Errc::connect_error), output.message});
  listeners_[output.socket].connect_error.call(output);
}

void Hub::handle(const Disconnected& output) { listeners_[output.socket].disconnect.call(output); }

void Hub::handle(const sio::Received& output) {
  Ack ack;
  if (output.ticket) ack = Ack{weak_from_this(), output.socket, *output.ticket};
  Event event{output.event, output.arguments, std::move(ack)};
  listeners_[output.socket].any.call(event);
  if (stopped_) return;
  auto& events = listeners_[output.socket].events;
  if (const auto listeners = events.find(output.event); listeners != events.end())
    listeners->second.call(event);
}

void Hub::handle(sio::Acknowledged& output) {
  const auto asked = asked_.extract({output.socket, output.ack});
  if (!asked) return;
  const auto& done = asked.mapped();
  if (output.answer) {
    done(*std::move(output.answer));
  } else if (output.answer.error() == sio::AckFault::timed_out) {
    done.fail(flow::Errc::timed_out);
  } else {
    done.fail(Errc::disconnected);
  }
  give_way();
}

void Hub::handle(const sio::ReconnectAttempt& output) { reconnect_attempt.call(output.attempt); }

void Hub::handle(const sio::Reconnected& output) { reconnect.call(output.attempts); }

void Hub::handle(const sio::ReconnectFailed&) { reconnect_failed.call(); }

void Hub::handle(ConnectionId id, const engineio::client::Opened&) { manager_.opened(id, now()); }

void Hub::handle(ConnectionId id, const engineio::client::Received& output) {
  manager_.received(id, output.kind, output.data, now());
}

void Hub::handle(ConnectionId id, const engineio::client::Closed& output) {
  ended_.push_back(id);
  manager_.closed(id, reason_of(output.reason), output.description, now());
}

void Hub::fail_connects(SocketId id, const flow::Error& why) {
  if (const auto waiting = connecting_.extract(id))
    for (const auto& done : waiting.mapped()) done.fail(why);
}

}  // namespace parley::client::detail
