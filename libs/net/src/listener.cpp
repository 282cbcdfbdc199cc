#include "listener.hpp"

#include <boost/asio/ip/v6_only.hpp>

#include <algorithm>
#include <utility>

namespace parley::net {

namespace {

// With port 0 the first address picks a port that another program may hold on the second address.
constexpr int picks_max = 16;

ListenError listen_error(const error_code& error) {
  if (error == asio::error::address_in_use) return {ListenFault::port_taken, error};
  if (error == asio::error::access_denied) return {ListenFault::not_permitted, error};
  return {ListenFault::failed, error};
}

// A name may stand for an address that this machine does not have: `localhost` without IPv6.
bool is_not_ours(const error_code& error) {
  return error == asio::error::address_family_not_supported ||
         error == boost::system::errc::address_not_available;
}

// RFC 6761, section 6.3: `localhost` is this machine, also where no file says so.
std::vector<asio::ip::tcp::endpoint> resolve(asio::io_context& io, const std::string& address,
                                             error_code& error) {
  if (address == "localhost")
    return {{asio::ip::address_v4::loopback(), 0}, {asio::ip::address_v6::loopback(), 0}};
  asio::ip::tcp::resolver resolver{io};
  std::vector<asio::ip::tcp::endpoint> endpoints;
  for (const auto& entry : resolver.resolve(address, "", asio::ip::resolver_base::passive, error)) {
    if (std::ranges::find(endpoints, entry.endpoint()) == endpoints.end())
      endpoints.push_back(entry.endpoint());
  }
  return endpoints;
}

}  // namespace

Listener::Listener(asio::io_context& io, Accepted accepted)
    : io_{io}, accepted_{std::move(accepted)} {}

Result<std::uint16_t, ListenError> Listener::listen(const std::string& address,
                                                    std::uint16_t port) {
  error_code error;
  const auto endpoints = resolve(io_, address, error);
  if (endpoints.empty()) return std::unexpected{ListenError{ListenFault::unknown_address, error}};

  error = open_all(endpoints, port);
  for (int pick = 1; error == asio::error::address_in_use && port == 0 && pick < picks_max; ++pick)
    error = open_all(endpoints, port);
  if (error) return std::unexpected{listen_error(error)};
  return doors_.front().acceptor.local_endpoint().port();
}

error_code Listener::open_all(const std::vector<Endpoint>& endpoints, std::uint16_t port) {
  doors_.clear();
  error_code not_ours;
  for (auto endpoint : endpoints) {
    endpoint.port(doors_.empty() ? port : doors_.front().acceptor.local_endpoint().port());
    const auto error = open(endpoint);
    if (is_not_ours(error)) {
      not_ours = error;
    } else if (error) {
      doors_.clear();
      return error;
    }
  }
  return doors_.empty() ? not_ours : error_code{};
}

error_code Listener::open(const Endpoint& endpoint) {
  Acceptor acceptor{io_};
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Acceptor::reuse_address{true}, error);
  // "::" is meant for both families; `localhost` names each of them by itself.
  if (!error && endpoint.address().is_v6())
    acceptor.set_option(asio::ip::v6_only{!endpoint.address().is_unspecified()}, error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(Acceptor::max_listen_connections, error);
  if (!error) doors_.push_back({std::move(acceptor)});
  return error;
}

void Listener::resume() {
  paused_ = false;
  for (std::size_t door = 0; door < doors_.size(); ++door) accept(door);
}

void Listener::pause() { paused_ = true; }

void Listener::close() {
  paused_ = true;
  for (auto& door : doors_) {
    error_code ignored;
    door.acceptor.close(ignored);
  }
}

void Listener::accept(std::size_t door) {
  if (paused_ || doors_[door].waiting || !doors_[door].acceptor.is_open()) return;
  doors_[door].waiting = true;
  doors_[door].acceptor.async_accept([this, door](const error_code& error, Socket socket) {
    accepted(door, error, std::move(socket));
  });
}

void Listener::accepted(std::size_t door, const error_code& error, Socket socket) {
  doors_[door].waiting = false;
  if (error == asio::error::operation_aborted) return;
  // The peer of one connection may give up before it is accepted; that says nothing of the next.
  if (error && error != asio::error::connection_aborted) pause();
  accepted_(error, std::move(socket));
  accept(door);
}

}  // namespace parley::net
