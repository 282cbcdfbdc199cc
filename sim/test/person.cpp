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
  calls_.reset();
  if (around_.world.happens(50)) lines_.back()->send("41/rtc,");
  lines_.back()->close();
}

void Person::vanish() {
  if (!is_here_) return;
  is_here_ = false;
  calls_.reset();
  lines_.back()->abandon();
}

void Person::lose_line_noticed() {
  if (is_here_) lines_.back()->reset();
}

void Person::lose_line_silently() {
  if (is_here_) lines_.back()->cut();
}

void Person::babble(std::string_view packet) {
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
  heard_ = world.now();
  signals_sent_ = 0;
  calls_.reset();
  auto& line = *lines_.back();
  line.on_packet = [this](std::string_view packet) { receive(packet); };
  line.on_closed = [this] { lose(); };
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
  } else if (packet == R"(42/rtc,["identify",true])") {
    identify(true);
  } else if (packet == R"(42/rtc,["identify",false])") {
    identify(false);
  } else if (packet == R"(42/rtc,["left"])") {
    EXPECT_TRUE(calls_) << "told that a partner left, without one";
    calls_.reset();
  } else if (packet.starts_with(R"(42/rtc,["signal",)")) {
    receive_signal(packet);
  } else if (packet != "6" && packet != "1") {
    EXPECT_TRUE(packet.starts_with(R"(40/rtc,{"sid":")")) << packet;
  }
}

void Person::identify(bool calls) {
  EXPECT_FALSE(calls_) << "identified twice";
  calls_ = calls;
  partner_.reset();
  talk();
}

void Person::receive_signal(std::string_view packet) {
  std::uint64_t from = 0, number = 0;
  ASSERT_EQ(std::sscanf(std::string{packet}.c_str(),
                        R"(42/rtc,["signal",{"from":%)" SCNu64 R"(,"number":%)" SCNu64 "}]", &from,
                        &number),
            2)
      << packet;
  EXPECT_TRUE(calls_) << "a signal without a partner";
  EXPECT_NE(from, line_number_) << "a signal came back";
  EXPECT_TRUE(around_.delivered.emplace(from, number).second) << "a signal reached two";
  if (partner_) {
    EXPECT_EQ(from, *partner_) << "a signal from somebody else";
    EXPECT_EQ(number, expected_) << "a signal is missing, or out of order";
  }
  partner_ = from;
  expected_ = number + 1;
}

void Person::lose() {
  calls_.reset();
  around_.world.after(around_.world.pick(Duration{200}, Duration{2'000}),
                      [this, number = line_number_] {
                        if (is_here_ && number == line_number_) open_line();
                      });
}

// Goes on as long as this pair does; what was begun for an earlier one ends by itself.
void Person::talk() {
  for (auto burst = around_.world.pick(1, 3); burst > 0; --burst)
    lines_.back()->send(R"(42/rtc,["signal",{"from":)" + std::to_string(line_number_) +
                        R"(,"number":)" + std::to_string(signals_sent_++) + "}]");
  around_.world.after(around_.world.pick(Duration{100}, Duration{4'000}),
                      [this, number = line_number_] {
                        if (is_here_ && calls_ && number == line_number_) talk();
                      });
}

}  // namespace parley::sim
