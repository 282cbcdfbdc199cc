// A session over plain HTTP requests, against Engine.IO 4, "HTTP long-polling" and "Close".

#include "host.hpp"

#include <gtest/gtest.h>

namespace parley::engineio {
namespace {

constexpr RequestId poll{2}, data{3}, later{4};

const Closed closed_by_client{session, CloseReason::transport_close};
const Closed failed{session, CloseReason::transport_error};

Said unknown(RequestId id) {
  return {error(id, 400, unknown_sid), Refused{1, "Session ID unknown", "192.0.2.1"}};
}

class EngineioPolling : public ::testing::Test {
 protected:
  EngineioPolling() { host.open_polling(); }
  Host host;
};

TEST_F(EngineioPolling, HoldsAPollUntilThereIsSomethingToSend) {
  EXPECT_EQ(host.poll(poll), Said{});
  EXPECT_EQ(host.send("hello"), Said{payload(poll, "4hello")});
}

TEST_F(EngineioPolling, GivesWhatWaitedToTheNextPollInOneResponse) {
  host.send("hello");
  host.send("\x01\x02\x03\x04", MessageKind::binary);
  EXPECT_EQ(host.poll(poll), Said{payload(poll,
                                          "4hello\x1e"
                                          "bAQIDBA==")});
}

TEST_F(EngineioPolling, GivesWhatIsSentInOneGoInOneResponse) {
  host.poll(poll);
  host.server().send(session, MessageKind::text, shown("one"), Time{});
  host.server().send(session, MessageKind::text, shown("two"), Time{});
  EXPECT_EQ(host.drain(), Said{payload(poll,
                                       "4one\x1e"
                                       "4two")});
}

TEST_F(EngineioPolling, GivesTheAnswersToOnePostInOneResponse) {
  host.poll(poll);
  const auto request = post(
      "4a\x1e"
      "4b");
  host.server().request(data, request, Time{});
  Said said;
  while (auto output = host.server().poll()) {  // an application that answers while it listens
    if (const auto* message = std::get_if<Received>(&*output))
      host.server().send(session, MessageKind::text, shown("re: " + std::string{message->data}),
                         Time{});
    said.push_back(*std::move(output));
  }
  EXPECT_EQ(said, (Said{received("a"), received("b"), ok(data),
                        payload(poll,
                                "4re: a\x1e"
                                "4re: b")}));
}

TEST_F(EngineioPolling, FlushesMoreThanAClientMaySend) {
  const std::string large(2'000'000, 'x');
  host.send(large);
  EXPECT_EQ(host.poll(poll), Said{payload(poll, "4" + large)});
}

TEST_F(EngineioPolling, TakesPacketsInOrderAndSaysOkAfterThem) {
  EXPECT_EQ(host.request(data, post("4hello\x1e"
                                    "bAQIDBA==\x1e"
                                    "4")),
            (Said{received("hello"), received("\x01\x02\x03\x04", MessageKind::binary),
                  received(""), ok(data)}));
}

TEST_F(EngineioPolling, AnswersAPostWhileAPollIsHeld) {
  host.poll(poll);
  EXPECT_EQ(host.request(data, post("4a")), (Said{received("a"), ok(data)}));
  EXPECT_EQ(host.send("b"), Said{payload(poll, "4b")});
}

TEST_F(EngineioPolling, ClosesWhenASecondPollOverlaps) {
  host.poll(poll);
  EXPECT_EQ(host.poll(later), (Said{payload(poll, "1"), failed, empty(later, 400)}));
  EXPECT_EQ(host.poll(RequestId{5}), unknown(RequestId{5}));
}

TEST_F(EngineioPolling, ClosesWhenAHeldPollIsAborted) {
  host.poll(poll);
  EXPECT_EQ(host.request_gone(poll), Said{failed});
  EXPECT_EQ(host.poll(later), unknown(later));
}

TEST_F(EngineioPolling, DoesNotMindAnAnsweredRequestThatGoes) {
  host.poll(poll);
  host.send("hello");
  EXPECT_EQ(host.request_gone(poll), Said{});
  EXPECT_EQ(host.request_gone(RequestId{99}), Said{});
  EXPECT_EQ(host.poll(later), Said{});
}

TEST_F(EngineioPolling, RefusesAnOctetStream) {
  EXPECT_EQ(host.request(data, post("4a", {{"Content-Type", "application/octet-stream"}})),
            (Said{failed, empty(data, 400)}));
}

TEST_F(EngineioPolling, TakesAnyOtherContentType) {
  for (const auto* type : {"text/plain;charset=UTF-8", "application/json", ""})
    EXPECT_EQ(host.request(data, post("4a", {{"Content-Type", type}})),
              (Said{received("a"), ok(data)}));
}

TEST_F(EngineioPolling, RefusesALargeBodyAndGoesOn) {
  EXPECT_EQ(host.request(data, post("4" + std::string(1'000'000, 'x'))), Said{empty(data, 413)});
  EXPECT_EQ(host.request(later, post("4" + std::string(999'999, 'x'))).back(), Output{ok(later)});
}

TEST_F(EngineioPolling, ClosesOnABadPacketButTakesThoseBefore) {
  EXPECT_EQ(host.request(data, post("4a\x1e"
                                    "abc\x1e"
                                    "4b")),
            (Said{received("a"), Closed{session, CloseReason::parse_error}, empty(data, 400)}));
  EXPECT_EQ(host.poll(later), unknown(later));
}

TEST_F(EngineioPolling, ClosesOnAnEmptyBody) {
  EXPECT_EQ(host.request(data, post("")),
            (Said{Closed{session, CloseReason::parse_error}, empty(data, 400)}));
}

TEST_F(EngineioPolling, ClosesWhenTheClientSaysSoAndReturnsItsPoll) {
  host.poll(poll);
  EXPECT_EQ(host.request(data, post("41\x1e"
                                    "1\x1e"
                                    "4late")),
            (Said{received("1"), payload(poll, "6"), closed_by_client, ok(data)}));
  EXPECT_EQ(host.poll(later), unknown(later));
}

TEST_F(EngineioPolling, IgnoresPacketsThatAreNotTheClientsToSend) {
  EXPECT_EQ(host.request(data, post("0\x1e"
                                    "5\x1e"
                                    "6\x1e"
                                    "4a")),
            (Said{received("a"), ok(data)}));
}

TEST_F(EngineioPolling, ClosesOnAPingBecauseTheServerPings) {
  EXPECT_EQ(host.request(data, post("2")), (Said{failed, ok(data)}));
}

TEST_F(EngineioPolling, HasNothingToSayToOtherMethods) {
  auto request = get(session_polling);
  for (const auto* method : {"PUT", "DELETE", "OPTIONS"}) {
    request.method = method;
    EXPECT_EQ(host.request(data, request), Said{empty(data, 500)});
  }
}

const Closed forced{session, CloseReason::forced_close};

TEST_F(EngineioPolling, WhenClosedByUsTellsTheHeldPollAfterWhatWasSent) {
  host.poll(poll);
  host.server().send(session, MessageKind::text, shown("bye"), Time{});
  EXPECT_EQ(host.close(), (Said{payload(poll,
                                        "4bye\x1e"
                                        "1"),
                                forced}));
  EXPECT_EQ(host.poll(later), unknown(later));
}

TEST_F(EngineioPolling, WhenClosedByUsTellsTheNextPoll) {
  host.send("bye");
  EXPECT_EQ(host.close(), Said{forced});
  EXPECT_EQ(host.request(data, post("4ignored")), Said{ok(data)});
  EXPECT_EQ(host.request(data, post("4a", {{"Content-Type", "application/octet-stream"}})),
            Said{empty(data, 400)});
  EXPECT_EQ(host.poll(poll), Said{payload(poll,
                                          "4bye\x1e"
                                          "1")});
  EXPECT_EQ(host.poll(later), unknown(later));
}

TEST_F(EngineioPolling, WhenClosedByUsIsForgottenAfterHalfAMinute) {
  host.close();
  EXPECT_EQ(host.pass(Duration{29'999}), Said{});
  EXPECT_EQ(host.server().session_count(), 1u);
  EXPECT_EQ(host.pass(Duration{1}), Said{});
  EXPECT_EQ(host.server().session_count(), 0u);
  EXPECT_EQ(host.poll(later), unknown(later));
}

TEST_F(EngineioPolling, ClosesOnceHoweverOftenItIsTold) {
  host.close();
  EXPECT_EQ(host.close(), Said{});
  EXPECT_EQ(host.send("late"), Said{});
  EXPECT_EQ(host.poll(poll), Said{payload(poll, "1")});
}

TEST_F(EngineioPolling, ClosesAllInTheOrderOfTheirOpening) {
  host.request(RequestId{10}, get(polling));
  host.server().close_all(Time{});
  EXPECT_EQ(host.drain(), (Said{forced, Closed{SessionId{2}, CloseReason::forced_close}}));
}

const Closed too_much{session, CloseReason::transport_error, "buffered_bytes_max is reached"};

TEST(EngineioPollingLimit, ClosesAClientThatLetsTooMuchPileUp) {
  Host host{{.buffered_bytes_max = 1'000}};
  host.open_polling();
  Said said;
  for (int i = 0; i < 12 && said.empty(); ++i) said = host.send(std::string(100, 'x'));
  EXPECT_EQ(said, Said{too_much});
  EXPECT_EQ(host.poll(poll), unknown(poll));
}

TEST(EngineioPollingLimit, CountsWhatAnEmptyMessageCostsUsToo) {
  Host host{{.buffered_bytes_max = 1'000}};
  host.open_polling();
  Said said;
  for (int i = 0; i < 100 && said.empty(); ++i) said = host.send("");
  EXPECT_EQ(said, Said{too_much});
}

TEST(EngineioPollingLimit, StartsAnewWithEachPoll) {
  Host host{{.buffered_bytes_max = 1'000}};
  host.open_polling();
  const std::string message(700, 'x');
  for (std::uint64_t i = 2; i < 10; ++i) {
    EXPECT_EQ(host.send(message), Said{});
    EXPECT_EQ(host.poll(RequestId{i}), Said{payload(RequestId{i}, "4" + message)});
  }
}

TEST_F(EngineioPolling, DropsAVolatileMessageUnlessAPollIsHeld) {
  EXPECT_EQ(host.send_volatile("lost"), Said{});
  EXPECT_EQ(host.poll(poll), Said{});
  EXPECT_EQ(host.send_volatile("heard"), Said{payload(poll, "4heard")});
}

TEST_F(EngineioPolling, DropsAVolatileMessageBehindAnother) {
  host.poll(poll);
  host.server().send(session, MessageKind::text, shown("one"), Time{});
  EXPECT_EQ(host.send_volatile("two"), Said{payload(poll, "4one")});
}

TEST_F(EngineioPolling, SendsAMessagesPartsWithItOrDropsThemWithIt) {
  const auto send = [&](std::string_view text, SendFlags flags) {
    host.server().send(session, MessageKind::text, shown(text), Time{}, flags);
  };
  const SendFlags whole{.is_volatile = true}, part{.is_volatile = true, .is_part = true};
  send("lost", whole);
  host.poll(poll);
  send("lost with it", part);
  EXPECT_EQ(host.drain(), Said{});
  send("heard", whole);
  send("heard with it", part);
  send("behind others", whole);
  send("lost with that", part);
  EXPECT_EQ(host.drain(), Said{payload(poll,
                                       "4heard\x1e"
                                       "4heard with it")});
}

TEST(EngineioPacketLimit, ClosesAClientThatSendsTooManyPacketsInASecond) {
  Host host{{.packets_per_second_max = 3}};
  host.open_polling();
  EXPECT_EQ(host.request(data, post("4a\x1e"
                                    "4b\x1e"
                                    "4c"))
                .size(),
            4u);
  host.pass(Duration{1'000});
  EXPECT_EQ(
      host.request(data, post("4a\x1e"
                              "4b\x1e"
                              "4c\x1e"
                              "4d")),
      (Said{received("a"), received("b"), received("c"),
            Closed{session, CloseReason::transport_error, "packets_per_second_max is reached"},
            ok(data)}));
}

TEST(EngineioPacketLimit, IsOffUnlessItIsSet) {
  Host host;
  host.open_websocket();
  for (int i = 0; i < 20'000; ++i) EXPECT_EQ(host.frame(socket, "4a").size(), 1u);
}

}  // namespace
}  // namespace parley::engineio
