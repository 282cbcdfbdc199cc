// A server with Parser::msgpack, against the packets of socket.io-msgpack-parser 3.0.2:
// one binary message each, whatever is in them.

#include "harness.hpp"

#include <parley/socketio/msgpack.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace parley::socketio {
namespace {

// "\x83" and so on have zeros in them.
template <std::size_t size>
std::string bytes(const char (&literal)[size]) {
  return {literal, size - 1};
}

std::string event(std::string_view json, const std::vector<std::string>& attachments = {},
                  std::optional<AckId> ack = {}) {
  return encode_msgpack({.type = PacketType::event, .ack = ack, .json = json}, attachments);
}

Options with_msgpack(Options options = {}) {
  options.parser = Parser::msgpack;
  return options;
}

const auto connect = bytes("\x82\xa4type\x00\xa3nsp\xa1/");

struct MsgpackHost : Host {
  explicit MsgpackHost(Options options = {}) : Host{with_msgpack(options)} {}

  Socket enter(ConnectionId id = ann) {
    open(id);
    receive_binary(connect, id);
    (void)frames(id);
    main.calls.clear();
    return *main.last;
  }
};

TEST(SocketioMsgpack, AClientIsLetInAndHeard) {
  MsgpackHost host;
  host.open();
  host.receive_binary(
      bytes("\x83\xa4type\x00\xa4"
            "data\x81\xa1w\x01\xa3nsp\xa1/"));
  EXPECT_EQ(host.frames(), (Frames{"b:" +
                                   bytes("\x83\xa4type\x00\xa4"
                                         "data\x81\xa3sid\xb4") +
                                   first_sid + bytes("\xa3nsp\xa1/")}));
  host.receive_binary(
      bytes("\x84\xa4type\x02\xa4"
            "data\x92\xa1x\x07\xa2id\x03\xa3nsp\xa1/"));
  EXPECT_EQ(host.main.take(), (Calls{R"(admit {"w":1} /socket.io/?EIO=4)", "connected 1",
                                     R"(received 1 x ["x",7] ack)", "returned"}));
}

TEST(SocketioMsgpack, EventsAndAnswersAreOneMessageEachWithTheirAttachments) {
  MsgpackHost host;
  const auto socket = host.enter();
  const std::vector<std::string> two{"\x01\x02", ""};
  host.main.on_received = [&](Event& e) { e.ack.relay(e.arguments()); };
  socket.emit("e", Bytes{two[0]}, 1, Bytes{two[1]});
  host.receive_binary(event(R"(["q",{"_placeholder":true,"num":0}])", {"x"}, AckId{5}));
  EXPECT_EQ(host.frames(), (Frames{"b:" + bytes("\x83\xa4type\x02\xa4"
                                                "data\x94\xa1"
                                                "e\xc4\x02\x01\x02\x01\xc4\x00\xa3nsp\xa1/"),
                                   "b:" + bytes("\x84\xa4type\x03\xa4"
                                                "data\x92\xa1q\xc4\x01x\xa2id\x05\xa3nsp\xa1/")}));
}

TEST(SocketioMsgpack, ABroadcastIsWrittenOnceForAll) {
  MsgpackHost host;
  host.enter(ann);
  host.enter(bob);
  host.server.of("/").emit("e", Bytes{"xy"});
  std::vector<const char*> where;
  while (auto output = host.server.poll()) {
    const auto& send = std::get<Send>(*output);
    EXPECT_EQ(send.kind, MessageKind::binary);
    EXPECT_FALSE(send.is_attachment);
    where.push_back(send.data.view().data());
  }
  EXPECT_EQ(where.size(), 2U);
  EXPECT_EQ(where.front(), where.back());
}

TEST(SocketioMsgpack, AClientIsToldThatItIsRefusedOrSentAway) {
  MsgpackHost host;
  host.main.refusal = ConnectError{.message = "no", .data = "[1]"};
  host.open();
  host.receive_binary(connect);
  host.main.refusal.reset();
  host.receive_binary(connect);
  host.main.last->disconnect();
  const auto frames = host.frames();
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames.front(), "b:" + bytes("\x83\xa4type\x04\xa4"
                                         "data\x82\xa7message\xa2no\xa4"
                                         "data\x91\x01\xa3nsp\xa1/"));
  EXPECT_EQ(frames.back(), "b:" + bytes("\x82\xa4type\x01\xa3nsp\xa1/"));
}

TEST(SocketioMsgpack, ANamespaceHasANameThatTheUsualParserCouldNameToo) {
  MsgpackHost host;
  host.server.of([](std::string_view, std::string_view) { return true; });
  host.open();
  for (const std::string name : {"", "x", "#0", "/a,b"}) {
    host.receive_binary(encode_msgpack({.type = PacketType::connect, .name_space = name}, {}));
    EXPECT_EQ(host.frames(),
              (Frames{"b:" + encode_msgpack({.type = PacketType::connect_error,
                                             .name_space = name,
                                             .json = R"({"message":"Invalid namespace"})"},
                                            {})}));
  }
}

TEST(SocketioMsgpack, TextAndBytesThatAreNoPacketCostTheConnection) {
  MsgpackHost host;
  host.enter(ann);
  host.enter(bob);
  host.receive("42[\"e\"]", ann);
  host.receive_binary("\x01", bob);
  EXPECT_EQ(host.frames(ann), (Frames{"close: illegal MessagePack"}));
  EXPECT_EQ(host.frames(bob), (Frames{"close: illegal MessagePack"}));
}

TEST(SocketioMsgpack, AClientThatComesBackGetsWhatItMissedWithItsAttachments) {
  MsgpackHost host{{.connection_state_recovery = ConnectionStateRecovery{}}};
  host.open(ann);
  host.receive_binary(connect, ann);
  const auto reply = host.frames(ann).front();
  const auto pid = reply.substr(reply.find("pid") + 4, 20);
  host.lose(ann);
  host.server.of("/").emit("e", Bytes{"xy"});

  host.open(bob);
  host.receive_binary(
      encode_msgpack({.type = PacketType::connect, .json = R"({"pid":")" + pid + R"("})"}, {}),
      bob);
  const auto frames = host.frames(bob);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_TRUE(frames.front().starts_with("b:" + bytes("\x83\xa4type\x02\xa4"
                                                      "data\x93\xa1"
                                                      "e\xc4\x02xy\xa5")));
  EXPECT_EQ(frames.back(), reply);
}

}  // namespace
}  // namespace parley::socketio
