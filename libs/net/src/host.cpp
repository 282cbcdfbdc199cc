#include "host.hpp"

#include "clock.hpp"

#include <utility>

namespace parley::net {

namespace {

// After the process has run out of descriptors: soon enough for the next person, and no spinning.
constexpr Duration accept_again_after{1'000};

// Whom we let in before those who are in get their turn.
constexpr int let_in_max = 64;

// Tags of the poller: what is above them is the id of a connection, which are far above.
constexpr Poller::Tag inbox_tag{0};
constexpr Poller::Tag signal_tag{1};
constexpr std::uint64_t first_door_tag = 2;

}  // namespace

Server::Host::Host(node::Node& node, Pages& pages, Limits limits, LogSink log)
    : node_{node}, pages_{pages}, limits_{limits}, log_{std::move(log)}, now_{now()} {
  if (const auto error = poller_.watch(inbox_.descriptor(), inbox_tag))
    throw std::system_error{error, "epoll_ctl"};
}

Result<std::uint16_t, ListenError> Server::Host::listen(const std::string& address,
                                                        std::uint16_t port) {
  return add_doors(address, port, nullptr);
}

Result<std::uint16_t, ListenError> Server::Host::listen(const std::string& address,
                                                        std::uint16_t port, const TlsFiles& files) {
  auto context = TlsContext::load(files);
  if (!context) return std::unexpected{context.error()};
  tls_.push_back(*std::move(context));
  look_at_ = now() + limits_.tls_files_time;
  return add_doors(address, port, &tls_.back());
}

Result<std::uint16_t, ListenError> Server::Host::add_doors(const std::string& address,
                                                           std::uint16_t port, TlsContext* tls) {
  auto listener = open_listener(address, port);
  if (!listener) return std::unexpected{listener.error()};
  for (auto& door : listener->doors) doors_.push_back({std::move(door), tls});
  return listener->port;
}

void Server::Host::stop_on(std::initializer_list<int> signals) {
  signals_.emplace(signals);
  if (const auto error = poller_.watch(signals_->descriptor(), signal_tag))
    throw std::system_error{error, "epoll_ctl"};
}

void Server::Host::post(Inbox::Action action) {
  inbox_.put([this, action = std::move(action)]() mutable { node_.run(action, now_); });
}

void Server::Host::stop() {
  inbox_.put([this] { begin_stop(); });
}

void Server::Host::open_inbox() {
  for (auto& action : inbox_.take()) {
    action();
    turn();
  }
}

void Server::Host::run() {
  now_ = now();
  open_doors();
  turn();
  while (!finished_) {
    const auto events = poller_.wait(time_to_wait());
    now_ = now();
    for (const auto& event : events) handle(event);
    serve_ready();
    const auto wake = wake_at();
    if (wake && *wake <= now_) tick();
  }
}

std::optional<Duration> Server::Host::time_to_wait() const {
  if (!ready_.empty()) return Duration{0};
  const auto wake = wake_at();
  return wake ? std::optional{*wake - now_} : std::nullopt;
}

std::optional<Time> Server::Host::wake_at() const {
  std::optional<Time> soonest;
  for (const auto& time : {node_.wake_at(), deadlines_.soonest(), accept_at_, stop_at_, look_at_}) {
    if (time && (!soonest || *time < *soonest)) soonest = time;
  }
  return soonest;
}

void Server::Host::handle(const epoll_event& event) {
  const auto tag = tag_of(event);
  const auto number = std::to_underlying(tag);
  if (tag == inbox_tag) {
    open_inbox();
  } else if (tag == signal_tag) {
    while (signals_->take()) stop_at_ ? void(finished_ = true) : begin_stop();
  } else if (number - first_door_tag < doors_.size()) {
    let_in(doors_[static_cast<std::size_t>(number - first_door_tag)]);
  } else if (auto* connection = connections_.find(ConnectionId{number})) {
    happened(*connection, event);
  }
  turn();
}

// Each once: whoever is ready again waits for the others, and for what has come meanwhile.
void Server::Host::serve_ready() {
  const auto count = ready_.size();
  for (std::size_t at = 0; at < count; ++at) {
    if (auto* connection = connections_.find(ready_[at])) go_on(*connection);
    turn();
  }
  ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(count));
}

void Server::Host::tick() {
  node_.advance(now_);
  turn();
  while (const auto id = deadlines_.take_due(now_)) {
    if (auto* connection = connections_.find(*id)) overdue(*connection);
    turn();
  }
  if (accept_at_ && now_ >= *accept_at_) {
    accept_at_.reset();
    open_doors();
  }
  if (look_at_ && now_ >= *look_at_) look_at_files();
  if (stop_at_ && now_ >= *stop_at_) finished_ = true;
}

void Server::Host::turn() {
  for (;;) {
    while (const auto output = node_.poll()) {
      if (!std::holds_alternative<node::SendFrame>(*output)) flush_frames();
      std::visit([this](const auto& wanted) { carry(wanted); }, *output);
    }
    flush_frames();
    if (deflater_) deflater_->forget();
    if (farewells_.empty()) break;
    const auto whom = farewells_.front();
    farewells_.pop_front();
    std::visit([this](auto id) { tell(id); }, whom);
  }
  reap();
}

void Server::Host::reap() {
  for (const auto id : gone_) connections_.erase(id);
  gone_.clear();
  // Said again only after a real ebb, and not with every connection that comes and goes.
  if (connections_.size() < limits_.connections_max / 2) full_logged_ = false;
  if (connections_.size() < limits_.connections_max && !accept_at_) open_doors();
  if (stop_at_ && connections_.size() == 0) finished_ = true;
}

void Server::Host::begin_stop() {
  if (stop_at_) return;
  stop_at_ = now_ + limits_.stop_time;
  close_doors();
  doors_.clear();
  node_.shut_down(now_);
  turn();
  connections_.for_each([this](Connection& connection) {
    const auto* http = connection.http();
    if (http && http->stage != HttpStage::answering) drop(connection);
  });
}

void Server::Host::open_doors() {
  if (doors_open_ || stop_at_) return;
  doors_open_ = true;
  for (std::size_t door = 0; door < doors_.size(); ++door) {
    if (const auto error = poller_.watch(doors_[door].socket, Poller::Tag{first_door_tag + door}))
      return put_off(error);
  }
}

void Server::Host::close_doors() {
  doors_open_ = false;
  for (const auto& door : doors_) poller_.forget(door.socket);
}

// Somebody who cannot come in now waits in the kernel's queue.
void Server::Host::put_off(std::error_code error) {
  log_(node::LogLevel::warning, "Cannot accept connections for a moment: " + error.message());
  close_doors();
  accept_at_ = now_ + accept_again_after;
}

void Server::Host::let_in(const Door& door) {
  for (int count = 0; count < let_in_max && doors_open_; ++count) {
    auto accepted = accept_at(door.socket);
    if (accepted) {
      let_in(*std::move(accepted), door.tls);
    } else if (accepted.error() == std::errc::operation_would_block) {
      return;
    } else {
      return put_off(accepted.error());
    }
  }
}

void Server::Host::let_in(Accepted accepted, const TlsContext* tls) {
  auto& connection = connections_.add(std::move(accepted.socket), tls ? tls->stream() : nullptr);
  connection.phase = std::make_unique<HttpPhase>(std::move(accepted.address));
  const Poller::Tag tag{std::to_underlying(connection.id)};
  if (const auto error = poller_.watch_changes(connection.transport.descriptor(), tag)) {
    drop(connection);
    return put_off(error);
  }
  set_deadline(connection, tls ? Wait::handshake : Wait::request);
  if (connections_.size() < limits_.connections_max) return;
  if (!full_logged_)
    log_(node::LogLevel::warning, "The limit of connections is reached; further ones wait.");
  full_logged_ = true;
  close_doors();
}

}  // namespace parley::net
