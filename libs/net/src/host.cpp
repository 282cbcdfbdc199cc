#include "host.hpp"

#include "clock.hpp"

#include <parley/base/check.hpp>

#include <utility>

namespace parley::net {

Server::Host::Host(House& house, std::size_t shard, node::Node& node)
    : house_{house},
      shard_{shard},
      node_{node},
      pages_{house.pages},
      limits_{house.limits},
      log_{house.log},
      outbox_{house.limits.transfers_max},
      now_{now()} {
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
  prepare_together();
  open_doors();
  turn();
  while (!finished_) {
    deliver();
    const auto events = poller_.wait(time_to_wait());
    now_ = now();
    handle_all(events);
    serve_ready();
    const auto wake = wake_at();
    if (wake && *wake <= now_) tick();
  }
  deliver();
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
    while (signals_->take()) signalled();
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

void Server::Host::carry(const node::Publish& output) {
  const auto tell = [&](Host& host) {
    host.inbox_.put([&host, from = socketio::NodeId{shard_}, message = output.message] {
      host.node_.heard(from, *message, host.now_);
    });
  };
  if (output.to) {
    const auto shard = std::to_underlying(*output.to);
    PARLEY_CHECK(shard < house_.hosts.size());
    return tell(*house_.hosts[shard]);
  }
  for (const auto& host : house_.hosts) {
    if (host.get() != this) tell(*host);
  }
}

void Server::Host::reap() {
  for (const auto id : gone_) connections_.erase(id);
  gone_.clear();
  if (stop_at_ && connections_.size() == 0) finished_ = true;
}

// A second signal is from somebody who does not want to wait.
void Server::Host::signalled() {
  if (!stop_at_) return begin_stop();
  for (const auto& host : house_.hosts) host->inbox_.put([&host] { host->finished_ = true; });
}

// The others are told by the first, behind all those whom it has sent to them.
void Server::Host::begin_stop() {
  if (stop_at_) return;
  stop_at_ = now_ + limits_.stop_time;
  if (this == &house_.acceptor()) {
    for (const auto& host : house_.hosts) host->stop();
  }
  close_doors();
  doors_.clear();
  node_.shut_down(now_);
  turn();
  connections_.for_each([this](Connection& connection) {
    const auto* http = connection.http();
    if (http && http->stage != HttpStage::answering) drop(connection);
  });
}

}  // namespace parley::net
