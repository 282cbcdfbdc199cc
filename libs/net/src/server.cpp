#include "host.hpp"

namespace parley::net {

Server::Server(node::Node& node, Pages& pages, Limits limits, LogSink log)
    : host_{std::make_unique<Host>(node, pages, limits, std::move(log))} {}

Server::~Server() = default;

Result<std::uint16_t, ListenError> Server::listen(const std::string& address, std::uint16_t port) {
  return host_->listen(address, port);
}

Result<std::uint16_t, ListenError> Server::listen(const std::string& address, std::uint16_t port,
                                                  const TlsFiles& files) {
  return host_->listen(address, port, files);
}

void Server::stop_on(std::initializer_list<int> signals) { host_->stop_on(signals); }

void Server::run() { host_->run(); }

void Server::post(std::move_only_function<void()> action) { host_->post(std::move(action)); }

void Server::stop() { host_->stop(); }

}  // namespace parley::net
