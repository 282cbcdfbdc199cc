// What is kept for clients that are away, and what is not any more; against Socket.IO's "Connection
// state recovery" and the limits of Options.

#include "../src/recovery.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

using Positions = std::vector<Position>;

constexpr Time start{};

RecoveryLog log_of(std::size_t events, ConnectionStateRecovery limits = {}) {
  RecoveryLog log{limits, "tag-"};
  for (std::size_t n = 0; n < events; ++n) log.append({}, start);
  return log;
}

Positions after(const RecoveryLog& log, Position position) {
  Positions found;
  log.each_after(position, [&](Position at, const auto&) { found.push_back(at); });
  return found;
}

/// After which position a session goes on.
std::optional<Position> covered(const RecoveryLog& log, Progress progress,
                                std::optional<std::string_view> offset) {
  const auto resumed = log.resumed(progress, offset);
  if (!resumed) return std::nullopt;
  EXPECT_EQ(resumed->began, progress.began);
  return resumed->covered;
}

TEST(RecoveryLog, OffsetsAreTheTagAndACounter) {
  EXPECT_EQ(log_of(0).next_offset(), "tag-1");
  EXPECT_EQ(log_of(35).next_offset(), "tag-10");
  EXPECT_EQ(log_of(35).last_offset(), "tag-z");
}

TEST(RecoveryLog, HandsOutWhatCameAfterAPosition) {
  const auto log = log_of(4);
  EXPECT_EQ(log.last(), 4U);
  EXPECT_EQ(after(log, 0), (Positions{1, 2, 3, 4}));
  EXPECT_EQ(after(log, 2), (Positions{3, 4}));
  EXPECT_EQ(after(log, 4), Positions{});
}

TEST(RecoveryLog, ASessionGoesOnWhereItsClientStopped) {
  const auto log = log_of(9);
  EXPECT_EQ(covered(log, {1, 7, 8}, "tag-4"), 4U);
  EXPECT_EQ(log.resumed({1, 7, 8}, "tag-4")->sent, 4U) << "what came after it was not received";
}

TEST(RecoveryLog, AClientThatGotAllThatWasSentMissedNothingBeforeItWasCutOff) {
  const auto log = log_of(9);
  EXPECT_EQ(covered(log, {1, 7, 8}, "tag-7"), 8U);
}

TEST(RecoveryLog, AClientThatGotNothingHasNoOffset) {
  const auto log = log_of(9);
  EXPECT_EQ(covered(log, {3, 3, 8}, std::nullopt), 8U) << "nothing was sent either";
  EXPECT_EQ(covered(log, {3, 7, 8}, std::nullopt), 3U);
}

TEST(RecoveryLog, AnOffsetOfAnEarlierSessionCountsAsNone) {
  const auto log = log_of(9);
  EXPECT_EQ(covered(log, {3, 7, 8}, "tag-2"), 3U);
  EXPECT_EQ(covered(log, {3, 7, 8}, "tag-0"), 3U);
}

TEST(RecoveryLog, AForeignOneDoesIfNothingWasSent) {
  const auto log = log_of(9);
  for (const auto* offset : {"gat-5", "1795337327927-0", ""}) {
    EXPECT_EQ(covered(log, {3, 3, 8}, offset), 8U);
    EXPECT_EQ(covered(log, {3, 7, 8}, offset), std::nullopt) << "what of it was received?";
  }
}

TEST(RecoveryLog, OffsetsThatWereNeverSentAreNotBelieved) {
  const auto log = log_of(9);
  for (const auto* offset : {"tag-8", "tag-", "tag-4 ", "tag--4", "tag-zzzzzzzzzzzzzzzzzzzz"})
    EXPECT_EQ(covered(log, {3, 7, 8}, offset), std::nullopt) << offset;
}

TEST(RecoveryLog, DropsTheOldestIfThereAreTooMany) {
  const auto log = log_of(5, {.events_max = 3});
  EXPECT_EQ(log.last(), 5U);
  EXPECT_EQ(after(log, 2), (Positions{3, 4, 5}));
  EXPECT_EQ(covered(log, {0, 2, 2}, "tag-2"), 2U);
  EXPECT_EQ(covered(log, {0, 2, 2}, "tag-1"), std::nullopt);
}

TEST(RecoveryLog, AnOffsetThatIsNotKeptAnyMoreDoesIfNothingWasMissed) {
  const auto log = log_of(5, {.events_max = 1});
  EXPECT_EQ(covered(log, {0, 1, 4}, "tag-1"), 4U);
  EXPECT_EQ(covered(log, {0, 1, 3}, "tag-1"), std::nullopt);
}

