// A whole server without sockets: that a bad client disturbs nobody else, what the log says, and
// how the server goes down. The protocols themselves are tested in their rooms.

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::node {
namespace {

using namespace std::chrono_literals;

constexpr WebSocketId ann{1}, bob{2}, eve{3};

TEST(Node, OwnsOnlyTheSocketIoPath) {
  Shell shell;
  EXPECT_TRUE(shell.node.owns(Shell::request("GET", "/socket.io/?EIO=4&transport=polling")));
  EXPECT_FALSE(shell.node.owns(Shell::request("GET", "/socket.io")));
  EXPECT_FALSE(shell.node.owns(Shell::request("GET", "/11")));
}

TEST(Node, BadInputCostsOneConnectionAndDisturbsNoOther) {
  for (const auto* bad : {"", "7", "4", "49", "4abc", "42", "42[", "42/rtc,[", "42/rtc,{}",
                          "42/rtc,[\"connect\"]", "42/nowhere,[\"signal\"]", "44/rtc,{}", "40/rtc,",
                          "4511-/rtc,[\"signal\"]", "42/rtc,[\"signal\"]x", "b!", "2", "2probe"}) {
    Shell shell;
    for (const auto id : {ann, bob, eve}) (void)shell.join(id);
    (void)shell.take(ann);
    shell.send(eve, bad);
    EXPECT_EQ(shell.take(eve), Frames{"close"}) << bad;
    shell.send(ann, R"(42/rtc,["signal",1])");
    EXPECT_EQ(shell.take(bob), Frames{R"(42/rtc,["signal",1])"}) << bad;
    EXPECT_EQ(shell.take(ann), Frames{}) << bad;
  }
}

TEST(Node, ABadPartnerIsAPartnerWhoLeft) {
  Shell shell;
  for (const auto id : {ann, bob}) (void)shell.join(id);
  shell.send(bob, "42/rtc,[");
  EXPECT_EQ(shell.take(ann), (Frames{R"(42/rtc,["identify",true])", R"(42/rtc,["left"])"}));
  EXPECT_EQ(shell.join(eve), Frames{R"(42/rtc,["identify",false])"});
}

TEST(Node, WhatFollowsABadPacketInTheSameBodyIsIgnored) {
  Shell shell;
  (void)shell.poll("");
  const auto sid = "AAAAAAAAAAAAAAAAAAAA";
  (void)shell.post(sid, "40/rtc,");
  (void)shell.join(bob);
  (void)shell.post(sid,
                   "42/rtc,[\"signal\",1]\x1e"
                   "42[\"nowhere\"]\x1e"
                   "42/rtc,[\"signal\",2]");
  EXPECT_EQ(shell.take(bob), (Frames{R"(42/rtc,["signal",1])", R"(42/rtc,["left"])"}));
}

TEST(Node, WhatOneNodePublishesReachesTheClientsOfAnother) {
  Options options;
  options.socketio.cluster = {.others = {socketio::NodeId{2}}};
  Shell here{options}, there{options};
  (void)there.join(ann);
  std::move_only_function<void()> emit = [&] { here.node.socketio().of("/rtc").emit("e"); };
  here.node.run(emit, here.now);
  here.drain();
  ASSERT_EQ(here.published.size(), 1u);
  there.node.heard(socketio::NodeId{1}, *here.published.front().message, there.now);
  EXPECT_EQ(there.take(ann), Frames{R"(42/rtc,["e"])"});
}

TEST(Node, ClosesWhoJoinsNoNamespace) {
  Shell shell;
  shell.node.upgrade(eve, Shell::upgrade_request("/socket.io/?EIO=4&transport=websocket"), {});
  shell.send(eve, "40/nowhere,");
  EXPECT_EQ(shell.take(eve).back(), R"(44/nowhere,{"message":"Invalid namespace"})");
  shell.now += 25s;
  shell.node.advance(shell.now);
  shell.send(eve, "3");
  EXPECT_EQ(shell.node.wake_at(), Time{} + 45s);
  shell.now = Time{} + 45s;
  shell.node.advance(shell.now);
  EXPECT_EQ(shell.take(eve), (Frames{"2", "close"}));
}

TEST(Node, FurtherNamespacesAreServedBesideRtc) {
  Shell shell;
  shell.node.socketio().of("/greet").on_connection([](socketio::Socket socket) {
    socket.relay(R"(["hello",)" + std::string{socket.auth()} + "]");
  });
  (void)shell.join(ann);
  shell.send(ann, R"(40/greet,{"name":"Ann"})");
  EXPECT_EQ(shell.take(ann), (Frames{R"(40/greet,{"sid":"AAAAAAAAAAAAAAAAAAAB"})",
                                     R"(42/greet,["hello",{"name":"Ann"}])"}));
}

TEST(Node, VolatileBinaryReachesAPollThatIsHeldWholeOrNotAtAll) {
  Shell shell;
  auto& greet = shell.node.socketio().of("/greet");
  const std::vector<std::string> picture{"\x01\x02\x03"};
  const auto emit = [&] {
    greet.volatile_().relay({R"(["p",{"_placeholder":true,"num":0}])", picture});
    shell.node.advance(shell.now);
  };
  (void)shell.poll("");
  const auto sid = "AAAAAAAAAAAAAAAAAAAA";
  (void)shell.post(sid, "40/greet,");
  (void)shell.poll(sid);
  emit();
  const auto held = shell.poll(sid);
  EXPECT_EQ(shell.answer(held), "");
  emit();
  emit();
  EXPECT_EQ(shell.answer(held),
            "200 451-/greet,[\"p\",{\"_placeholder\":true,\"num\":0}]\x1e"
            "bAQID");
}

TEST(Node, SaysWhoWaitsWhoIsPairedAndWhoLeft) {
  Shell shell;
  for (const auto id : {ann, bob}) (void)shell.join(id);
  shell.node.websocket_closed(ann, WebSocketEnd::closed, {});
  EXPECT_EQ(shell.take_logs(LogLevel::info),
            (std::vector<Log>{{LogLevel::info, "/rtc: 1 waits"},
                              {LogLevel::info, "/rtc: 1 calls 2"},
                              {LogLevel::info, "/rtc: 1 left: transport close"},
                              {LogLevel::info, "/rtc: 2 waits"}}));
}

TEST(Node, SaysWhyASessionEnded) {
  Shell shell;
  (void)shell.join(ann);
  shell.send(ann, "42/rtc,[");
  EXPECT_EQ(shell.take_logs(LogLevel::debug),
            (std::vector<Log>{{LogLevel::debug, "Session 1 opened from 127.0.0.1"},
                              {LogLevel::debug, "Session 1 is cut: illegal JSON"},
                              {LogLevel::debug, "Session 1 closed: forced close"}}));
}

TEST(Node, WarnsOfAForeignPageAndSaysWhatToDo) {
  Shell shell;
  auto request = Shell::request("GET", "/socket.io/?EIO=4&transport=polling");
  request.fields.push_back({"Origin", "https://foreign.example"});
  shell.node.request(RequestId{1}, request, {});
  EXPECT_EQ(shell.answer(RequestId{1}), R"(403 {"code":4,"message":"Forbidden"})");
  const auto warnings = shell.take_logs(LogLevel::warning);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(
      warnings.front().text,
      "Refused 127.0.0.1: Forbidden. If pages of https://foreign.example may use this server, "
      "add that to the allowed origins.");
}

TEST(Node, ARefusalThatIsTheClientsFaultIsNoWarning) {
  Shell shell;
  (void)shell.post("nope", "40");
  EXPECT_EQ(shell.take_logs(LogLevel::debug),
            (std::vector<Log>{{LogLevel::debug, "Refused 127.0.0.1: Session ID unknown"}}));
}

TEST(Node, ShuttingDownClosesEverySessionAndTellsNobodyThatTheOtherLeft) {
  Shell shell;
  for (const auto id : {ann, bob, eve}) (void)shell.join(id);
  (void)shell.take(ann);
  (void)shell.take_logs(LogLevel::debug);
  shell.node.shut_down(shell.now);
  for (const auto id : {ann, bob, eve}) EXPECT_EQ(shell.take(id), Frames{"close"});
  EXPECT_EQ(shell.take_logs(LogLevel::info), std::vector<Log>{});
  EXPECT_EQ(shell.node.wake_at(), std::nullopt);
}

}  // namespace
}  // namespace parley::node
