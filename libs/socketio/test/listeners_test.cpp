// When handlers are called and when no more, against Socket.IO's "Listening to events",
// "Socket#use" and what Node's EventEmitter does if a listener comes or goes while the others are
// called.

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

// The handlers of a test, each of which writes down that it was called.
struct Listening : Host {
  Listening() { enter(ann); }

  EventHandler note(std::string what) {
    return [this, what](Event&) { calls.push_back(what); };
  }
  Calls hear(std::string_view frame = R"(42["e"])") {
    receive(frame);
    return std::exchange(calls, {});
  }

  Namespace& all = server.of("/");
  Calls calls;
};

TEST(SocketioListeners, AreCalledInTheOrderOfTheirRegistration) {
  Listening host;
  host.all.on("e", host.note("one"));
  host.all.on("f", host.note("other"));
  host.all.on("e", host.note("two"));
  EXPECT_EQ(host.hear(), (Calls{"one", "two"}));
  EXPECT_EQ(host.hear(R"(42["f"])"), Calls{"other"});
  EXPECT_EQ(host.hear(R"(42["g"])"), Calls{});
}

TEST(SocketioListeners, AnEventsNameIsWhatItsTextMeans) {
  Listening host;
  host.all.on("signal", host.note("signal"));
  host.all.on("7", host.note("seven"));
  EXPECT_EQ(host.hear(R"(42["\u0073ignal"])"), Calls{"signal"});
  EXPECT_EQ(host.hear("42[7]"), Calls{"seven"});
}

TEST(SocketioListeners, ThoseOfTheNamespaceComeBeforeTheSockets) {
  Listening host;
  host.main.last->on("e", host.note("socket"));
  host.main.last->on_any(host.note("socket, any"));
  host.all.on("e", host.note("namespace"));
  host.all.on_any(host.note("namespace, any"));
  EXPECT_EQ(host.hear(), (Calls{"namespace, any", "socket, any", "namespace", "socket"}));
}

TEST(SocketioListeners, ThoseForAnyEventAndThenTheFiltersComeFirst) {
  Listening host;
  bool wanted = false;
  host.all.on("e", host.note("handler"));
  host.all.use_events([&](Event&) {
    host.calls.emplace_back("filter");
    return wanted;
  });
  host.all.use_events([&](Event&) {
    host.calls.emplace_back("second");
    return true;
  });
  host.all.on_any(host.note("any"));
  EXPECT_EQ(host.hear(), (Calls{"any", "filter"}));
  EXPECT_EQ(host.frames(), Frames{});  // its sender learns nothing
  wanted = true;
  EXPECT_EQ(host.hear(), (Calls{"any", "filter", "second", "handler"}));
}

TEST(SocketioListeners, OneThatWasTakenOffIsNotCalled) {
  Listening host;
  const auto listener = host.all.on("e", host.note("one"));
  host.all.on("e", host.note("two"));
  listener.off();
  listener.off();
  EXPECT_EQ(host.hear(), Calls{"two"});
}

TEST(SocketioListeners, OneMayTakeItselfOff) {
  Listening host;
  Listener once;
  once = host.all.on("e", [&](Event&) {
    once.off();
    host.calls.emplace_back("once");
  });
  host.all.on("e", host.note("always"));
  EXPECT_EQ(host.hear(), (Calls{"once", "always"}));
  EXPECT_EQ(host.hear(), Calls{"always"});
}

TEST(SocketioListeners, OneThatAnotherTakesOffIsNotCalledAnyMore) {
  Listening host;
  Listener second;
  host.all.on("e", [&](Event&) { second.off(); });
  second = host.all.on("e", host.note("second"));
  EXPECT_EQ(host.hear(), Calls{});
}

TEST(SocketioListeners, OneThatComesDuringTheCallWaitsForTheNext) {
  Listening host;
  bool is_first = true;
  host.all.on("e", [&](Event&) {
    if (std::exchange(is_first, false))
      for (int n = 0; n < 100; ++n) host.all.on("e", host.note("new"));
  });
  EXPECT_EQ(host.hear(), Calls{});
  EXPECT_EQ(host.hear(), Calls(100, "new"));
}

