#include "cycles.hpp"

namespace parley::bench {

Cycles::Cycles(const Options& options, Target target, Parting parting)
    : crowd_{std::move(target), *this},
      parting_{parting},
      signal_{"/rtc", "signal", options.bytes},
      partners_(options.connections) {
  for (std::size_t i = 0; i < options.connections; ++i) crowd_.add();
}

void Cycles::run_for(std::chrono::nanoseconds time) {
  const auto end = Clock::now() + time;
  while (Clock::now() < end) run_once();
}

void Cycles::run_once() {
  is_parting_ = false;
  relayed_ = 0;
  for (std::size_t i = 0; i < crowd_.size(); ++i) crowd_.connect(crowd_.client(i));
  crowd_.turn_until([&] { return relayed_ == crowd_.size(); }, "signals to arrive");
  check_partners();

  is_parting_ = true;
  const auto end = done_ + crowd_.size();
  parting_ == Parting::all_leave ? leave_both() : reset_one();
  crowd_.turn_until([&] { return done_ == end; }, "clients to leave");
}

void Cycles::received(Client& client, std::string_view packet) {
  if (packet == R"(2/rtc,["left"])") {
    ++abandoned_;
  } else if (!packet.starts_with(R"(2/rtc,["identify",)")) {
    partners_[client.index] = signal_.number_of(packet);
    ++relayed_;
  } else if (!is_parting_) {
    crowd_.send(client, signal_.frame(static_cast<std::uint32_t>(client.index)));
  }
}

void Cycles::check_partners() const {
  for (std::size_t i = 0; i < partners_.size(); ++i) {
    if (partners_.at(partners_[i]) != i) fail("a signal that came from somebody else");
  }
}

/// One right after the other, so that the one who stays is not paired again with somebody who is
/// about to leave too.
void Cycles::leave_both() {
  for (std::size_t i = 0; i < partners_.size(); ++i) {
    if (i > partners_[i]) continue;
    crowd_.leave(crowd_.client(i));
    crowd_.leave(crowd_.client(partners_[i]));
  }
}

/// Nobody leaves or comes before the server has noticed every reset: who comes would be paired with
/// somebody who is gone.
void Cycles::reset_one() {
  abandoned_ = 0;
  for (std::size_t i = 0; i < partners_.size(); ++i) {
    if (i > partners_[i]) continue;
    crowd_.reset(crowd_.client(i));
    ++done_;
  }
  crowd_.turn_until([&] { return abandoned_ == partners_.size() / 2; }, "resets to be noticed");
  for (std::size_t i = 0; i < partners_.size(); ++i) {
    if (i > partners_[i]) crowd_.leave(crowd_.client(i));
  }
}

}  // namespace parley::bench
