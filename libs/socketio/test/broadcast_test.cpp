// Events to many: whom they reach, how they travel and what they cost, against Socket.IO's
// "Broadcasting events" and "Emit cheatsheet".

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

const Frames event{R"(42["e"])"};
const Frames nothing{};
using Heard = std::vector<Frames>;

struct Three : Host {
  std::vector<Frames> heard() { return {frames(ann), frames(bob), frames(cat)}; }

  std::vector<Send> sends() {
    std::vector<Send> found;
    while (auto output = server.poll()) {
      if (const auto* send = std::get_if<Send>(&*output)) found.push_back(*send);
    }
    return found;
  }

  Socket a = enter(ann);
  Socket b = enter(bob);
  Socket c = enter(cat);
};

TEST(SocketioBroadcast, ANamespaceReachesAllThatAreInIt) {
  Three host;
  host.open(ConnectionId{4});  // is in none
  host.server.of("/").relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{event, event, event}));
  EXPECT_EQ(host.frames(ConnectionId{4}), nothing);
}

TEST(SocketioBroadcast, ASocketReachesAllButItself) {
  Three host;
  host.b.broadcast().relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{event, nothing, event}));
  host.a.join("r");
  host.b.join("r");
  host.b.to("r").relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{event, nothing, nothing}));
  host.b.except("r").relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{nothing, nothing, event}));
}

TEST(SocketioBroadcast, EachWordLeavesTheOneBeforeAsItWas) {
  Three host;
  host.a.join("r");
  host.b.join("s");
  const auto to_r = host.server.of("/").to("r");
  (void)to_r.to("s").except("r");
  to_r.relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{event, nothing, nothing}));
}

TEST(SocketioBroadcast, FlagsGoWithEveryPacket) {
  Three host;
  auto& main = host.server.of("/");
  main.relay(R"(["e"])");
  main.volatile_().relay(R"(["e"])");
  main.compress(false).relay(R"(["e"])");
  host.a.broadcast().volatile_().compress(false).relay(R"(["e"])");
  host.a.relay(R"(["e"])", {.is_volatile = true, .compress = false});
  std::vector<Flags> flags;
  for (const auto& send : host.sends()) flags.push_back(send.flags);
  const Flags plain{}, dropped{.is_volatile = true}, raw{.compress = false},
      both{.is_volatile = true, .compress = false};
  EXPECT_EQ(flags, (std::vector{plain, plain, plain, dropped, dropped, dropped, raw, raw, raw, both,
                                both, both}));
}

TEST(SocketioBroadcast, IsEncodedOnceForAll) {
  Three host;
  host.server.of("/").relay(R"(["e"])");
  const auto sends = host.sends();
  ASSERT_EQ(sends.size(), 3u);
  for (const auto& send : sends)
    EXPECT_EQ(send.data.view().data(), sends.front().data.view().data());
}

TEST(SocketioBroadcast, CarriesBinaryToEachInOnePiece) {
  Three host;
  const std::vector<std::string> picture{"\x01\x02"};
  host.a.broadcast().relay({R"(["p",{"_placeholder":true,"num":0}])", picture});
  const Frames binary{R"(451-["p",{"_placeholder":true,"num":0}])", "b:\x01\x02"};
  EXPECT_EQ(host.heard(), (Heard{nothing, binary, binary}));
}

TEST(SocketioBroadcast, AnAttachmentIsDroppedOnlyWithItsPacket) {
  Three host;
  const std::vector<std::string> two{"x", "y"};
  const std::string_view json =
      R"(["p",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])";
  host.a.relay({json, two}, {.is_volatile = true});
  std::vector<bool> follows;
  for (const auto& send : host.sends()) follows.push_back(send.is_attachment);
  EXPECT_EQ(follows, (std::vector{false, true, true}));
}

TEST(SocketioBroadcast, ReachesNobodyWhoIsNotYetLetIn) {
  Three host;
  auto& slow = host.server.of("/slow");
  slow.use([](Socket socket) {
    socket.join("r");
    return later(&socket.server(), Duration{10}, Verdict{});
  });
  host.receive("40/slow,");
  slow.relay(R"(["early"])");
  slow.to("r").relay(R"(["early"])");
  host.pass(Duration{10});
  slow.to("r").relay(R"(["e"])");
  EXPECT_EQ(host.frames(),
            (Frames{R"(40/slow,{"sid":"AAAAAAAAAAAAAAAAAAAD"})", R"(42/slow,["e"])"}));
}

TEST(SocketioBroadcast, ReachesTheChildrenOfADynamicNamespaceEachUnderItsName) {
  Host host;
  auto& parent = host.server.of([](auto name, auto) { return name.starts_with("/dyn-"); });
  for (const auto id : {ann, bob, cat}) host.open(id);
  host.receive("40/dyn-1,", ann);
  host.receive("40/dyn-2,", bob);
  host.receive("40/dyn-1,", cat);
  for (const auto id : {ann, bob, cat}) (void)host.frames(id);
  parent.relay(R"(["e"])");
  EXPECT_EQ(host.frames(ann), Frames{R"(42/dyn-1,["e"])"});
  EXPECT_EQ(host.frames(bob), Frames{R"(42/dyn-2,["e"])"});
  EXPECT_EQ(host.frames(cat), Frames{R"(42/dyn-1,["e"])"});
  for (const auto& socket : parent.local_sockets()) socket.join("r");
  parent.to("r").relay(R"(["f"])");
  EXPECT_EQ(host.frames(bob), Frames{R"(42/dyn-2,["f"])"});
  host.server.of("/dyn-1").relay(R"(["g"])");
  EXPECT_EQ(host.frames(ann), (Frames{R"(42/dyn-1,["f"])", R"(42/dyn-1,["g"])"}));
  EXPECT_EQ(host.frames(bob), nothing);
}

TEST(SocketioBroadcast, ToRoomsOfManyChildrenIsEncodedOnceForEach) {
  Host host;
  auto& parent = host.server.of([](auto name, auto) { return name.starts_with("/dyn-"); });
  const std::vector ids{ann, bob, cat, ConnectionId{4}};
  for (const auto id : ids) {
    host.open(id);
    host.receive(std::to_underlying(id) % 2 ? "40/dyn-1," : "40/dyn-2,", id);
    (void)host.frames(id);
  }
  parent.broadcast().sockets_join("r");
  parent.to("r").relay(R"(["e"])");
  std::vector<const char*> texts;
  while (auto output = host.server.poll())
    texts.push_back(std::get<Send>(*output).data.view().data());
  std::ranges::sort(texts);
  const auto twice = std::ranges::unique(texts);
  EXPECT_EQ(texts.end() - twice.begin(), 2);
}

}  // namespace
}  // namespace parley::socketio
