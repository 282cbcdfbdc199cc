// A client with Parser::msgpack, against the packets of socket.io-msgpack-parser 3.0.2.

#include "client_harness.hpp"

#include <parley/socketio/msgpack.hpp>

#include <gtest/gtest.h>

namespace parley::socketio::client {
namespace {

Send packet(const Header& header, const std::vector<std::string>& attachments = {}) {
  return sent_binary(encode_msgpack(header, attachments));
}

class ClientMsgpack : public ::testing::Test {
 protected:
  ClientMsgpack() {
    hand.connect();
    EXPECT_EQ(hand.opened(), (Said{packet({.type = PacketType::connect})}));
    EXPECT_EQ(hand.hear_binary(
                  encode_msgpack({.type = PacketType::connect, .json = R"({"sid":"s"})"}, {})),
              (Said{Connected{root, "s", false}}));
  }

  Hand hand{{.parser = Parser::msgpack}};
  const std::string json = R"(["e",{"_placeholder":true,"num":0}])";
};

TEST_F(ClientMsgpack, SendsOneMessageWithAllThatIsInIt) {
  EXPECT_EQ(hand.emit(json, {"x"}),
            (Said{packet({.type = PacketType::binary_event, .json = json}, {"x"})}));
}

TEST_F(ClientMsgpack, AnswersInTheSameWay) {
  const auto question = encode_msgpack({.type = PacketType::event, .ack = AckId{7}, .json = json},
                                       std::vector<std::string>{"x"});
  const AckTicket ticket{first, AckId{7}};
  EXPECT_EQ(hand.hear_binary(question), (Said{Received{root, "e", {json, {"x"}}, ticket}}));
  EXPECT_EQ(hand.acknowledge(ticket, {"[1]", {}}),
            (Said{packet({.type = PacketType::ack, .ack = AckId{7}, .json = "[1]"})}));
}

TEST_F(ClientMsgpack, LeavesAServerThatSpeaksText) {
  EXPECT_EQ(hand.hear(R"(2["e"])").front(), Output(CloseConnection{first}));
}

}  // namespace
}  // namespace parley::socketio::client