TEST(RecoveryLog, DropsTheOldestIfTheyAreTooLarge) {
  RecoveryLog log{{.event_bytes_max = 2'000}, "tag-"};
  for (int n = 0; n < 2; ++n)
    log.append({{}, {std::string(900, 'x'), {std::string(300, 'y')}}}, start);
  EXPECT_TRUE(log.reaches(1));
  EXPECT_FALSE(log.reaches(0));
  log.append({{.rooms = {std::string(2'000, 'r')}, .except = {}}, {}}, start);
  EXPECT_TRUE(log.empty());
  EXPECT_EQ(log.last(), 3U);
  EXPECT_EQ(log.next_offset(), "tag-4");
}

TEST(RecoveryLog, DropsWhatIsTooOld) {
  RecoveryLog log{{.event_age_max = 100ms}, "tag-"};
  log.append({}, start);
  log.append({}, start + 1ms);
  log.sweep(start + 99ms);
  EXPECT_TRUE(log.reaches(0));
  log.sweep(start + 100ms);
  EXPECT_FALSE(log.reaches(0));
  EXPECT_EQ(after(log, 1), Positions{2});
}

Session session(std::string pid) {
  return {.pid = std::move(pid), .sid = {}, .rooms = {}, .auth = {}, .data = {}, .progress = {}};
}

TEST(AbsentSessions, ASessionIsTakenOnce) {
  AbsentSessions absent{{}};
  auto kept = session("ann");
  kept.rooms = {"a", "b"};
  kept.data = 5;
  absent.keep(kept, start);
  EXPECT_EQ(absent.take("bob", start), std::nullopt);
  const auto taken = absent.take("ann", start);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->rooms, kept.rooms);
  EXPECT_EQ(std::any_cast<int>(taken->data), 5);
  EXPECT_FALSE(absent.take("ann", start));
  EXPECT_TRUE(absent.empty());
}

TEST(AbsentSessions, ASessionIsKeptForItsTime) {
  AbsentSessions absent{{}};
  absent.keep(session("ann"), start);
  absent.keep(session("bob"), start);
  EXPECT_TRUE(absent.take("ann", start + 2min - 1ms));
  EXPECT_FALSE(absent.take("bob", start + 2min));
}

TEST(AbsentSessions, AreForgottenInTime) {
  AbsentSessions absent{{}};
  absent.keep(session("ann"), start);
  absent.keep(session("bob"), start + 1ms);
  absent.sweep(start + 2min);
  EXPECT_FALSE(absent.empty());
  absent.sweep(start + 2min + 1ms);
  EXPECT_TRUE(absent.empty());
}

TEST(AbsentSessions, WhoIsAwayForLongestGoesFirstIfThereAreTooMany) {
  AbsentSessions absent{{.sessions_max = 2}};
  for (const auto* pid : {"ann", "bob", "eve"}) absent.keep(session(pid), start);
  EXPECT_FALSE(absent.take("ann", start));
  EXPECT_TRUE(absent.take("bob", start));
  EXPECT_TRUE(absent.take("eve", start));
}

TEST(AbsentSessions, OrIfTheirAuthAndRoomsAreTooLarge) {
  AbsentSessions absent{{.session_bytes_max = 10'000}};
  for (const auto* pid : {"ann", "bob", "eve"}) {
    auto large = session(pid);
    large.auth = std::string(2'000, 'x');
    large.rooms = {std::string(2'000, 'r')};
    absent.keep(std::move(large), start);
  }
  EXPECT_FALSE(absent.take("ann", start));
  EXPECT_TRUE(absent.take("bob", start));
  EXPECT_TRUE(absent.take("eve", start));
}

TEST(Recovery, AnEventGetsItsOffsetAtTheEnd) {
  EXPECT_EQ(with_offset(R"(["a",[1,"]"]] )", "tag-1"), R"(["a",[1,"]"],"tag-1"])");
}

TEST(Recovery, AClientShowsItsPidAndItsOffsetIfItHasOne) {
  const auto both = shown_in(R"({"token":1,"pid":"p","offset":"o"})");
  EXPECT_EQ(both.pid, "p");
  EXPECT_EQ(both.offset, "o");
  EXPECT_EQ(shown_in(R"({"pid":"p"})").pid, "p");
  EXPECT_EQ(shown_in(R"({"pid":"p"})").offset, std::nullopt);
  for (const auto* auth :
       {"", "{}", R"({"offset":"o"})", R"({"pid":5,"offset":"o"})", R"({"pid":"p","offset":5})"})
    EXPECT_EQ(shown_in(auth).pid, "") << auth;
}

}  // namespace
}  // namespace parley::socketio
