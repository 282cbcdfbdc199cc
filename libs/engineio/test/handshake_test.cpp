// Which request is for us, what opens a session, and what is refused with which words, against
// Engine.IO 4, "Handshake" and "Error codes".

#include "host.hpp"

#include <gtest/gtest.h>

namespace parley::engineio {
namespace {

constexpr RequestId first{1}, second{2};
const std::string address = "192.0.2.1";

RefuseUpgrade refused(std::string body, unsigned status = 400) {
  return {socket,
          {.status = status, .fields = {{"Content-Type", "text/html"}}, .body = std::move(body)}};
}

TEST(EngineioHandshake, OwnsEveryPathThatBeginsWithItsOwn) {
  Host host;
  EXPECT_TRUE(host.server().owns(get("/socket.io/?EIO=4")));
  EXPECT_TRUE(host.server().owns(get("/socket.io/more/?EIO=4")));
  EXPECT_FALSE(host.server().owns(get("/socket.io?EIO=4")));
  EXPECT_FALSE(host.server().owns(get("/?/socket.io/")));
}

TEST(EngineioHandshake, OnPollingTellsTheClientWhatItMustKnow) {
  Host host;
  EXPECT_EQ(host.request(first, get(polling)),
            (Said{Opened{session, get(polling)},
                  payload(first, R"(0{"sid":"AAAAAAAAAAAAAAAAAAAA","upgrades":["websocket"],)"
                                 R"("pingInterval":25000,"pingTimeout":20000,)"
                                 R"("maxPayload":1000000})")}));
}

TEST(EngineioHandshake, ShowsTheRequestWithoutItsBody) {
  auto request = get(polling);
  request.body = "what a GET has no use for";
  EXPECT_EQ(Host{}.request(first, request).front(), (Output{Opened{session, get(polling)}}));
}

TEST(EngineioHandshake, OnAWebSocketOffersNoUpgrade) {
  Host host;
  const auto request = upgrade(websocket);
  EXPECT_EQ(host.upgrade(socket, request),
            (Said{accepted(socket), Opened{session, request},
                  text_frame(socket, R"(0{"sid":"AAAAAAAAAAAAAAAAAAAA","upgrades":[],)"
                                     R"("pingInterval":25000,"pingTimeout":20000,)"
                                     R"("maxPayload":1000000})")}));
}

TEST(EngineioHandshake, TellsTheOptionsThatItRunsWith) {
  Host host{{.ping_interval = Duration{300},
             .ping_timeout = Duration{200},
             .max_http_buffer_size = 1000}};
  const auto said = host.request(first, get(polling));
  EXPECT_EQ(said.back(), Output{payload(first, R"(0{"sid":"AAAAAAAAAAAAAAAAAAAA","upgrades":)"
                                               R"(["websocket"],"pingInterval":300,)"
                                               R"("pingTimeout":200,"maxPayload":1000})")});
}

TEST(EngineioHandshake, GivesEachSessionItsOwnSid) {
  Host host;
  host.open_polling();
  host.request(second, get(polling));
  EXPECT_EQ(host.server().session_count(), 2u);
  EXPECT_EQ(host.request(RequestId{3}, get(polling + "&sid=" + second_sid)), Said{});
}

TEST(EngineioHandshake, TellsOfAnotherServersSessionWhoseItIs) {
  Host host{{.shard = 2}};
  host.request(first, get(polling));
  const std::string own = polling + "&sid=AAAAAAAAAAAAAAAACAAA";
  EXPECT_EQ(host.request(second, get(own)), Said{});
  EXPECT_EQ(host.server().shard_of(get(own)), 2u);
  EXPECT_EQ(host.server().shard_of(upgrade(websocket + "&sid=AAAAAAAAAAAAAAAA_AAA")), 63u);
  EXPECT_EQ(host.server().shard_of(get(polling)), std::nullopt);
  EXPECT_EQ(host.server().shard_of(get(polling + "&sid=stranger")), std::nullopt);
}

TEST(EngineioHandshake, KnowsNoOtherServersIfThereIsOne) {
  Host host;
  EXPECT_EQ(host.server().shard_of(get(session_polling)), std::nullopt);
}

struct Refusal {
  HttpRequest request;
  unsigned code;
  std::string message;
};

HttpRequest with_method(std::string method, std::string target) {
  auto request = get(std::move(target));
  request.method = std::move(method);
  return request;
}

TEST(EngineioHandshake, RefusesWithTheCodesOfTheTable) {
  const Refusal refusals[] = {
      {get("/socket.io/"), 0, "Transport unknown"},
      {get("/socket.io/?EIO=4&transport=abc"), 0, "Transport unknown"},
      {get("/socket.io/?EIO=4&transport=webtransport"), 0, "Transport unknown"},
      {get("/socket.io/?EIO=4&transport=polling&transport=abc"), 0, "Transport unknown"},
      {get(polling + "&sid=nope"), 1, "Session ID unknown"},
      {get(polling + "&sid="), 1, "Session ID unknown"},
      {with_method("POST", polling), 2, "Bad handshake method"},
      {with_method("OPTIONS", polling), 2, "Bad handshake method"},
      {get(websocket), 3, "Bad request"},
      {get(polling, {{"Origin", "http://a\x01"}}), 3, "Bad request"},
      {get("/socket.io/?transport=polling"), 5, "Unsupported protocol version"},
      {get("/socket.io/?EIO=3&transport=polling"), 5, "Unsupported protocol version"},
      {get("/socket.io/?EIO=abc&transport=polling"), 5, "Unsupported protocol version"},
      {get("/socket.io/?EIO=5&transport=polling"), 5, "Unsupported protocol version"},
  };
  for (const auto& [request, code, message] : refusals) {
    const auto body = R"({"code":)" + std::to_string(code) + R"(,"message":")" + message + R"("})";
    EXPECT_EQ(Host{}.request(first, request),
              (Said{error(first, 400, body), Refused{code, message, address}}))
        << request.target;
  }
}

TEST(EngineioHandshake, RefusesAnUpgradeWithTheBareWords) {
  const Refusal refusals[] = {
      {upgrade("/socket.io/?EIO=4&transport=abc"), 0, "Transport unknown"},
      {upgrade(websocket + "&sid=nope"), 1, "Session ID unknown"},
      {upgrade("/socket.io/?EIO=3&transport=websocket"), 5, "Unsupported protocol version"},
  };
  for (const auto& [request, code, message] : refusals)
    EXPECT_EQ(Host{}.upgrade(socket, request),
              (Said{refused(message), Refused{code, message, address}}))
        << request.target;
}

TEST(EngineioHandshake, RefusesAWebSocketThatIsNone) {
  auto request = upgrade(websocket);
  request.fields.pop_back();  // the key
  const std::string words = "Missing or invalid Sec-WebSocket-Key header";
  Host host;
  EXPECT_EQ(host.upgrade(socket, request), (Said{Refused{3, words, address}, refused(words)}));
  EXPECT_EQ(host.server().session_count(), 0u);
}

TEST(EngineioHandshake, ClosesAWebSocketThatAsksForPolling) {
  Host host;
  EXPECT_EQ(host.upgrade(socket, upgrade(polling)),
            (Said{accepted(socket), CloseWebSocket{socket}}));
  EXPECT_EQ(host.server().session_count(), 0u);
}

TEST(EngineioHandshake, RefusesARequestOfAnotherProtocolThanItsSession) {
  Host host;
  host.open_polling();
  const auto target = "/socket.io/?EIO=3&transport=polling&sid=" + first_sid;
  EXPECT_EQ(host.request(second, get(target)),
            (Said{error(second, 400, R"({"code":3,"message":"Bad request"})"),
                  Refused{3, "Bad request", address}}));
}

TEST(EngineioHandshake, RefusesPlainRequestsForTheWebSocketTransport) {
  const Said refusal{error(second, 400, R"({"code":3,"message":"Bad request"})"),
                     Refused{3, "Bad request", address}};
  Host on_websocket, on_polling;
  on_websocket.open_websocket();
  on_polling.open_polling();
  EXPECT_EQ(on_websocket.request(second, get(session_polling)), refusal);
  EXPECT_EQ(on_websocket.request(second, get(session_websocket)), refusal);
  EXPECT_EQ(on_polling.request(second, get(session_websocket)), refusal);
}

TEST(EngineioHandshake, RefusesASessionTooMany) {
  Host host{{.sessions_max = 1}};
  host.open_polling();
  const Refused log{4, "Too many sessions", address};
  EXPECT_EQ(host.request(second, get(polling)),
            (Said{error(second, 503, R"({"code":4,"message":"Too many sessions"})"), log}));
  EXPECT_EQ(host.upgrade(socket, upgrade(websocket)),
            (Said{refused("Too many sessions", 503), log}));
  EXPECT_EQ(host.poll(second), Said{}) << "the session that is there goes on";
}

}  // namespace
}  // namespace parley::engineio
