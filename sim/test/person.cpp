#include "person.hpp"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <functional>
#include <string>

namespace parley::sim {

void Person::arrive() {
  is_here_ = true;
  open_line();
}

void Person::say_goodbye() {
  if (!is_here_) return;
  is_here_ = false;
  forget_pair();
  if (around_.world.happens(50)) lines_.back()->send("41/rtc,");
  lines_.back()->close();
}

void Person::vanish() {
  if (!is_here_) return;
  is_here_ = false;
  forget_pair();
  lines_.back()->abandon();
}

void Person::step_out() {
  if (!is_here_ || !is_joined_) return;
  is_joined_ = false;
  forget_pair();
  lines_.back()->send("41/rtc,");
  around_.world.after(around_.world.pick(Duration{1}, Duration{3'000}),
                      [this, number = line_number_] {
                        if (is_here_ && number == line_number_) lines_.back()->send("40/rtc,");
                      });
}

void Person::lose_line_noticed() {
  is_troubled_ = true;
  if (is_here_) lines_.back()->reset();
}

void Person::lose_line_silently() {
  is_troubled_ = true;
  if (is_here_) lines_.back()->cut();
}

void Person::babble(std::string_view packet) {
  is_troubled_ = true;
  if (is_here_) lines_.back()->send(std::string{packet});
}

void Person::open_line() {
  auto& world = around_.world;
  if (world.happens(around_.polling_percent)) {
    lines_.push_back(std::make_unique<PollingLine>(world, around_.server, around_.delay_max));
  } else {
    lines_.push_back(std::make_unique<WebSocketLine>(world, around_.server, around_.delay_max));
  }
  line_number_ = ++around_.lines_opened;
  opened_ = heard_ = world.now();
  is_troubled_ = false;
  signals_sent_ = 0;
  is_joined_ = false;
  auto& line = *lines_.back();
  line.on_packet = [this](std::string_view packet) { receive(packet); };
  line.on_closed = [this] { hear_the_end(); };
  line.open();
  watch_heartbeat();
}

// Engine.IO 4, "Heartbeat": a client that hears no ping for so long gives its connection up.
void Person::watch_heartbeat() {
  const auto limit = ping_interval + ping_timeout;
  around_.world.after(limit - (around_.world.now() - heard_), [this, limit, number = line_number_] {
    if (!is_here_ || number != line_number_) return;
    if (around_.world.now() - heard_ < limit) return watch_heartbeat();
    lines_.back()->abandon();
    lose();
  });
}

void Person::receive(std::string_view packet) {
  around_.digest = around_.digest * 31 + std::hash<std::string_view>{}(packet) + line_number_;
  auto& line = *lines_.back();
  if (packet.starts_with('0')) {
    line.send("40/rtc,");
  } else if (packet == "2") {
    heard_ = around_.world.now();
    line.send("3");
  } else if (packet.starts_with(R"(40/rtc,{"sid":")")) {
    EXPECT_FALSE(is_joined_) << "joined twice";
    is_joined_ = true;
  } else if (packet.starts_with("42/rtc,")) {
    if (is_joined_) receive_event(packet);  // else it was sent before the server knew
  } else {
    EXPECT_TRUE(packet == "6" || packet == "1") << packet;
  }
}

void Person::receive_event(std::string_view packet) {
  if (packet == R"(42/rtc,["identify",true])") {
    identify(true);
  } else if (packet == R"(42/rtc,["identify",false])") {
    identify(false);
  } else if (packet == R"(42/rtc,["left"])") {
    EXPECT_TRUE(calls_) << "told that a partner left, without one";
    forget_pair();
  } else {
    receive_signal(packet);
  }
}

void Person::identify(bool calls) {
  EXPECT_FALSE(calls_) << "identified twice";
  calls_ = calls;
  talk();
}

void Person::receive_signal(std::string_view packet) {
  std::uint64_t from = 0, number = 0;
  std::int64_t sent_at = 0;
  constexpr const char* form =
      R"(42/rtc,["signal",{"from":%)" SCNu64 R"(,"number":%)" SCNu64 R"(,"at":%)" SCNd64 "}]";
  ASSERT_EQ(std::sscanf(std::string{packet}.c_str(), form, &from, &number, &sent_at), 3) << packet;
  EXPECT_TRUE(calls_) << "a signal without a partner";
  EXPECT_NE(from, line_number_) << "a signal came back";
  EXPECT_TRUE(around_.delivered.emplace(from, number).second) << "a signal reached two";
  // By polling on both sides: a post and the one before it, then a poll and the one before it.
  EXPECT_LE(around_.world.now() - Time{Duration{sent_at}}, 6 * around_.delay_max)
      << "a signal was kept waiting";
  if (partner_) {
    EXPECT_EQ(from, *partner_) << "a signal from somebody else";
    EXPECT_EQ(number, expected_) << "a signal is missing, or out of order";
  }
  partner_ = from;
  expected_ = number + 1;
}

void Person::hear_the_end() {
  EXPECT_TRUE(is_troubled_ || opened_ <= around_.server_back_at) << "hung up on for no reason";
  lose();
}

void Person::lose() {
  forget_pair();
  around_.world.after(around_.world.pick(Duration{200}, Duration{2'000}),
                      [this, number = line_number_] {
                        if (is_here_ && number == line_number_) open_line();
                      });
}

void Person::talk() {
  for (auto burst = around_.world.pick(1, 3); burst > 0; --burst)
    lines_.back()->send(R"(42/rtc,["signal",{"from":)" + std::to_string(line_number_) +
                        R"(,"number":)" + std::to_string(signals_sent_++) + R"(,"at":)" +
                        std::to_string(around_.world.now().time_since_epoch().count()) + "}]");
  around_.world.after(around_.world.pick(Duration{100}, Duration{4'000}), [this, pair = pairs_] {
    if (calls_ && pair == pairs_) talk();
  });
}

void Person::forget_pair() {
  calls_.reset();
  partner_.reset();
  ++pairs_;
}

}  // namespace parley::sim
