// Who is in which room and what that means for a broadcast, against Socket.IO's "Rooms" and "Room
// events". Nothing of it is seen on the wire but the events.

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

// Three who are in "/", and what each was sent.
struct Three : Host {
  explicit Three(Options options = {}) : Host{options} {}

  std::vector<Frames> heard() { return {frames(ann), frames(bob), frames(cat)}; }

  Socket a = enter(ann);
  Socket b = enter(bob);
  Socket c = enter(cat);
};

const Frames event{R"(42["e"])"};
const Frames nothing{};
using Heard = std::vector<Frames>;

TEST(SocketioRooms, ABroadcastReachesWhoIsInTheRoom) {
  Three host;
  host.a.join("r");
  host.c.join("r");
  host.server.of("/").to("r").relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{event, nothing, event}));
}

TEST(SocketioRooms, WhoIsInTwoOfTheRoomsIsSentItOnce) {
  Three host;
  host.a.join("r");
  host.a.join("s");
  host.b.join("s");
  host.server.of("/").to("r").in("s").relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{event, event, nothing}));
}

TEST(SocketioRooms, ARoomOfExceptTakesItsMembersOut) {
  Three host;
  for (const auto& socket : {host.a, host.b, host.c}) socket.join("r");
  host.b.join("not");
  host.server.of("/").to("r").except("not").relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{event, nothing, event}));
  host.server.of("/").except("not").except("nobody").relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{event, nothing, event}));
}

TEST(SocketioRooms, ARoomWithNobodyInItIsNobody) {
  Three host;
  host.server.of("/").to("empty").relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{nothing, nothing, nothing}));
}

TEST(SocketioRooms, EachSocketIsARoomByItself) {
  Three host;
  host.server.of("/").to(host.b.id()).relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{nothing, event, nothing}));
  host.server.of("/").except(host.b.id()).relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{event, nothing, event}));
  host.a.to(host.a.id()).relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{nothing, nothing, nothing}));
}

TEST(SocketioRooms, OthersMayJoinTheRoomOfASocket) {
  Three host;
  host.c.join(host.a.id());
  host.server.of("/").to(host.a.id()).relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{event, nothing, event}));
}

TEST(SocketioRooms, ASocketIsInItsOwnRoomOnce) {
  Three host;
  EXPECT_TRUE(host.a.join(host.a.id()));
  EXPECT_EQ(host.a.rooms(), std::vector<std::string>{first_sid});
  host.server.of("/").to(host.a.id()).relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{event, nothing, nothing}));
}

TEST(SocketioRooms, RoomsAreListedInTheOrderOfJoiningTheOwnOneFirst) {
  Three host;
  host.a.join("z");
  host.a.join("b");
  host.a.join("z");
  EXPECT_EQ(host.a.rooms(), (std::vector<std::string>{first_sid, "z", "b"}));
  host.a.leave("z");
  host.a.leave("never joined");
  EXPECT_EQ(host.a.rooms(), (std::vector<std::string>{first_sid, "b"}));
}

TEST(SocketioRooms, WhoLeftIsSentNothingMore) {
  Three host;
  host.a.join("r");
  host.b.join("r");
  host.a.leave("r");
  host.server.of("/").to("r").relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{nothing, event, nothing}));
}

TEST(SocketioRooms, RoomsOfOneNameInTwoNamespacesAreTwo) {
  Host host;
  host.enter(ann).join("r");
  host.receive("40/custom,");
  host.custom.last->join("r");
  (void)host.frames();
  host.server.of("/custom").to("r").relay(R"(["e"])");
  EXPECT_EQ(host.frames(), Frames{R"(42/custom,["e"])"});
  host.server.of("/custom").to(first_sid).relay(R"(["e"])");
  EXPECT_EQ(host.frames(), nothing);
}

