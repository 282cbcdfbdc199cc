// Who is let in and by whom, against Socket.IO's "Middlewares" and what socket.io 4.8.4 does while
// one takes its time.

#include "harness.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

// A namespace of its own, because the harness's recorder is a middleware too.
struct Door : Host {
  Door() {
    open();
    door.on_connection([this](Socket socket) {
      calls.push_back("connected");
      last = socket;
    });
    door.on_disconnecting([this](Socket, DisconnectReason) { calls.push_back("disconnecting"); });
    door.on_disconnect([this](Socket, DisconnectReason) { calls.push_back("disconnect"); });
  }

  Middleware note(std::string what) {
    return [this, what](Socket) -> Verdict {
      calls.push_back(what);
      return {};
    };
  }
  AsyncMiddleware wait(Duration time, Verdict verdict = {}) {
    return [this, time, verdict](Socket socket) {
      calls.push_back("wait");
      asked = socket;
      return later(&server, time, verdict);
    };
  }

  Namespace& door = server.of("/door");
  Calls calls;
  std::optional<Socket> asked, last;
};

const Frames let_in{R"(40/door,{"sid":"AAAAAAAAAAAAAAAAAAAA"})"};
const Frames nothing{};

TEST(SocketioMiddleware, AreAskedInTheOrderOfTheirRegistration) {
  Door host;
  host.door.use(host.note("one"));
  host.door.use(host.wait(10ms));
  host.door.use(host.note("two"));
  host.receive("40/door,");
  EXPECT_EQ(host.calls, (Calls{"one", "wait"}));
  EXPECT_EQ(host.server.wake_at(), start + 10ms);
  host.pass(10ms);
  EXPECT_EQ(host.calls, (Calls{"one", "wait", "two", "connected"}));
  EXPECT_EQ(host.frames(), let_in);
}

TEST(SocketioMiddleware, TheFirstRefusalCounts) {
  Door host;
  host.door.use(host.wait(10ms, std::unexpected{ConnectError{"no", R"({"code":42})"}}));
  host.door.use(host.note("not asked"));
  host.receive("40/door,");
  host.pass(10ms);
  EXPECT_EQ(host.calls, Calls{"wait"});
  EXPECT_EQ(host.frames(), Frames{R"(44/door,{"message":"no","data":{"code":42}})"});
  EXPECT_FALSE(host.asked->connected());
  EXPECT_EQ(host.door.socket_count(), 0u);
}

