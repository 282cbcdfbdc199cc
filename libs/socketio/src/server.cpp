#include "core.hpp"

#include <parley/base/check.hpp>

#include <utility>

namespace parley::socketio {

namespace {

class AckCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "parley.socketio.ack"; }
  std::string message(int code) const override {
    switch (static_cast<AckFault>(code)) {
      case AckFault::disconnected:
        return "the socket was disconnected before it answered";
      case AckFault::not_connected:
        return "the socket had left already";
      case AckFault::reserved_event:
        return "the name of the event is reserved";
      case AckFault::too_many_attachments:
        return "the event has too many attachments";
    }
    return "unknown fault";
  }
};

}  // namespace

std::error_code make_error_code(AckFault fault) noexcept {
  static const AckCategory category;
  return {static_cast<int>(fault), category};
}

Server::Server(Options options, Entropy& entropy, Arena& arena)
    : core_{std::make_unique<Core>(*this, std::move(options), entropy, arena)} {}

Server::~Server() = default;

Namespace& Server::of(std::string_view name) {
  PARLEY_CHECK(name.starts_with('/') && !name.contains(','));
  const auto found = core_->namespaces.find(name);
  if (found != core_->namespaces.end()) return *found->second;
  auto made = std::make_unique<Namespace>(*this, std::string{name});
  made->recovery_ = core_->make_recovery();
  auto& added = *core_->namespaces.emplace(std::string{name}, std::move(made)).first->second;
  core_->on_namespace.call(added);
  return added;
}

Namespace& Server::of(NameMatcher matches) {
  // No client can name it, because it does not begin with '/'.
  auto name = "#" + std::to_string(core_->parents.size());
  auto parent = std::make_unique<Namespace>(*this, std::move(name));
  return *core_->parents.emplace_back(std::move(matches), std::move(parent)).second;
}

void Server::each_namespace(const std::function<void(Namespace&)>& call) {
  for (const auto& [name, name_space] : core_->namespaces) call(*name_space);
}

Listener Server::on_namespace(std::function<void(Namespace&)> handler) {
  each_namespace(handler);
  return core_->on_namespace.add(std::move(handler));
}

Listener Server::on_upgrade(std::function<void(Socket)> handler) {
  return core_->on_upgrade.add(std::move(handler));
}

Server::Scheduler& Server::scheduler() { return core_->scheduler; }

void Server::spawn(flow::task<> flow, std::string what) {
  core_->spawn(std::move(flow), std::move(what));
}

void Server::report(std::string what) { core_->outputs.push(HandlerFailed{std::move(what)}); }

std::size_t Server::connection_count() const { return core_->connection_count(); }

std::size_t Server::polling_count() const { return core_->polling; }

const Traffic& Server::traffic() const { return core_->traffic; }

std::size_t Server::server_count() const {
  return core_->options.cluster ? core_->options.cluster->others.size() + 1 : 1;
}

void Server::opened(ConnectionId connection, const HttpRequest& handshake, Time now, Peer peer) {
  core_->scheduler.advance(now);
  core_->opened(connection, handshake, now, peer);
  core_->settle();
}

void Server::upgraded(ConnectionId connection, Time now) {
  core_->scheduler.advance(now);
  core_->upgraded(connection);
  core_->settle();
}

void Server::received(ConnectionId connection, MessageKind kind, std::string_view data, Time now) {
  core_->scheduler.advance(now);
  core_->received(connection, kind, data);
  core_->settle();
}

void Server::closed(ConnectionId connection, DisconnectReason reason, Time now) {
  core_->scheduler.advance(now);
  core_->closed(connection, reason);
  core_->settle();
}

void Server::heard(NodeId from, const ClusterMessage& message, Time now) {
  core_->scheduler.advance(now);
  core_->heard(from, message);
  core_->settle();
}

void Server::advance(Time now) {
  core_->scheduler.advance(now);
  core_->expire(now);
  core_->settle();
}

std::optional<Time> Server::wake_at() const { return core_->wake_at(); }

}  // namespace parley::socketio