TEST(SocketioRooms, MoreThanTheLimitAreRefused) {
  Three host{{.rooms_max = 2}};
  EXPECT_TRUE(host.a.join("r"));
  EXPECT_TRUE(host.a.join("s"));
  EXPECT_FALSE(host.a.join("t"));
  EXPECT_TRUE(host.a.join("r"));  // it is there already
  EXPECT_EQ(host.a.rooms(), (std::vector<std::string>{first_sid, "r", "s"}));
  host.a.leave("r");
  EXPECT_TRUE(host.a.join("t"));
  EXPECT_TRUE(host.b.join("t"));
}

TEST(SocketioRooms, TheComingAndGoingOfRoomsIsTold) {
  Three host;
  Calls told;
  auto& rooms = host.server.of("/").rooms();
  const auto note = [&](std::string what) {
    return [&told, what](std::string_view room) { told.push_back(what + std::string{room}); };
  };
  const auto note_socket = [&](std::string what) {
    return [&told, what](std::string_view room, SocketId id) {
      told.push_back(what + std::string{room} + " " + std::to_string(std::to_underlying(id)));
    };
  };
  rooms.on_create.add(note("create "));
  rooms.on_delete.add(note("delete "));
  rooms.on_join.add(note_socket("join "));
  rooms.on_leave.add(note_socket("leave "));
  host.a.join("r");
  host.b.join("r");
  host.a.join("r");
  host.a.leave("r");
  host.lose(bob);
  EXPECT_EQ(told,
            (Calls{"create r", "join r 1", "join r 2", "leave r 1", "leave r 2", "delete r"}));
  EXPECT_TRUE(rooms.all().empty());
}

TEST(SocketioRooms, WhoIsDisconnectingIsStillInItsRoomsAndThenInNone) {
  Three host;
  Calls told;
  const auto note = [&](std::string when) {
    return [&told, when](Socket socket, DisconnectReason) {
      told.push_back(when + " " + std::to_string(socket.rooms().size()));
      socket.to("r").relay(R"(["e"])");
    };
  };
  host.server.of("/").on_disconnecting(note("disconnecting"));
  host.server.of("/").on_disconnect(note("disconnect"));
  host.a.join("r");
  host.b.join("r");
  host.lose(ann);
  EXPECT_EQ(told, (Calls{"disconnecting 2", "disconnect 1"}));
  EXPECT_EQ(host.heard(), (Heard{nothing, Frames{event[0], event[0]}, nothing}));
}

TEST(SocketioRooms, WhoHasLeftJoinsNothing) {
  Three host;
  host.lose(ann);
  EXPECT_FALSE(host.a.join("r"));
  host.a.leave("r");
  EXPECT_EQ(host.a.rooms(), std::vector<std::string>{});
  EXPECT_EQ(host.server.of("/").rooms().find("r"), nullptr);
  host.a.to("r").relay(R"(["e"])");
  host.a.broadcast().relay(R"(["e"])");
  EXPECT_EQ(host.heard(), (Heard{nothing, nothing, nothing}));
}

TEST(SocketioRooms, ManySocketsAreFetchedAndMovedAtOnce) {
  Three host;
  host.a.join("r");
  host.c.join("r");
  auto& main = host.server.of("/");
  EXPECT_EQ(main.to("r").local_sockets(), (std::vector{host.a, host.c}));
  main.to("r").sockets_join("s");
  EXPECT_EQ(main.to("s").local_sockets(), (std::vector{host.a, host.c}));
  main.to("r").sockets_leave("r");
  EXPECT_EQ(main.to("r").local_sockets(), std::vector<Socket>{});
  main.to("s").disconnect_sockets();
  EXPECT_EQ(host.heard(), (Heard{Frames{"41"}, nothing, Frames{"41"}}));
  host.pass(Duration{0});
  EXPECT_EQ(main.local_sockets(), std::vector{host.b});
  main.disconnect_sockets(Socket::Scope::whole_connection);
  EXPECT_EQ(host.frames(bob), (Frames{"41", "close"}));
}

}  // namespace
}  // namespace parley::socketio
