#pragma once

#include "crowd.hpp"
#include "event.hpp"
#include "options.hpp"

#include <cstddef>
#include <vector>

namespace parley::bench {

/// Rounds in which all clients at once connect, join, send their partner a signal and get one, and
/// then part from the server.
///
/// Whom the server made the partner of whom the signals tell.
class Cycles : public Watcher {
 public:
  enum class Parting {
    all_leave,   // as the official client does
    half_reset,  // one of each pair resets its connection, the other is told and leaves
  };

  Cycles(const Options& options, Target target, Parting parting);

  Crowd& crowd() { return crowd_; }
  void run_once();
  void run_for(std::chrono::nanoseconds time);

  /// Clients that went all the way.
  std::size_t done() const { return done_; }

  void opened(Client& client) override { crowd_.join(client); }
  void received(Client& client, std::string_view packet) override;
  void left(Client&) override { ++done_; }

 private:
  void check_partners() const;
  void leave_both();
  void reset_one();

  Crowd crowd_;
  Parting parting_;
  NumberedEvent signal_;
  std::vector<std::size_t> partners_;
  bool is_parting_ = false;  // what the server says to those it pairs anew is not answered
  std::size_t relayed_ = 0;
  std::size_t abandoned_ = 0;  // were told that their partner has left
  std::size_t done_ = 0;
};

}  // namespace parley::bench
