#include "hub.hpp"

#include <parley/client/client.hpp>

#include <utility>

namespace parley::client {

namespace {

flow::task<> close_all(std::shared_ptr<detail::Hub> hub) {
  auto begin = [&hub](flow::Done<> done) { hub->close(std::move(done)); };
  co_await flow::callback(hub->scheduler(), std::move(begin));
}

}  // namespace

Client::Client(Scheduler& scheduler, Url url, Options options)
    : hub_{std::make_shared<detail::Hub>(scheduler, std::move(url), std::move(options))} {}

Client::~Client() { hub_->stop(); }

Socket Client::socket() const { return socket(hub_->url().name_space); }

Socket Client::socket(std::string_view name_space) const {
  return {hub_, hub_->socket(name_space)};
}

flow::task<> Client::close() const { return close_all(hub_); }

Subscription Client::on_reconnect_attempt(std::function<void(std::size_t)> handler) {
  return hub_->reconnect_attempt.add(std::move(handler));
}

Subscription Client::on_reconnect(std::function<void(std::size_t)> handler) {
  return hub_->reconnect.add(std::move(handler));
}

Subscription Client::on_reconnect_failed(std::function<void()> handler) {
  return hub_->reconnect_failed.add(std::move(handler));
}

}  // namespace parley::client
