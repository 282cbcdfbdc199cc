#include <parley/socketio/namespace.hpp>

#include "recovery.hpp"

namespace parley::socketio {

namespace {

flow::task<Result<void, ConnectError>> at_once(Result<void, ConnectError> verdict) {
  co_return verdict;
}

}  // namespace

Namespace::Namespace(Server& server, std::string name) : server_{server}, name_{std::move(name)} {}

Namespace::~Namespace() = default;

void Namespace::use(Middleware middleware) {
  handlers_->middlewares.emplace_back(
      [middleware = std::move(middleware)](Socket socket) { return at_once(middleware(socket)); });
}

void Namespace::use(AsyncMiddleware middleware) {
  handlers_->middlewares.push_back(std::move(middleware));
}

Listener Namespace::on_connection(ConnectionHandler handler) {
  return handlers_->connection.add(std::move(handler));
}

Listener Namespace::add_handler(std::string_view event, EventHandler handler) {
  return handlers_->events[std::string{event}].add(std::move(handler));
}

Listener Namespace::on_any(EventHandler handler) { return handlers_->any.add(std::move(handler)); }

Listener Namespace::add_once(std::string_view event, EventHandler handler) {
  return detail::add_once(handlers_->events[std::string{event}], std::move(handler));
}

Listener Namespace::on_any_outgoing(OutgoingHandler handler) {
  return handlers_->any_outgoing.add(std::move(handler));
}

Listener Namespace::use_events(EventFilter filter) {
  return handlers_->filters.add(std::move(filter));
}

Listener Namespace::on_disconnecting(DisconnectHandler handler) {
  return handlers_->disconnecting.add(std::move(handler));
}

Listener Namespace::on_disconnect(DisconnectHandler handler) {
  return handlers_->disconnect.add(std::move(handler));
}

}  // namespace parley::socketio
