#include "listener.hpp"

#include "system_error.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

namespace parley::net {

namespace {

// With port 0 the first address picks a port that another program may hold on the second address.
constexpr int picks_max = 16;

union Endpoint {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;

  socklen_t size() const { return any.sa_family == AF_INET ? sizeof v4 : sizeof v6; }
  // At the same place in both.
  std::uint16_t port() const { return ntohs(v4.sin_port); }
  void set_port(std::uint16_t port) { v4.sin_port = htons(port); }
  bool operator==(const Endpoint& other) const {
    return size() == other.size() && std::memcmp(this, &other, size()) == 0;
  }
};

ListenError listen_error(std::error_code error) {
  if (error == std::errc::address_in_use) return {ListenFault::port_taken, error};
  if (error == std::errc::permission_denied) return {ListenFault::not_permitted, error};
  return {ListenFault::failed, error};
}

// A name may stand for an address that this machine does not have: `localhost` without IPv6.
bool is_not_ours(std::error_code error) {
  return error == std::errc::address_family_not_supported ||
         error == std::errc::address_not_available;
}

std::vector<Endpoint> both_loopbacks() {
  std::array<Endpoint, 2> endpoints{};
  endpoints[0].v4.sin_family = AF_INET;
  endpoints[0].v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  endpoints[1].v6.sin6_family = AF_INET6;
  endpoints[1].v6.sin6_addr = in6addr_loopback;
  return {endpoints.begin(), endpoints.end()};
}

// RFC 6761, section 6.3: `localhost` is this machine, also where no file says so.
std::vector<Endpoint> resolve(const std::string& address) {
  if (address == "localhost") return both_loopbacks();
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), "0", &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype([](addrinfo* list) { ::freeaddrinfo(list); })> list{
      found};
  std::vector<Endpoint> endpoints;
  for (const auto* entry = found; entry; entry = entry->ai_next) {
    if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6) continue;
    Endpoint endpoint{};
    std::memcpy(&endpoint, entry->ai_addr, entry->ai_addrlen);
    if (std::ranges::find(endpoints, endpoint) == endpoints.end()) endpoints.push_back(endpoint);
  }
  return endpoints;
}

bool switch_on(const Descriptor& socket, int level, int option, int value = 1) {
  return ::setsockopt(socket.number(), level, option, &value, sizeof value) == 0;
}

Result<Descriptor, std::error_code> open_door(const Endpoint& endpoint) {
  Descriptor door{::socket(endpoint.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!door.is_open()) return std::unexpected{last_error()};
  // "::" is meant for both families; `localhost` names each of them by itself.
  const bool is_v6 = endpoint.any.sa_family == AF_INET6;
  const bool one_family = !is_v6 || !IN6_IS_ADDR_UNSPECIFIED(&endpoint.v6.sin6_addr);
  // Whoever is let in inherits TCP_NODELAY.
  const bool done = switch_on(door, SOL_SOCKET, SO_REUSEADDR) &&
                    switch_on(door, IPPROTO_TCP, TCP_NODELAY) &&
                    (!is_v6 || switch_on(door, IPPROTO_IPV6, IPV6_V6ONLY, one_family ? 1 : 0)) &&
                    ::bind(door.number(), &endpoint.any, endpoint.size()) == 0 &&
                    ::listen(door.number(), SOMAXCONN) == 0;
  if (!done) return std::unexpected{last_error()};
  return door;
}

std::uint16_t port_of(const Descriptor& door) {
  Endpoint endpoint{};
  socklen_t size = sizeof endpoint;
  ::getsockname(door.number(), &endpoint.any, &size);
  return endpoint.port();
}

Result<std::vector<Descriptor>, std::error_code> open_doors(std::vector<Endpoint> endpoints,
                                                            std::uint16_t port) {
  std::vector<Descriptor> doors;
  std::error_code not_ours;
  for (auto& endpoint : endpoints) {
    endpoint.set_port(doors.empty() ? port : port_of(doors.front()));
    auto door = open_door(endpoint);
    if (door) {
      doors.push_back(*std::move(door));
    } else if (is_not_ours(door.error())) {
      not_ours = door.error();
    } else {
      return std::unexpected{door.error()};
    }
  }
  if (doors.empty()) return std::unexpected{not_ours};
  return doors;
}

std::string text(const Endpoint& endpoint) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool is_v4 = endpoint.any.sa_family == AF_INET;
  const void* const address = is_v4 ? static_cast<const void*>(&endpoint.v4.sin_addr)
                                    : static_cast<const void*>(&endpoint.v6.sin6_addr);
  ::inet_ntop(endpoint.any.sa_family, address, text.data(), text.size());
  return text.data();
}

}  // namespace

Result<Listener, ListenError> open_listener(const std::string& address, std::uint16_t port) {
  const auto endpoints = resolve(address);
  if (endpoints.empty()) {
    const auto system = std::make_error_code(std::errc::address_not_available);
    return std::unexpected{ListenError{ListenFault::unknown_address, system}};
  }
  auto doors = open_doors(endpoints, port);
  for (int pick = 1; !doors && port == 0 && pick < picks_max; ++pick) {
    if (doors.error() != std::errc::address_in_use) break;
    doors = open_doors(endpoints, port);
  }
  if (!doors) return std::unexpected{listen_error(doors.error())};
  const auto picked = port_of(doors->front());
  return Listener{picked, *std::move(doors)};
}

Result<Accepted, std::error_code> accept_at(const Descriptor& door) {
  for (;;) {
    Endpoint peer{};
    socklen_t size = sizeof peer;
    Descriptor socket{::accept4(door.number(), &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (socket.is_open()) return Accepted{std::move(socket), text(peer)};
    switch (errno) {
      case EAGAIN:
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM:
        return std::unexpected{last_error()};
      default:
        // accept(2): what is wrong with one connection says nothing of the next.
        continue;
    }
  }
}

}  // namespace parley::net