TEST(SocketioListeners, WhatIsInAHandlerLivesAsLongAsItsCall) {
  Listening host;
  auto self = std::make_shared<Listener>();
  auto kept = std::make_shared<std::string>("here");
  const std::weak_ptr<std::string> watched = kept;
  *self = host.all.on("e", [&host, self, kept = std::move(kept)](Event& event) {
    self->off();
    host.all.on("f", host.note("f"));
    (void)event.socket().server().of("/another");
    host.calls.push_back(*kept);
  });
  EXPECT_EQ(host.hear(), Calls{"here"});
  EXPECT_EQ(host.hear(), Calls{});
  EXPECT_TRUE(watched.expired());
}

TEST(SocketioListeners, AScopedOneEndsWithItsScope) {
  Listening host;
  ScopedListener kept;
  {
    const ScopedListener inner = host.all.on("e", host.note("inner"));
    ScopedListener moved = host.all.on("e", host.note("moved"));
    kept = host.all.on("e", host.note("replaced"));
    kept = std::move(moved);
    EXPECT_EQ(host.hear(), (Calls{"inner", "moved"}));
  }
  EXPECT_EQ(host.hear(), Calls{"moved"});
}

TEST(SocketioListeners, OnesThatCameAndWentTakeNoRoom) {
  Listening host;
  const auto kept = std::make_shared<int>();
  for (int n = 0; n < 1'000; ++n) {
    const ScopedListener brief = host.all.on("never", [kept](Event&) {});
  }
  EXPECT_LT(kept.use_count(), 100);
}

TEST(SocketioListeners, ASocketsOwnGoWithIt) {
  Listening host;
  const auto kept = std::make_shared<int>();
  const auto listener = host.main.last->on("e", [kept](Event&) {});
  host.main.last->on_disconnect([kept](DisconnectReason) {});
  host.lose();
  EXPECT_EQ(kept.use_count(), 1);
  listener.off();
  host.enter(bob);
  host.receive(R"(42["e"])", bob);
  EXPECT_EQ(host.calls, Calls{});
}

TEST(SocketioListeners, ASocketThatHasLeftTakesNone) {
  Listening host;
  const auto socket = *host.main.last;
  host.lose();
  const auto kept = std::make_shared<int>();
  socket.on("e", [kept](Event&) {}).off();
  socket.on_any([kept](Event&) {});
  socket.on_disconnecting([kept](DisconnectReason) {});
  socket.on_disconnect([kept](DisconnectReason) {});
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_EQ(socket.data(), nullptr);
  EXPECT_EQ(socket.handshake(), nullptr);
}

TEST(SocketioListeners, OneThatDisconnectsItsSocketIsTheLastThatHearsTheEvent) {
  Listening host;
  host.all.on("e", [&](Event& event) { event.socket().disconnect(); });
  host.all.on("e", host.note("second"));
  host.main.last->on("e", host.note("socket"));
  EXPECT_EQ(host.hear(), Calls{});
  EXPECT_EQ(host.frames(), Frames{"41"});
}

TEST(SocketioListeners, AFilterThatDisconnectsItsSocketEndsTheEvent) {
  Listening host;
  host.all.use_events([](Event& event) {
    event.socket().disconnect(Socket::Scope::whole_connection);
    return true;
  });
  host.all.on("e", host.note("handler"));
  EXPECT_EQ(host.hear(), Calls{});
  EXPECT_EQ(host.frames(), (Frames{"41", "close"}));
}

TEST(SocketioListeners, AnEventIsAnsweredOnceWhoeverAnswers) {
  Listening host;
  host.all.on("e", [](Event& event) { event.ack.relay("[1]"); });
  host.all.on("e", [&](Event& event) {
    EXPECT_FALSE(event.ack);
    event.ack.relay("[2]");
  });
  host.receive(R"(420["e"])");
  EXPECT_EQ(host.frames(), Frames{"430[1]"});
}

TEST(SocketioListeners, DeparturesAreToldInTheOrderOfRegistration) {
  Listening host;
  const auto note = [&](std::string what) {
    return [&host, what](Socket, DisconnectReason) { host.calls.push_back(what); };
  };
  const auto note_own = [&](std::string what) {
    return [&host, what](DisconnectReason) { host.calls.push_back(what); };
  };
  host.main.last->on_disconnect(note_own("socket gone"));
  host.main.last->on_disconnecting(note_own("socket going"));
  host.all.on_disconnect(note("gone"));
  const auto off = host.all.on_disconnect(note("taken off"));
  host.all.on_disconnecting(note("going"));
  off.off();
  host.lose();
  EXPECT_EQ(host.calls, (Calls{"going", "socket going", "gone", "socket gone"}));
}

}  // namespace
}  // namespace parley::socketio
