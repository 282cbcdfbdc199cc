#pragma once

#include <parley/sim/line.hpp>
#include <parley/sim/server.hpp>
#include <parley/sim/world.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::sim {

constexpr Duration ping_interval{5'000};
constexpr Duration ping_timeout{4'000};

/// What all people of one world share.
struct Surroundings {
  World& world;
  Server& server;
  Duration delay_max{};
  std::uint64_t polling_percent = 0;
  Time server_back_at = Time::min();  // after its last death
  std::uint64_t lines_opened = 0;
  std::set<std::pair<std::uint64_t, std::uint64_t>> delivered = {};  // line and number of signals
  std::uint64_t digest = 0;  // of all that was heard by everybody, in order
};

/// Somebody with the lesson's page open: a small Socket.IO client that comes back whenever its line
/// is lost, and sends numbered signals while it has a partner. What it hears it holds against the
/// rules: a pair's signals come from one line only, in order, none missing, none too late, and none
/// reaches two; and nobody is hung up on without a reason.
class Person {
 public:
  explicit Person(Surroundings& around) : around_{around} {}

  void arrive();
  // What follows has no effect on whoever is not here.
  void say_goodbye();
  void vanish();
  /// Leaves the namespace for a while, and keeps the line.
  void step_out();
  void lose_line_noticed();
  void lose_line_silently();
  void babble(std::string_view packet);

  bool is_here() const { return is_here_; }
  std::uint64_t line() const { return line_number_; }
  std::optional<bool> calls() const { return calls_; }               // empty without a partner
  std::optional<std::uint64_t> partner() const { return partner_; }  // line of whoever was heard

 private:
  void open_line();
  void watch_heartbeat();
  void receive(std::string_view packet);
  void receive_signal(std::string_view packet);
  void receive_event(std::string_view packet);
  void identify(bool calls);
  void lose();
  void hear_the_end();
  void talk();
  void forget_pair();

  Surroundings& around_;
  std::vector<std::unique_ptr<Line>>
      lines_;  // the last one counts; events still speak of the others
  bool is_here_ = false;
  bool is_joined_ = false;
  std::uint64_t line_number_ = 0;
  Time opened_{};
  bool is_troubled_ = false;  // something happened to the line that may well end it
  Time heard_{};
  std::optional<bool> calls_;
  std::optional<std::uint64_t> partner_;
  std::uint64_t expected_ = 0;  // number of the partner's next signal
  std::uint64_t signals_sent_ = 0;
  std::uint64_t pairs_ = 0;  // so that what was begun with an earlier partner ends
};

}  // namespace parley::sim
