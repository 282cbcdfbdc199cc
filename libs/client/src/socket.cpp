#include <parley/client/socket.hpp>

#include "hub.hpp"

#include <utility>

namespace parley::client {

namespace {

using detail::Hub;
using Id = socketio::client::SocketId;

flow::Error gone() { return flow::Error{make_error_code(Errc::closed)}; }

flow::task<> connect_socket(std::shared_ptr<Hub> hub, Id id) {
  if (!hub) co_await flow::fail(gone());
  auto begin = [&hub, id](flow::Done<> done) { hub->connect(id, std::move(done)); };
  co_await flow::callback(hub->scheduler(), std::move(begin));
}

flow::task<Arguments> ask(std::shared_ptr<Hub> hub, Id id, Arguments arguments,
                          detail::Wishes wishes) {
  if (!hub) co_await flow::fail(gone());
  auto begin = [&](flow::Done<Arguments> done) {
    hub->ask(id, std::move(arguments), wishes, std::move(done));
  };
  co_return co_await flow::callback<Arguments>(hub->scheduler(), std::move(begin));
}

// Empty if the Client is gone.
std::shared_ptr<Hub> live(const std::weak_ptr<Hub>& weak) {
  auto hub = weak.lock();
  return hub && !hub->is_stopped() ? hub : nullptr;
}

}  // namespace

flow::Result<> Emitter::emit(Arguments arguments) const {
  const auto hub = live(hub_);
  if (!hub) return std::unexpected{gone()};
  return hub->emit(id_, std::move(arguments), {limit_, is_volatile_});
}

flow::task<Arguments> Emitter::emit_with_ack(Arguments arguments) const {
  return ask(live(hub_), id_, std::move(arguments), detail::Wishes{limit_, is_volatile_});
}

Emitter Emitter::timeout(Duration limit) const {
  auto emitter = *this;
  emitter.limit_ = limit;
  return emitter;
}

Emitter Emitter::volatile_() const {
  auto emitter = *this;
  emitter.is_volatile_ = true;
  return emitter;
}

flow::task<> Socket::connect() const { return connect_socket(live(hub_), id_); }

void Socket::open() const {
  if (const auto hub = live(hub_)) hub->open(id_);
}

void Socket::disconnect() const {
  if (const auto hub = live(hub_)) hub->disconnect(id_);
}

void Socket::auth(std::string json) const {
  if (const auto hub = live(hub_)) hub->show(id_, std::move(json));
}

bool Socket::connected() const {
  const auto hub = live(hub_);
  return hub && hub->state(id_).is_connected();
}

bool Socket::recovered() const {
  const auto hub = live(hub_);
  return hub && hub->state(id_).has_recovered();
}

std::string Socket::id() const {
  const auto hub = live(hub_);
  return hub ? hub->state(id_).sid() : std::string{};
}

Subscription Socket::on(std::string_view event, EventHandler handler) const {
  const auto hub = live(hub_);
  if (!hub) return {};
  return hub->listeners(id_).events[std::string{event}].add(std::move(handler));
}

Subscription Socket::on_any(EventHandler handler) const {
  const auto hub = live(hub_);
  return hub ? hub->listeners(id_).any.add(std::move(handler)) : Subscription{};
}

Subscription Socket::on_connect(std::function<void()> handler) const {
  const auto hub = live(hub_);
  return hub ? hub->listeners(id_).connect.add(std::move(handler)) : Subscription{};
}

Subscription Socket::on_connect_error(std::function<void(const ConnectError&)> handler) const {
  const auto hub = live(hub_);
  return hub ? hub->listeners(id_).connect_error.add(std::move(handler)) : Subscription{};
}

Subscription Socket::on_disconnect(std::function<void(const Disconnected&)> handler) const {
  const auto hub = live(hub_);
  return hub ? hub->listeners(id_).disconnect.add(std::move(handler)) : Subscription{};
}

void Ack::answer(const Arguments& arguments) {
  const auto to = to_.take();
  if (!to) return;
  if (const auto hub = live(to->hub)) hub->acknowledge(to->socket, to->ticket, arguments);
}

}  // namespace parley::client
