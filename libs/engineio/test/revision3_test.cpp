// Clients of Socket.IO 1 and 2, if they are let in, against Engine.IO 3, "Encoding", "Payload" and
// "Ping": how they are told things, and that they ping.

#include "host.hpp"

#include <gtest/gtest.h>

namespace parley::engineio {
namespace {

using namespace std::string_literals;

constexpr RequestId first{1}, poll{2}, data{3}, later{4};
const std::string polling3 = "/socket.io/?EIO=3&transport=polling";
const std::string websocket3 = "/socket.io/?EIO=3&transport=websocket";
const std::string of_session = "&sid=" + first_sid;
const Options old_clients{
    .ping_interval = Duration{300}, .ping_timeout = Duration{200}, .allow_eio3 = true};
const std::string open_data = R"(0{"sid":"AAAAAAAAAAAAAAAAAAAA","upgrades":["websocket"],)"
                              R"("pingInterval":300,"pingTimeout":200,"maxPayload":1000000})";

HttpRequest post3(std::string body, std::vector<HttpField> fields = {}) {
  auto request = post(std::move(body), std::move(fields));
  request.target = polling3 + of_session;
  return request;
}

class EngineioRevision3 : public ::testing::Test {
 protected:
  Said open_polling(const std::string& more = "") {
    return host.request(first, get(polling3 + more));
  }
  Said open_websocket(const std::string& more = "") {
    return host.upgrade(socket, upgrade(websocket3 + more));
  }
  Said ask(RequestId id) { return host.request(id, get(polling3 + of_session)); }
  Said send_bytes() { return host.send("\x01\x02\x03\x04", MessageKind::binary); }

