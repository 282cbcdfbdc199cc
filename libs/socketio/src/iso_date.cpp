#include <parley/socketio/iso_date.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace parley::socketio {

std::optional<std::string> iso_date(std::int64_t milliseconds) {
  using namespace std::chrono;
  constexpr std::int64_t bound = 8'640'000'000'000'000;
  if (milliseconds < -bound || milliseconds > bound) return std::nullopt;

  // The calendar repeats itself after 400 years, and chrono's years do not go as far as a Date's.
  using Cycle = duration<std::int64_t, std::ratio<std::int64_t{146'097} * 24 * 60 * 60>>;
  const auto since = std::chrono::milliseconds{milliseconds};
  const auto cycle = floor<Cycle>(since);
  const auto day = floor<days>(since - cycle);
  const year_month_day date{sys_days{day}};
  const auto year = static_cast<int>(date.year()) + static_cast<int>(cycle.count()) * 400;
  const hh_mm_ss time{since - cycle - day};

  std::array<char, 40> text;
  const bool is_short = year >= 0 && year <= 9999;
  const int size = std::snprintf(
      text.data(), text.size(),
      is_short ? "%s%04d-%02u-%02uT%02d:%02d:%02d.%03dZ" : "%s%06d-%02u-%02uT%02d:%02d:%02d.%03dZ",
      is_short   ? ""
      : year < 0 ? "-"
                 : "+",
      std::abs(year), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return std::string{text.data(), static_cast<std::size_t>(size)};
}

}  // namespace parley::socketio
