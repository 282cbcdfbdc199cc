// Handlers that take an event's values, and what is sent as values, through a whole server.

#include "harness.hpp"

#include <gtest/gtest.h>

#include <map>

namespace parley::socketio {
namespace {

struct SocketioValues : ::testing::Test {
  SocketioValues() { host.open_and_join(); }

  Host host;
  Namespace& main = host.server.of("/");
  std::vector<std::string> heard;
};

TEST_F(SocketioValues, AHandlerTakesThemAsWhatItNames) {
  main.on("move", [&](Socket socket, int x, double y, const std::string& why) {
    heard.push_back(std::string{socket.id()} + " " + std::to_string(x + 1) + " " +
                    std::to_string(y * 2) + " " + why);
  });
  host.receive(R"(42["move",3,0.5,"\u0061ll"])");
  EXPECT_EQ(heard, Calls{first_sid + " 4 1.000000 all"});
}

TEST_F(SocketioValues, WhatIsMissingIsEmptyAndWhatIsTooMuchIsIgnored) {
  main.on("maybe", [&](Socket, std::optional<int> number) {
    heard.push_back(number ? std::to_string(*number) : "none");
  });
  host.receive(R"(42["maybe"])");
  host.receive(R"(42["maybe",null])");
  host.receive(R"(42["maybe",1,2])");
  EXPECT_EQ(heard, (Calls{"none", "none", "1"}));
}

TEST_F(SocketioValues, AnEventWhoseValuesDoNotFitIsDroppedAndTheHostIsTold) {
  main.on("move", [&](Socket, int, int) { heard.emplace_back("called"); });
  host.receive(R"(42["move",1,"two"])");
  EXPECT_EQ(heard, Calls{});
  EXPECT_EQ(host.take_failures(),
            Frames{"/: move: argument 1: " + std::string{text(JsonFault::wrong_kind)}});
  EXPECT_EQ(host.frames(), Frames{});
}

TEST_F(SocketioValues, AFunctionWillDoAsWell) {
  main.on("echo", +[](Socket socket, Json value) { socket.emit("echo", value); });
  host.receive(R"(42["echo",{"deep":[1e2]}])");
  EXPECT_EQ(host.frames(), Frames{R"(42["echo",{"deep":[1e2]}])"});
}

TEST_F(SocketioValues, ASocketHasHandlersOfItsOwn) {
  host.main.last->on("ping", [&](Socket socket) { socket.emit("pong"); });
  host.receive(R"(42["ping"])");
  EXPECT_EQ(host.frames(), Frames{R"(42["pong"])"});
}

TEST_F(SocketioValues, BytesAreSentAsAttachments) {
  host.main.last->emit("file", "name", Bytes{"\x01\x02"}, std::map<std::string, int>{{"size", 2}});
  EXPECT_EQ(
      host.frames(),
      (Frames{R"(451-["file","name",{"_placeholder":true,"num":0},{"size":2}])", "b:\x01\x02"}));
}

TEST_F(SocketioValues, BytesAreReadWhereTheyLie) {
  main.on("file", [&](Socket, Text name, Bytes data) {
    heard.push_back(std::string{name.view()} + " " + std::to_string(data.data.size()));
  });
  host.receive(R"(451-["file","a.txt",{"_placeholder":true,"num":0}])");
  host.receive_binary("12345");
  EXPECT_EQ(heard, Calls{"a.txt 5"});
}

TEST_F(SocketioValues, AnAcknowledgementCarriesValues) {
  main.on("add", [](Event& event) {
    const auto values = event.get<int, int>();
    if (values) event.ack(std::get<0>(*values) + std::get<1>(*values), "sum");
  });
  host.receive(R"(427["add",3,4])");
  EXPECT_EQ(host.frames(), Frames{R"(437[7,"sum"])"});
}

TEST_F(SocketioValues, AHandlerMayBeAFlowThatAsksBack) {
  main.on("start", [&](KeptEvent event) -> flow::task<> {
    auto question = event.socket.emit_with_ack("how many", "apples");
    const auto answer = co_await std::move(question);
    const auto count = values_of<int>(answer);
    event.ack(count ? std::get<0>(*count) : -1);
  });
  host.receive(R"(421["start"])");
  EXPECT_EQ(host.frames(), Frames{R"(420["how many","apples"])"});
  host.receive("430[5]");
  EXPECT_EQ(host.frames(), Frames{"431[5]"});
}

}  // namespace
}  // namespace parley::socketio
