// The lesson's exchange among people of several servers that act as one: to each of them it is as
// if there were one. The first server decides who is paired; what servers publish is carried in the
// order in which it was said.

#include "harness.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <utility>

namespace parley::node {
namespace {

constexpr WebSocketId ann{1}, bob{2}, cat{3}, dan{4};
constexpr std::size_t count = 3;
using At = std::size_t;

class Servers {
 public:
  Servers() {
    for (At at = 0; at < count; ++at) {
      Options options;
      options.socketio.cluster.emplace();
      for (At other = 0; other < count; ++other) {
        if (other != at) options.socketio.cluster->others.push_back(socketio::NodeId{other});
      }
      shells_[at] = std::make_unique<Shell>(
          options, at == 0 ? hall::Pairing::here : hall::Pairing::elsewhere, std::byte(at));
    }
  }

  Shell& operator[](At at) { return *shells_[at]; }

  /// What somebody who comes at this server is told at once.
  Frames join(At at, WebSocketId id) {
    auto told = shells_[at]->join(id);
    for (auto& frame : take(at, id)) told.push_back(std::move(frame));
    return told;
  }
  Frames take(At at, WebSocketId id) {
    carry();
    return shells_[at]->take(id);
  }

 private:
  void carry() {
    for (bool said = true; std::exchange(said, false);) {
      for (At from = 0; from < count; ++from) {
        shells_[from]->drain();
        for (const auto& publish : std::exchange(shells_[from]->published, {})) {
          said = true;
          hear(from, publish);
        }
      }
    }
  }
  void hear(At from, const Publish& publish) {
    for (At to = 0; to < count; ++to) {
      if (to != from && publish.to.value_or(socketio::NodeId{to}) == socketio::NodeId{to})
        shells_[to]->node.heard(socketio::NodeId{from}, *publish.message, shells_[to]->now);
    }
  }

  std::array<std::unique_ptr<Shell>, count> shells_;
};

const Frames calls{R"(42/rtc,["identify",true])"};
const Frames receives{R"(42/rtc,["identify",false])"};
const Frames left{R"(42/rtc,["left"])"};

// Where the two of a pair are.
class RtcAmongServers : public testing::TestWithParam<std::pair<At, At>> {
 protected:
  void pair() {
    ASSERT_EQ(servers.join(here, ann), Frames{});
    ASSERT_EQ(servers.join(there, bob), receives);
    ASSERT_EQ(servers.take(here, ann), calls);
  }