  Host host{old_clients};
};

TEST_F(EngineioRevision3, IsOpenedByARequestThatDoesNotSay4) {
  EXPECT_EQ(open_polling(), (Said{Opened{session, get(polling3), Revision::v3, first_sid},
                                  payload(first, "114:" + open_data)}));
  const auto silent = get("/socket.io/?transport=polling");
  EXPECT_EQ(host.request(poll, silent).front(),
            (Output{Opened{SessionId{2}, silent, Revision::v3, second_sid}}));
}

TEST_F(EngineioRevision3, LeavesRevision4AsItIs) {
  EXPECT_EQ(host.request(first, get(polling)).back(), Output{payload(first, open_data)});
}

TEST_F(EngineioRevision3, RefusesARequestOfRevision4) {
  open_polling();
  const Said refusal{error(poll, 400, R"({"code":3,"message":"Bad request"})"),
                     Refused{3, "Bad request", "192.0.2.1"}};
  EXPECT_EQ(host.request(poll, get(session_polling)), refusal);
}

TEST_F(EngineioRevision3, TalksInTextWithLengths) {
  open_polling();
  EXPECT_EQ(host.request(data, post3("6:4h\xE2\x82\xACllo2:41")),
            (Said{received("h\xE2\x82\xACllo"), received("1"), ok(data)}));
  host.send("a");
  host.send("h\xE2\x82\xAC");
  EXPECT_EQ(ask(poll), Said{payload(poll, "2:4a3:4h\xE2\x82\xAC")});
}

TEST_F(EngineioRevision3, TalksInBytesIfThereAreSome) {
  open_polling();
  const auto body =
      "\x00\x06\xff"
      "4hello"
      "\x01\x05\xff\x04\x01\x02\x03\x04"s;
  EXPECT_EQ(host.request(data, post3(body, {{"Content-Type", "application/octet-stream"}})),
            (Said{received("hello"), received("\x01\x02\x03\x04", MessageKind::binary), ok(data)}));
  host.send("hello");
  send_bytes();
  EXPECT_EQ(ask(poll), Said{bytes_payload(poll, body)});
}

TEST_F(EngineioRevision3, WritesBase64ForAClientThatAsksForIt) {
  open_polling("&b64=1");
  send_bytes();
  EXPECT_EQ(ask(poll), Said{payload(poll, "10:b4AQIDBA==")});
}

TEST_F(EngineioRevision3, HasATypeBeforeBytesOnAWebSocket) {
  open_websocket();
  EXPECT_EQ(send_bytes(),
            (Said{SendFrame{socket, MessageKind::binary, shown("\x04\x01\x02\x03\x04")}}));
  EXPECT_EQ(host.frame(socket, "\x04\x01\x02", MessageKind::binary),
            Said{received("\x01\x02", MessageKind::binary)});
  EXPECT_EQ(host.frame(socket, "4hello"), Said{received("hello")});
}

TEST_F(EngineioRevision3, WritesBase64OnAWebSocketThatAsksForIt) {
  open_websocket("&b64=1");
  EXPECT_EQ(send_bytes(), Said{text_frame(socket, "b4AQIDBA==")});
  EXPECT_EQ(host.frame(socket, "b4AQI="), Said{received("\x01\x02", MessageKind::binary)});
}

TEST_F(EngineioRevision3, AnswersEachPing) {
  open_websocket();
  EXPECT_EQ(host.frame(socket, "2"), Said{text_frame(socket, "3")});
  EXPECT_EQ(host.frame(socket, "2probe"), Said{text_frame(socket, "3")});
}

TEST_F(EngineioRevision3, AnswersAPingThatCameByPost) {
  open_polling();
  ask(poll);
  EXPECT_EQ(host.request(data, post3("1:2")), (Said{ok(data), payload(poll, "1:3")}));
}

TEST_F(EngineioRevision3, ClosesAClientThatPingsNoMoreWhateverElseItSends) {
  open_websocket();
  EXPECT_EQ(host.pass(Duration{499}), Said{});
  host.frame(socket, "2");
  EXPECT_EQ(host.pass(Duration{400}), Said{});
  host.frame(socket, "4hello");
  EXPECT_EQ(host.pass(Duration{99}), Said{});
  EXPECT_EQ(host.pass(Duration{1}),
            (Said{CloseWebSocket{socket}, Closed{session, CloseReason::ping_timeout}}));
}

TEST_F(EngineioRevision3, ClosesOnAPongBecauseTheClientPings) {
  open_websocket();
  EXPECT_EQ(host.frame(socket, "3"),
            (Said{CloseWebSocket{socket}, Closed{session, CloseReason::transport_error}}));
}

TEST_F(EngineioRevision3, ChangesToAWebSocket) {
  open_polling();
  ask(poll);
  host.upgrade(socket, upgrade(websocket3 + of_session));
  EXPECT_EQ(host.frame(socket, "2probe"),
            (Said{text_frame(socket, "3probe"), payload(poll, "1:6")}));
  send_bytes();
  EXPECT_EQ(host.frame(socket, "5"),
            (Said{SendFrame{socket, MessageKind::binary, shown("\x04\x01\x02\x03\x04")}}));
  EXPECT_EQ(host.pass(Duration{499}), Said{});
  EXPECT_EQ(host.pass(Duration{1}),
            (Said{CloseWebSocket{socket}, Closed{session, CloseReason::ping_timeout}}));
}

TEST_F(EngineioRevision3, ReturnsAPollThatIsHeldWhenTheWebSocketTakesOver) {
  open_polling();
  host.upgrade(socket, upgrade(websocket3 + of_session));
  ask(poll);
  EXPECT_EQ(host.frame(socket, "5"), Said{payload(poll, "1:6")});
}

TEST_F(EngineioRevision3, EndsAPollWithAClosePacketOfItsOwn) {
  open_polling();
  ask(poll);
  EXPECT_EQ(host.close(), (Said{payload(poll, "1:1"), Closed{session, CloseReason::forced_close}}));
}

TEST_F(EngineioRevision3, ClosesOnABadLength) {
  open_polling();
  EXPECT_EQ(host.request(data, post3("3:4a")),
            (Said{Closed{session, CloseReason::parse_error}, empty(data, 400)}));
  EXPECT_EQ(ask(later).front(), Output{error(later, 400, unknown_sid)});
}

}  // namespace
}  // namespace parley::engineio
