// Events and acknowledgements both ways, text and binary, against Socket.IO 5's "Sending and
// receiving data" and "Acknowledgement". Frames are whole WebSocket frames, Engine.IO's leading 4
// included; binary ones stand after "b:".

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

// Sends every event back, or answers it if an acknowledgement was asked for.
void echo(Event& event) {
  if (event.ack) return event.ack(1);
  event.socket().relay(event.arguments());
}

TEST(SocketioEvent, AnEventComesBackByteForByte) {
  Host host;
  host.main.on_received = echo;
  host.open_and_join();
  const std::string frame =
      "42[\"types\",null,\"1970-01-01T00:00:00.000Z\",{ \"b\":1},{},true,\"é 😀\",0,1e+21,0.1]";
  host.receive(frame);
  EXPECT_EQ(host.frames(), Frames{frame});
}

TEST(SocketioEvent, AnEventIsAnsweredWithItsOwnId) {
  Host host;
  host.main.on_received = echo;
  host.open_and_join();
  host.receive(R"(420["ack",1])");
  host.receive(R"(42007["ack",1])");
  EXPECT_EQ(host.frames(), (Frames{"430[1]", "437[1]"}));
}

TEST(SocketioEvent, AnAnswerMayCarryNothing) {
  Host host;
  host.custom.on_received = [](Event& event) { event.ack(); };
  host.open_and_join(ann, "40/custom,");
  host.receive(R"(42/custom,12["dyn"])");
  EXPECT_EQ(host.frames(), Frames{"43/custom,12[]"});
}

TEST(SocketioEvent, ABinaryEventComesBackWithItsAttachments) {
  Host host;
  host.main.on_received = echo;
  host.open_and_join();
  host.receive(R"(451-["echo",{"_placeholder":true,"num":0}])");
  EXPECT_EQ(host.main.take(), Calls{});
  host.receive_binary("\x01\x02\x03\x04");
  EXPECT_EQ(host.frames(),
            (Frames{R"(451-["echo",{"_placeholder":true,"num":0}])", "b:\x01\x02\x03\x04"}));
}

TEST(SocketioEvent, ABinaryEventIsAnsweredInBinary) {
  Host host;
  host.custom.on_received = [](Event& event) {
    const auto& attachments = event.arguments().attachments;
    event.ack.relay(
        Arguments{R"([{"a":{"_placeholder":true,"num":0}},{"_placeholder":true,"num":1}])",
                  {attachments[1], attachments[0]}});
  };
  host.open_and_join(ann, "40/custom,");
  host.receive(
      R"(452-/custom,7["ack",{"a":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}])");
  host.receive_binary("\xaa");
  host.receive_binary("\xbb");
  EXPECT_EQ(
      host.frames(),
      (Frames{R"(462-/custom,7[{"a":{"_placeholder":true,"num":0}},{"_placeholder":true,"num":1}])",
              "b:\xbb", "b:\xaa"}));
}

TEST(SocketioEvent, AClientAnswersAnEventOnce) {
  Host host;
  host.open_and_join();
  host.main.ask(*host.main.last, R"(["q"])");
  EXPECT_EQ(host.frames(), Frames{R"(420["q"])"});
  host.receive("430[1,2]");
  host.receive("430[3]");
  EXPECT_EQ(host.main.take(), Calls{"acknowledged 1 [1,2]"});
}

TEST(SocketioEvent, AnAnswerThatNobodyAskedForIsIgnored) {
  Host host;
  host.open_and_join();
  host.receive("4399[1]");
  host.receive("43[1]");
  EXPECT_EQ(host.main.take(), Calls{});
  EXPECT_EQ(host.frames(), Frames{});
}

TEST(SocketioEvent, TheSocketsOfANamespaceShareOneCounterOfIds) {
  Host host;
  host.open_and_join(ann);
  const auto first = *host.main.last;
  host.open_and_join(bob);
  const auto second = *host.main.last;
  host.main.ask(first, R"(["q"])");
  host.main.ask(second, R"(["q"])");
  EXPECT_EQ(host.frames(ann), Frames{R"(420["q"])"});
  EXPECT_EQ(host.frames(bob), Frames{R"(421["q"])"});
  host.receive("430[1]", bob);  // Ann's question is not Bob's to answer
  host.receive("431[2]", bob);
  EXPECT_EQ(host.main.take(), Calls{"acknowledged 2 [2]"});
}

TEST(SocketioEvent, AnAnswerInBinaryIsAnAnswer) {
  Host host;
  host.open_and_join();
  host.main.ask(*host.main.last, R"(["q"])");
  host.receive(R"(461-0[{"_placeholder":true,"num":0}])");
  host.receive_binary("x");
  EXPECT_EQ(host.main.take(), Calls{R"(acknowledged 1 [{"_placeholder":true,"num":0}])"});
}

TEST(SocketioEvent, EventsOfOneConnectionAreHandledInOrder) {
  Host host;
  host.open_and_join();
  for (const auto* frame : {R"(42["a"])", R"(42["b"])", R"(42["c"])"}) host.receive(frame);
  EXPECT_EQ(host.main.take(), (Calls{R"(received 1 a ["a"])", "returned", R"(received 1 b ["b"])",
                                     "returned", R"(received 1 c ["c"])", "returned"}));
}

TEST(SocketioEvent, ASocketThatHasLeftIsSentNothing) {
  Host host;
  host.open_and_join();
  const auto socket = *host.main.last;
  host.server.closed(ann, DisconnectReason::transport_close, start);
  socket.relay(R"(["late"])");
  Ack{socket, AckId{1}}();
  socket.disconnect(Socket::Scope::whole_connection);
  host.main.ask(socket, R"(["late"])");
  host.pass(Duration{1});
  EXPECT_EQ(host.frames(), Frames{});
  EXPECT_EQ(host.take_failures(), Frames{"question failed: the socket had left already"});
  EXPECT_EQ(socket.id(), "");
  EXPECT_FALSE(socket.connected());
}

}  // namespace
}  // namespace parley::socketio