  const At here = GetParam().first;
  const At there = GetParam().second;
  Servers servers;
};

TEST_P(RtcAmongServers, PairsTwoWhoComeOneAfterTheOther) {
  pair();
  EXPECT_EQ(servers.join(here, cat), Frames{});
}

TEST_P(RtcAmongServers, RelaysSignalsUntouchedToThePartnerAlone) {
  pair();
  for (At at = 0; at < count; ++at) EXPECT_EQ(servers.join(at, cat), at == 1 ? receives : Frames{});
  EXPECT_EQ(servers.take(0, cat), calls);
  const std::string offer = R"(42/rtc,["signal",{"sdp": {"type":"offer"}, "n":1e20}])";
  servers[here].send(ann, offer);
  EXPECT_EQ(servers.take(there, bob), Frames{offer});
  const std::string binary = R"(451-/rtc,["signal",{"_placeholder":true,"num":0}])";
  servers[there].send(bob, binary);
  servers[there].node.websocket_received(bob, MessageKind::binary, "\x01\x02", {});
  EXPECT_EQ(servers.take(here, ann), (Frames{binary, "b:\x01\x02"}));
  EXPECT_EQ(servers.take(there, bob), Frames{});
  for (At at = 0; at < count; ++at) EXPECT_EQ(servers.take(at, cat), Frames{});
}

TEST_P(RtcAmongServers, TellsWhoIsLeftAndPairsThemWithTheNext) {
  pair();
  servers[here].node.websocket_closed(ann, WebSocketEnd::closed, {});
  EXPECT_EQ(servers.take(there, bob), left);
  servers[there].send(bob, R"(42/rtc,["signal","to nobody"])");
  EXPECT_EQ(servers.join(here, cat), receives);
  EXPECT_EQ(servers.take(there, bob), calls);
  servers[there].send(bob, R"(42/rtc,["signal",1])");
  EXPECT_EQ(servers.take(here, cat), Frames{R"(42/rtc,["signal",1])"});
}

TEST_P(RtcAmongServers, PairsTwoWhoAreLeft) {
  pair();
  EXPECT_EQ(servers.join(there, cat), Frames{});
  EXPECT_EQ(servers.join(here, dan), receives);
  EXPECT_EQ(servers.take(there, cat), calls);
  servers[here].send(ann, "41/rtc,");
  EXPECT_EQ(servers.take(there, bob), left);
  servers[there].send(cat, "41/rtc,");
  EXPECT_EQ(servers.take(here, dan), (Frames{left[0], receives[0]}));
  EXPECT_EQ(servers.take(there, bob), calls);
  servers[here].send(dan, R"(42/rtc,["signal",1])");
  EXPECT_EQ(servers.take(there, bob), Frames{R"(42/rtc,["signal",1])"});
}

TEST_P(RtcAmongServers, ForgetsSomebodyWhoLeavesBeforeAnybodyComes) {
  EXPECT_EQ(servers.join(here, ann), Frames{});
  servers[here].node.websocket_closed(ann, WebSocketEnd::closed, {});
  (void)servers.take(here, ann);
  EXPECT_EQ(servers.join(there, bob), Frames{});
  EXPECT_EQ(servers.join(here, cat), receives);
  EXPECT_EQ(servers.take(there, bob), calls);
}

INSTANTIATE_TEST_SUITE_P(Places, RtcAmongServers,
                         testing::Values(std::pair<At, At>{0, 0}, std::pair<At, At>{0, 1},
                                         std::pair<At, At>{1, 0}, std::pair<At, At>{1, 1},
                                         std::pair<At, At>{1, 2}));

TEST(RtcAmongServers, TellsASignalToThePartnersServerAlone) {
  Servers servers;
  for (const auto& [here, there] : {std::pair<At, At>{1, 2}, {0, 1}, {2, 0}}) {
    (void)servers.join(here, ann);
    (void)servers.join(there, bob);
    (void)servers.take(here, ann);
    servers[here].send(ann, R"(42/rtc,["signal",1])");
    servers[here].drain();
    ASSERT_EQ(servers[here].published.size(), 1u);
    EXPECT_EQ(servers[here].published[0].to, socketio::NodeId{there});
    EXPECT_EQ(servers.take(there, bob).size(), 1u);
    servers[here].node.websocket_closed(ann, WebSocketEnd::closed, {});
    servers[there].node.websocket_closed(bob, WebSocketEnd::closed, {});
    (void)servers.take(0, cat);
  }
}

TEST(RtcAmongServers, TellsTheReceiverFirstSoThatNoSignalIsEarly) {
  Servers servers;
  (void)servers.join(1, ann);
  (void)servers[2].join(bob);
  for (const auto& publish : std::exchange(servers[2].published, {}))
    servers[0].node.heard(socketio::NodeId{2}, *publish.message, {});
  servers[0].drain();
  auto& said = servers[0].published;
  ASSERT_EQ(said.size(), 2u);
  servers[2].node.heard(socketio::NodeId{0}, *said[0].message, {});
  EXPECT_EQ(servers[2].take(bob), receives);
  servers[1].node.heard(socketio::NodeId{0}, *said[1].message, {});
  EXPECT_EQ(servers[1].take(ann), calls);
}

TEST(RtcAmongServers, WhoIsPairedWithSomebodyWhoHasJustGoneIsToldThatToo) {
  Servers servers;
  (void)servers.join(1, ann);
  servers[1].node.websocket_closed(ann, WebSocketEnd::closed, {});
  EXPECT_EQ(servers.join(0, bob), (Frames{receives[0], left[0]}));
  EXPECT_EQ(servers.join(2, cat), receives);
  EXPECT_EQ(servers.take(0, bob), calls);
}

TEST(RtcAmongServers, LogsPeopleOfAllByTheirArrival) {
  Servers servers;
  (void)servers.join(1, ann);
  (void)servers.join(2, bob);
  servers[1].node.websocket_closed(ann, WebSocketEnd::closed, {});
  (void)servers.take(2, bob);
  EXPECT_EQ(servers[0].take_logs(LogLevel::info),
            (std::vector<Log>{{LogLevel::info, "/rtc: 1 waits"},
                              {LogLevel::info, "/rtc: 1 calls 2"},
                              {LogLevel::info, "/rtc: 1 left: transport close"},
                              {LogLevel::info, "/rtc: 2 waits"}}));
}

}  // namespace
}  // namespace parley::node
