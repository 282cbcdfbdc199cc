#include <parley/socketio/handshake.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

namespace parley::socketio {

namespace {

constexpr char end_of_part = '\0';  // HTTP allows it nowhere

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view take_part(std::string_view& rest) {
  const auto part = rest.substr(0, rest.find(end_of_part));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

}  // namespace

Handshake::Handshake(const HttpRequest& request)
    : issued_{request.received_at}, is_secure_{request.is_secure} {
  auto size = request.target.size() + request.remote_address.size() + 2;
  for (const auto& [name, value] : request.fields) size += name.size() + value.size() + 2;
  text_.reserve(size);
  const auto add = [this](std::string_view part) { text_.append(part).append(1, end_of_part); };
  add(request.target);
  add(request.remote_address);
  for (const auto& [name, value] : request.fields) {
    std::ranges::transform(name, std::back_inserter(text_), to_lower);
    text_ += end_of_part;
    add(value);
  }
}

std::optional<std::string_view> Handshake::header(std::string_view name) const {
  const auto all = headers();
  const auto found = std::ranges::find_if(
      all, [&](const auto& field) { return equal_ignoring_case(field.first, name); });
  if (found == all.end()) return std::nullopt;
  return found->second;
}

std::vector<std::pair<std::string_view, std::string_view>> Handshake::headers() const {
  std::string_view rest = text_;
  take_part(rest);
  take_part(rest);
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  while (!rest.empty()) {
    const auto name = take_part(rest);
    fields.emplace_back(name, take_part(rest));
  }
  return fields;
}

std::string Handshake::time() const {
  constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(issued_);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(issued_ - day)};
  std::array<char, 80> text{};
  const int size = std::snprintf(
      text.data(), text.size(),
      "%s %s %02u %04d %02d:%02d:%02d GMT+0000 (Coordinated Universal "
      "Time)",
      weekdays[std::chrono::weekday{day}.c_encoding()],
      months[static_cast<unsigned>(date.month()) - 1], static_cast<unsigned>(date.day()),
      static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string_view Handshake::part(std::size_t number) const {
  std::string_view rest = text_;
  while (number-- > 0) take_part(rest);
  return take_part(rest);
}

std::string_view text(Transport transport) {
  return transport == Transport::polling ? "polling" : "websocket";
}

}  // namespace parley::socketio
