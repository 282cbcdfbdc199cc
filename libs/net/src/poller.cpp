#include "poller.hpp"

#include "system_error.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace parley::net {

Poller::Poller() : epoll_{::epoll_create1(EPOLL_CLOEXEC)} {
  if (!epoll_.is_open()) throw std::system_error{last_error(), "epoll_create1"};
}

std::error_code Poller::watch(const Descriptor& descriptor, Tag tag) {
  return add(descriptor, tag, EPOLLIN);
}

std::error_code Poller::watch_changes(const Descriptor& descriptor, Tag tag) {
  return add(descriptor, tag, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

std::error_code Poller::add(const Descriptor& descriptor, Tag tag, std::uint32_t events) {
  epoll_event event{.events = events, .data = {.u64 = std::to_underlying(tag)}};
  const int result = ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor.number(), &event);
  return result == 0 ? std::error_code{} : last_error();
}

void Poller::forget(const Descriptor& descriptor) {
  ::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, descriptor.number(), nullptr);
}

std::span<const epoll_event> Poller::wait(std::optional<Duration> at_most) {
  constexpr Duration::rep longest = std::numeric_limits<int>::max();
  const auto timeout = at_most ? std::clamp<Duration::rep>(at_most->count(), 0, longest) : -1;
  const int count =
      ::epoll_wait(epoll_.number(), events_.data(), events_max, static_cast<int>(timeout));
  // Only a signal ends it otherwise: then nothing has happened.
  return std::span{events_}.first(static_cast<std::size_t>(std::max(count, 0)));
}

}  // namespace parley::net
