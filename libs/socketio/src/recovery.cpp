#include "recovery.hpp"

#include <parley/base/check.hpp>
#include <parley/socketio/json_read.hpp>
#include <parley/socketio/json_view.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <system_error>

namespace parley::socketio {

namespace {

constexpr int digits_base = 36;  // of a position in an offset

std::size_t size_of(const auto& texts) {
  return std::accumulate(
      texts.begin(), texts.end(), std::size_t{0},
      [](std::size_t sum, const std::string& text) { return sum + text.size(); });
}

}  // namespace

void Known::note(const Origin& origin) {
  auto& last = origin.node ? others[*origin.node] : own;
  last = std::max(last, origin.number);
}

RecoveryLog::RecoveryLog(const ConnectionStateRecovery& limits, std::string tag, Known before)
    : limits_{limits}, tag_{std::move(tag)}, gone_{std::move(before)} {
  PARLEY_CHECK(tag_.size() == tag_size);
}

std::string RecoveryLog::offset_of(Position position) const {
  std::array<char, 13> digits;
  auto* const end =
      std::to_chars(digits.data(), digits.data() + digits.size(), position, digits_base).ptr;
  return tag_ + std::string(digits.data(), end);
}

void RecoveryLog::append(Entry entry, Time now) {
  const auto bytes = sizeof(Kept) + entry.arguments.json.size() +
                     size_of(entry.arguments.attachments) + size_of(entry.target.rooms) +
                     size_of(entry.target.except);
  bytes_ += bytes;
  entries_.push_back({std::move(entry), bytes, now});
  while (bytes_ > limits_.event_bytes_max || entries_.size() > limits_.events_max) drop_first();
}

std::optional<Progress> RecoveryLog::resumed(const Progress& progress,
                                             std::optional<std::string_view> offset) const {
  auto seen = progress.began;
  if (offset && !offset->starts_with(tag_)) {
    // Clients keep the last offset that they got, be it one of a session before. But they take any
    // string at an event's end for one, so that it does not say what they got of this session.
    if (progress.sent != progress.began) return std::nullopt;
  } else if (offset) {
    const auto digits = offset->substr(tag_size);
    const auto* end = digits.data() + digits.size();
    Position position = 0;
    const auto [rest, fault] = std::from_chars(digits.data(), end, position, digits_base);
    if (fault != std::errc{} || rest != end || position > progress.sent) return std::nullopt;
    seen = std::max(seen, position);
  }
  const auto covered = seen == progress.sent ? progress.covered : seen;
  if (!reaches(covered)) return std::nullopt;
  return Progress{progress.began, seen, covered};
}

void RecoveryLog::sweep(Time now) {
  while (!entries_.empty() && entries_.front().at + limits_.event_age_max <= now) drop_first();
}

void RecoveryLog::drop_first() {
  bytes_ -= entries_.front().bytes;
  if (entries_.front().entry.origin.number > 0) gone_.note(entries_.front().entry.origin);
  entries_.pop_front();
  ++dropped_;
}

void AbsentSessions::keep(Session session, Time now) {
  const auto bytes = sizeof(Absent) + session.auth.size() + size_of(session.rooms);
  bytes_ += bytes;
  absent_.push_back({std::move(session), bytes, now + limits_.max_disconnection_duration});
  by_pid_[absent_.back().session.pid] = std::prev(absent_.end());
  while (bytes_ > limits_.session_bytes_max || absent_.size() > limits_.sessions_max)
    extract(absent_.begin());
}

std::optional<Session> AbsentSessions::take(std::string_view pid, Time now) {
  const auto found = by_pid_.find(pid);
  if (found == by_pid_.end()) return std::nullopt;
  auto absent = extract(found->second);
  if (absent.until <= now) return std::nullopt;
  return std::move(absent.session);
}

void AbsentSessions::sweep(Time now) {
  while (!absent_.empty() && absent_.front().until <= now) extract(absent_.begin());
}

AbsentSessions::Absent AbsentSessions::extract(List::iterator absent) {
  bytes_ -= absent->bytes;
  by_pid_.erase(absent->session.pid);
  auto taken = std::move(*absent);
  absent_.erase(absent);
  return taken;
}

std::string with_offset(std::string_view array, std::string_view offset) {
  const auto end = array.rfind(']');
  PARLEY_CHECK(end != array.npos);
  std::string json;
  json.reserve(end + offset.size() + 4);
  return json.append(array.substr(0, end)).append(",\"").append(offset).append("\"]");
}

std::string without_offset(std::string_view array) {
  return std::string{array.substr(0, array.rfind(",\""))} + "]";
}

Shown shown_in(std::string_view auth) {
  if (auth.empty()) return {};
  const Json shown{auth};
  auto pid = shown["pid"].as<std::string>();
  auto offset = shown["offset"].as<std::optional<std::string>>();
  if (!pid || !offset) return {};
  return {*std::move(pid), *std::move(offset)};
}

}  // namespace parley::socketio
