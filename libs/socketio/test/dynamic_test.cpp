// Namespaces that are made when a client asks for them, against Socket.IO's "Dynamic namespaces".

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

bool is_dynamic(std::string_view name, std::string_view) { return name.starts_with("/dyn-"); }

struct Dynamic : Host {
  explicit Dynamic(Options options = {}) : Host{options} {
    open(ann);
    open(bob);
    server.on_new_namespace = [this](Namespace& made) { calls.push_back("made " + made.name()); };
    parent.on_connection(
        [this](Socket socket) { calls.push_back("parent's " + socket.name_space()->name()); });
  }

  Namespace& parent = server.of(is_dynamic);
  Calls calls;
};

const std::string refused = R"({"message":"Invalid namespace"})";

TEST(SocketioDynamic, ANamespaceIsMadeForTheFirstWhoAsks) {
  Dynamic host;
  host.receive("40/dyn-1,", ann);
  host.receive("40/dyn-1,", bob);
  host.receive("40/other,", bob);
  EXPECT_EQ(host.frames(ann), Frames{R"(40/dyn-1,{"sid":"AAAAAAAAAAAAAAAAAAAA"})"});
  EXPECT_EQ(host.frames(bob),
            (Frames{R"(40/dyn-1,{"sid":"AAAAAAAAAAAAAAAAAAAB"})", "44/other," + refused}));
  EXPECT_EQ(host.calls, (Calls{"made /dyn-1", "parent's /dyn-1", "parent's /dyn-1"}));
}

TEST(SocketioDynamic, SoManyAreMadeAndNoMoreUntilOneIsGone) {
  Dynamic host{{.child_namespaces_max = 1, .cleanup_empty_child_namespaces = true}};
  host.receive("40/dyn-1,", ann);
  host.receive("40/dyn-2,", bob);
  EXPECT_EQ(host.frames(bob), Frames{"44/dyn-2," + refused});
  host.receive("41/dyn-1,", ann);
  host.receive("40/dyn-2,", bob);
  EXPECT_TRUE(host.frames(bob).front().starts_with("40/dyn-2,{"));
}

TEST(SocketioDynamic, TheMatcherSeesNameAndAuth) {
  Host host;
  Calls asked;
  host.server.of([&](std::string_view name, std::string_view auth) {
    asked.push_back(std::string{name} + " " + std::string{auth});
    return auth.contains("secret");
  });
  host.open();
  host.receive("40/a,");
  host.receive(R"(40/a,{"key":"secret"})");
  EXPECT_EQ(asked, (Calls{"/a {}", R"(/a {"key":"secret"})"}));
  EXPECT_EQ(host.frames(), (Frames{"44/a," + refused, R"(40/a,{"sid":"AAAAAAAAAAAAAAAAAAAA"})"}));
}

TEST(SocketioDynamic, TheFirstMatcherCountsAndANamespaceOfThatNameBeforeAny) {
  Dynamic host;
  host.server.of("/dyn-own").on_connection([&](Socket) { host.calls.emplace_back("own"); });
  host.server.of(is_dynamic).on_connection([&](Socket) { host.calls.emplace_back("second"); });
  host.receive("40/dyn-own,");
  host.receive("40/dyn-1,");
  EXPECT_EQ(host.calls, (Calls{"own", "made /dyn-1", "parent's /dyn-1"}));
}

TEST(SocketioDynamic, MiddlewaresAndHandlersAreTakenOver) {
  Dynamic host;
  host.parent.use([](Socket socket) -> Verdict {
    if (socket.auth() == "{}") return std::unexpected{ConnectError{"who are you?"}};
    return {};
  });
  host.parent.on("e", [&](Event& event) {
    host.calls.push_back("event " + std::string{event.arguments().json});
  });
  host.parent.on_disconnect(
      [&](Socket, DisconnectReason reason) { host.calls.emplace_back(text(reason)); });
  host.receive("40/dyn-1,");
  EXPECT_EQ(host.frames(), Frames{R"(44/dyn-1,{"message":"who are you?"})"});
  host.receive(R"(40/dyn-1,{"name":"Ann"})");
  host.receive(R"(42/dyn-1,["e"])");
  host.lose();
  EXPECT_EQ(host.calls,
            (Calls{"made /dyn-1", "parent's /dyn-1", R"(event ["e"])", "transport close"}));
}