TEST(SocketioMiddleware, AFlowThatFailsRefusesWithItsText) {
  Door host;
  host.door.use([](Socket) -> flow::task<Verdict> {
    co_await flow::fail(flow::Error{AckFault::disconnected, "the users' database is away"});
    co_return Verdict{};
  });
  host.receive("40/door,");
  EXPECT_EQ(host.frames(), Frames{R"(44/door,{"message":"the users' database is away"})"});
  EXPECT_EQ(host.take_failures(), Frames{});
}

TEST(SocketioMiddleware, OneThatThrowsRefusesToo) {
  Door host;
  bool is_broken = true;
  host.door.use([&](Socket) -> Verdict {
    if (is_broken) throw std::runtime_error{"broken"};
    return {};
  });
  host.receive("40/door,");
  const auto refused = host.frames();
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_TRUE(refused.front().starts_with(R"(44/door,{"message":")")) << refused.front();
  is_broken = false;
  host.receive("40/door,");
  EXPECT_EQ(host.frames(), Frames{R"(40/door,{"sid":"AAAAAAAAAAAAAAAAAAAB"})"});
}

TEST(SocketioMiddleware, WhoIsLostMeanwhileIsNeitherConnectedNorDisconnected) {
  Door host;
  host.door.use(host.wait(10ms));
  host.door.use(host.note("not asked"));
  host.receive("40/door,");
  host.lose();
  EXPECT_EQ(host.asked->name_space(), nullptr);
  host.pass(10ms);
  EXPECT_EQ(host.calls, Calls{"wait"});
  EXPECT_EQ(host.frames(), nothing);
  EXPECT_EQ(host.server.wake_at(), std::nullopt);
}

TEST(SocketioMiddleware, WhatOneEmitsGoesOutBeforeTheReply) {
  Door host;
  host.door.use([](Socket socket) -> Verdict {
    EXPECT_FALSE(socket.connected());
    socket.relay(R"(["early"])");
    return {};
  });
  host.receive("40/door,");
  EXPECT_EQ(host.frames(), (Frames{R"(42/door,["early"])", let_in.front()}));
}

TEST(SocketioMiddleware, ARoomJoinedInOneIsKeptIfItLetsIn) {
  Door host;
  host.door.use([](Socket socket) -> Verdict {
    socket.join("r");
    return {};
  });
  host.receive("40/door,");
  EXPECT_EQ(host.last->rooms(), (std::vector<std::string>{first_sid, "r"}));
}

TEST(SocketioMiddleware, ARoomJoinedInOneIsLeftIfItRefuses) {
  Door host;
  host.door.use([](Socket socket) -> Verdict {
    socket.join("r");
    return std::unexpected{ConnectError{"no"}};
  });
  host.receive("40/door,");
  EXPECT_EQ(host.door.rooms().find("r"), nullptr);
}

TEST(SocketioMiddleware, WhatItKeepsOfASocketIsThereWhenItIsConnected) {
  Door host;
  host.door.use([](Socket socket) -> Verdict {
    *socket.data() = std::string{"Ann"};
    return {};
  });
  host.receive("40/door,");
  EXPECT_EQ(std::any_cast<std::string>(*host.last->data()), "Ann");
}

TEST(SocketioMiddleware, AnEventForANamespaceThatStillAsksEndsTheConnection) {
  Door host;
  host.door.use(host.wait(10ms));
  host.receive("40/door,");
  host.receive(R"(42/door,["early"])");
  EXPECT_EQ(host.frames(), Frames{"close: packet for a namespace that was not joined"});
  host.pass(10ms);
  EXPECT_EQ(host.calls, Calls{"wait"});
}

TEST(SocketioMiddleware, ASecondConnectMeanwhileEndsTheConnection) {
  Door host;
  host.door.use(host.wait(10ms));
  host.receive("40/door,");
  host.receive("40/door,");
  EXPECT_EQ(host.frames(), Frames{"close: second CONNECT to a namespace"});
}

TEST(SocketioMiddleware, OtherNamespacesNeedNotWait) {
  Door host;
  host.door.use(host.wait(10ms));
  host.receive("40/door,");
  host.receive("40");
  EXPECT_EQ(host.frames(), Frames{R"(40{"sid":"AAAAAAAAAAAAAAAAAAAB"})"});
  host.pass(10ms);
  EXPECT_EQ(host.frames(), let_in);
}

TEST(SocketioMiddleware, AskingDoesNotCountAsJoining) {
  Door host;
  host.door.use(host.wait(1h));
  host.receive("40/door,");
  host.pass(45s);
  EXPECT_EQ(host.frames(), Frames{"close: joined no namespace in time"});
  EXPECT_EQ(host.server.connection_count(), 0u);
  host.pass(1h);
  EXPECT_EQ(host.calls, Calls{"wait"});
}

TEST(SocketioMiddleware, OneMayDisconnectTheSocketItIsAskedAbout) {
  Door host;
  host.door.use([](Socket socket) -> Verdict {
    socket.disconnect(Socket::Scope::whole_connection);
    return {};
  });
  host.door.use(host.note("not asked"));
  host.receive("40/door,");
  EXPECT_EQ(host.frames(), Frames{"close"});
  EXPECT_EQ(host.calls, Calls{});
}

}  // namespace
}  // namespace parley::socketio
