// The lesson's exchange through a whole server without sockets, in bytes: HTTP requests and
// WebSocket frames in, responses and frames out. /rtc's rules: consecutive arrivals are paired,
// `identify` is true for the caller, a `signal` goes to the other one untouched, `left` when one
// leaves.

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::node {
namespace {

using namespace std::chrono_literals;

constexpr WebSocketId ann{1}, bob{2}, cat{3}, dan{4};

TEST(Rtc, TwoConsecutiveArrivalsAreToldWhoCalls) {
  Shell shell;
  EXPECT_EQ(shell.join(ann), Frames{});
  EXPECT_EQ(shell.join(bob), Frames{R"(42/rtc,["identify",false])"});
  EXPECT_EQ(shell.take(ann), Frames{R"(42/rtc,["identify",true])"});
}

TEST(Rtc, TheFirstFramesOfAWebSocketAreTheProtocols) {
  Shell shell;
  shell.node.upgrade(ann, Shell::upgrade_request("/socket.io/?EIO=4&transport=websocket"), {});
  EXPECT_EQ(shell.take(ann),
            Frames{R"(0{"sid":"AAAAAAAAAAAAAAAAAAAA","upgrades":[],"pingInterval":25000,)"
                   R"("pingTimeout":20000,"maxPayload":1000000})"});
  shell.send(ann, "40/rtc,");
  EXPECT_EQ(shell.take(ann), Frames{R"(40/rtc,{"sid":"AAAAAAAAAAAAAAAAAAAA"})"});
}

TEST(Rtc, ASignalReachesTheOtherOneUntouchedAndNobodyElse) {
  Shell shell;
  for (const auto id : {ann, bob, cat}) (void)shell.join(id);
  (void)shell.take(ann);
  const std::string offer =
      R"(42/rtc,["signal",{"sdp": {"type":"offer","sdp":"v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n"}, "n":1e20}])";
  shell.send(ann, offer);
  EXPECT_EQ(shell.take(bob), Frames{offer});
  EXPECT_EQ(shell.take(ann), Frames{});
  EXPECT_EQ(shell.take(cat), Frames{});
  const std::string candidate =
      R"(42/rtc,["signal",{"candidate":{"candidate":"candidate:1 1 udp 1 ::1 9 typ host","sdpMLineIndex":0}}])";
  shell.send(bob, candidate);
  EXPECT_EQ(shell.take(ann), Frames{candidate});
}

TEST(Rtc, ABinarySignalArrivesWithItsAttachments) {
  Shell shell;
  for (const auto id : {ann, bob}) (void)shell.join(id);
  (void)shell.take(ann);
  const std::string text =
      R"(452-/rtc,["signal",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}])";
  shell.send(ann, text);
  shell.node.websocket_received(ann, MessageKind::binary, "\x01\x02", {});
  EXPECT_EQ(shell.take(bob), Frames{});
  shell.node.websocket_received(ann, MessageKind::binary, "\x03", {});
  EXPECT_EQ(shell.take(bob), (Frames{text, "b:\x01\x02", "b:\x03"}));
}

TEST(Rtc, ASignalThatAsksForAnAcknowledgementIsRelayedWithoutTheQuestion) {
  Shell shell;
  for (const auto id : {ann, bob}) (void)shell.join(id);
  (void)shell.take(ann);
  shell.send(ann, R"(42/rtc,7["signal",1])");
  EXPECT_EQ(shell.take(bob), Frames{R"(42/rtc,["signal",1])"});
  EXPECT_EQ(shell.take(ann), Frames{});
}

TEST(Rtc, ASignalWithoutAPartnerIsDropped) {
  Shell shell;
  (void)shell.join(ann);
  shell.send(ann, R"(42/rtc,["signal","early"])");
  EXPECT_EQ(shell.join(bob), Frames{R"(42/rtc,["identify",false])"});
  EXPECT_EQ(shell.take(ann), Frames{R"(42/rtc,["identify",true])"});
}

TEST(Rtc, OtherEventsGoNowhere) {
  Shell shell;
  for (const auto id : {ann, bob}) (void)shell.join(id);
  (void)shell.take(ann);
  shell.send(ann, R"(42/rtc,["identify",true])");
  shell.send(ann, R"(42/rtc,["left"])");
  shell.send(ann, R"(42/rtc,["signal ",1])");
  EXPECT_EQ(shell.take(bob), Frames{});
  EXPECT_EQ(shell.take(ann), Frames{});
}

TEST(Rtc, AThirdArrivalWaitsForAFourth) {
  Shell shell;
  for (const auto id : {ann, bob}) (void)shell.join(id);
  (void)shell.take(ann);
  EXPECT_EQ(shell.join(cat), Frames{});
  EXPECT_EQ(shell.join(dan), Frames{R"(42/rtc,["identify",false])"});
  EXPECT_EQ(shell.take(cat), Frames{R"(42/rtc,["identify",true])"});
  EXPECT_EQ(shell.take(ann), Frames{});
  EXPECT_EQ(shell.take(bob), Frames{});
}

TEST(Rtc, WhenOneLeavesTheOtherIsToldAndCallsTheNextArrival) {
  Shell shell;
  for (const auto id : {ann, bob}) (void)shell.join(id);
  (void)shell.take(ann);
  shell.node.websocket_closed(ann, WebSocketEnd::closed, {});
  EXPECT_EQ(shell.take(bob), Frames{R"(42/rtc,["left"])"});
  EXPECT_EQ(shell.join(cat), Frames{R"(42/rtc,["identify",false])"});
  EXPECT_EQ(shell.take(bob), Frames{R"(42/rtc,["identify",true])"});
}

TEST(Rtc, WhenOneLeavesTheOtherJoinsWhoeverWaits) {
  Shell shell;
  for (const auto id : {ann, bob, cat}) (void)shell.join(id);
  (void)shell.take(ann);
  shell.send(ann, "41/rtc,");
  EXPECT_EQ(shell.take(bob), (Frames{R"(42/rtc,["left"])", R"(42/rtc,["identify",false])"}));
  EXPECT_EQ(shell.take(cat), Frames{R"(42/rtc,["identify",true])"});
}

TEST(Rtc, ASilentClientIsNoticedByTheHeartbeat) {
  Shell shell;
  for (const auto id : {ann, bob}) (void)shell.join(id);
  (void)shell.take(ann);
  shell.now += 25s;
  EXPECT_EQ(shell.node.wake_at(), shell.now);
  shell.node.advance(shell.now);
  EXPECT_EQ(shell.take(bob), Frames{"2"});
  shell.send(bob, "3");
  shell.now += 20s;
  shell.node.advance(shell.now);
  EXPECT_EQ(shell.take(ann), (Frames{"2", "close"}));
  EXPECT_EQ(shell.take(bob), Frames{R"(42/rtc,["left"])"});
}

TEST(Rtc, TheWholeExchangeWorksByPolling) {
  Shell shell;
  const std::string open_a = shell.answer(shell.poll(""));
  EXPECT_EQ(open_a, R"(200 0{"sid":"AAAAAAAAAAAAAAAAAAAA","upgrades":["websocket"],)"
                    R"("pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
  (void)shell.answer(shell.poll(""));
  const auto a = "AAAAAAAAAAAAAAAAAAAA", b = "AAAAAAAAAAAAAAAAAAAB";

  EXPECT_EQ(shell.answer(shell.post(a, "40/rtc,")), "200 ok");
  EXPECT_EQ(shell.answer(shell.poll(a)), R"(200 40/rtc,{"sid":"AAAAAAAAAAAAAAAAAAAA"})");
  const auto held = shell.poll(a);
  EXPECT_EQ(shell.answer(held), "");

  EXPECT_EQ(shell.answer(shell.post(b, "40/rtc,")), "200 ok");
  EXPECT_EQ(shell.answer(held), R"(200 42/rtc,["identify",true])");
  EXPECT_EQ(shell.answer(shell.poll(b)),
            "200 40/rtc,{\"sid\":\"AAAAAAAAAAAAAAAAAAAB\"}\x1e"
            "42/rtc,[\"identify\",false]");

  EXPECT_EQ(shell.answer(shell.post(a,
                                    "42/rtc,[\"signal\",{\"sdp\":1}]\x1e"
                                    "451-/rtc,[\"signal\",{\"_placeholder\":true,\"num\":0}]\x1e"
                                    "bAQID")),
            "200 ok");
  EXPECT_EQ(shell.answer(shell.poll(b)),
            "200 42/rtc,[\"signal\",{\"sdp\":1}]\x1e"
            "451-/rtc,[\"signal\",{\"_placeholder\":true,\"num\":0}]\x1e"
            "bAQID");

  const auto waiting = shell.poll(b);
  EXPECT_EQ(shell.answer(shell.post(a,
                                    "41/rtc,\x1e"
                                    "1")),
            "200 ok");
  EXPECT_EQ(shell.answer(waiting), R"(200 42/rtc,["left"])");
}

TEST(Rtc, APollingClientAndAWebSocketAreAPair) {
  Shell shell;
  const auto sid = "AAAAAAAAAAAAAAAAAAAA";
  (void)shell.poll("");
  (void)shell.post(sid, "40/rtc,");
  EXPECT_EQ(shell.join(bob), Frames{R"(42/rtc,["identify",false])"});
  shell.send(bob, R"(42/rtc,["signal","é"])");
  EXPECT_EQ(shell.answer(shell.poll(sid)),
            "200 40/rtc,{\"sid\":\"AAAAAAAAAAAAAAAAAAAA\"}\x1e"
            "42/rtc,[\"identify\",true]\x1e"
            "42/rtc,[\"signal\",\"é\"]");
}

// Engine.IO 4, "Upgrade": a client may have its text sent by POST and its attachment on the new
// WebSocket.
TEST(Rtc, APacketMayBeSplitOverTheUpgrade) {
  Shell shell;
  const auto sid = "AAAAAAAAAAAAAAAAAAAA";
  (void)shell.poll("");
  (void)shell.post(sid, "40/rtc,");
  (void)shell.join(bob);
  (void)shell.post(sid, R"(451-/rtc,["signal",{"_placeholder":true,"num":0}])");
  shell.node.upgrade(
      ann, Shell::upgrade_request("/socket.io/?EIO=4&transport=websocket&sid=AAAAAAAAAAAAAAAAAAAA"),
      {});
  shell.send(ann, "2probe");
  shell.send(ann, "5");
  shell.node.websocket_received(ann, MessageKind::binary, "\xff", {});
  EXPECT_EQ(shell.take(bob),
            (Frames{R"(451-/rtc,["signal",{"_placeholder":true,"num":0}])", "b:\xff"}));
}

}  // namespace
}  // namespace parley::node