TEST(SocketioDynamic, AChildsOwnHandlersComeAfterTheParentsAndAreItsOwn) {
  Dynamic host;
  const auto note = [&](std::string what) {
    return [&host, what](Event&) { host.calls.push_back(what); };
  };
  host.server.on_new_namespace = [&](Namespace& made) { made.on("e", note(made.name())); };
  host.parent.on("e", note("parent"));
  host.receive("40/dyn-1,");
  host.receive("40/dyn-2,");
  host.calls.clear();
  host.receive(R"(42/dyn-1,["e"])");
  EXPECT_EQ(host.calls, (Calls{"parent", "/dyn-1"}));
}

TEST(SocketioDynamic, AHandlerThatComesLateToTheParentHoldsForItsChildrenToo) {
  Dynamic host;
  host.receive("40/dyn-1,");
  host.parent.on("e", [&](Event&) { host.calls.emplace_back("late"); });
  host.receive(R"(42/dyn-1,["e"])");
  EXPECT_EQ(host.calls.back(), "late");
}

TEST(SocketioDynamic, AnEmptyChildStaysUnlessAskedOtherwise) {
  Dynamic host;
  host.receive("40/dyn-1,");
  host.receive("41/dyn-1,");
  host.receive("40/dyn-1,");
  EXPECT_EQ(host.calls, (Calls{"made /dyn-1", "parent's /dyn-1", "parent's /dyn-1"}));
}

TEST(SocketioDynamic, AnEmptyChildIsRemovedWithItsLastSocketIfAskedTo) {
  Dynamic host{{.cleanup_empty_child_namespaces = true}};
  host.receive("40/dyn-1,", ann);
  host.receive("40/dyn-1,", bob);
  host.receive("41/dyn-1,", ann);
  host.receive("40/dyn-1,", ann);
  host.lose(ann);
  host.lose(bob);
  host.open(cat);
  host.receive("40/dyn-1,", cat);
  EXPECT_EQ(std::ranges::count(host.calls, "made /dyn-1"), 2);
}

TEST(SocketioDynamic, AChildThatRefusesItsFirstIsRemovedToo) {
  Dynamic host{{.cleanup_empty_child_namespaces = true}};
  host.parent.use([](Socket) -> Verdict { return std::unexpected{ConnectError{"no"}}; });
  host.receive("40/dyn-1,");
  host.receive("40/dyn-1,");
  EXPECT_EQ(host.calls, (Calls{"made /dyn-1", "made /dyn-1"}));
}

TEST(SocketioDynamic, AChildStaysWhileSomebodyIsStillAskedAbout) {
  Dynamic host{{.cleanup_empty_child_namespaces = true}};
  host.parent.use([&](Socket socket) {
    return later(&host.server, socket.auth() == "{}" ? 0ms : 10ms, Verdict{});
  });
  host.receive("40/dyn-1,", ann);
  host.receive(R"(40/dyn-1,{"slow":1})", bob);
  host.pass(0ms);
  host.receive("41/dyn-1,", ann);
  host.pass(10ms);
  EXPECT_EQ(host.frames(bob), Frames{R"(40/dyn-1,{"sid":"AAAAAAAAAAAAAAAAAAAB"})"});
  EXPECT_EQ(host.server.of("/dyn-1").socket_count(), 1u);
  EXPECT_EQ(std::ranges::count(host.calls, "made /dyn-1"), 1);
}

TEST(SocketioDynamic, QuestionsOfParentAndChildHaveDifferentNumbers) {
  Dynamic host;
  std::optional<Socket> socket;
  host.parent.on_connection([&](Socket connected) { socket = connected; });
  host.receive("40/dyn-1,");
  (void)host.frames();
  host.main.ask(*socket, R"(["one"])");
  std::vector<std::string> answered;
  host.server.spawn(
      [](Dynamic* self, std::vector<std::string>* to) -> flow::task<> {
        Arguments question{R"(["all"])", {}};
        const auto answers = co_await self->parent.broadcast().timeout(1s).ask(std::move(question));
        for (const auto& answer : answers.values) to->push_back(answer.json);
      }(&host, &answered),
      "question to all");
  EXPECT_EQ(host.frames(), (Frames{R"(42/dyn-1,0["one"])", R"(42/dyn-1,1["all"])"}));
  host.receive("43/dyn-1,1[1]");
  host.receive("43/dyn-1,0[0]");
  EXPECT_EQ(answered, Frames{"[1]"});
  EXPECT_EQ(host.main.take().back(), "acknowledged 1 [0]");
}

}  // namespace
}  // namespace parley::socketio
