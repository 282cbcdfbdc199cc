#include "wake_ups.hpp"

#include "system_error.hpp"

#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <cstdint>

namespace parley::net {

namespace {

Descriptor opened(int descriptor, const char* how) {
  if (descriptor < 0) throw std::system_error{last_error(), how};
  return Descriptor{descriptor};
}

}  // namespace

Bell::Bell() : event_{opened(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd")} {}

void Bell::ring() {
  // It fails only if it has been rung 2^64 times and nobody listened.
  [[maybe_unused]] const auto result = ::eventfd_write(event_.number(), 1);
}

bool Bell::heard() {
  eventfd_t rings = 0;
  return ::eventfd_read(event_.number(), &rings) == 0;
}

Signals::Signals(std::initializer_list<int> signals) {
  sigset_t wanted;
  ::sigemptyset(&wanted);
  for (const int signal : signals) ::sigaddset(&wanted, signal);
  ::pthread_sigmask(SIG_BLOCK, &wanted, &before_);
  arrived_ = opened(::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC), "signalfd");
}

Signals::~Signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

bool Signals::take() {
  signalfd_siginfo signal{};
  return ::read(arrived_.number(), &signal, sizeof signal) == sizeof signal;
}

}  // namespace parley::net
