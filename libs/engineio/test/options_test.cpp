// What an application may set, against Engine.IO's "Server options": transports, upgrades, the
// path, the cookie, the first packet, and the hooks that look at handshakes and add fields.

#include "host.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace parley::engineio {
namespace {

constexpr RequestId first{1}, second{2}, third{3};

Refused log(unsigned code, std::string message) { return {code, std::move(message), "192.0.2.1"}; }

HttpResponse response(const Said& said) { return std::get<Respond>(said.back()).response; }

bool has(const HttpResponse& response, const HttpField& field) {
  return std::ranges::count(response.fields, field) == 1;
}

TEST(EngineioTransports, ThatAreNotListedAreUnknown) {
  Host no_polling{{.transports = {Transport::websocket}}};
  EXPECT_EQ(no_polling.request(first, get(polling)),
            (Said{error(first, 400, R"({"code":0,"message":"Transport unknown"})"),
                  log(0, "Transport unknown")}));
  Host no_websocket{{.transports = {Transport::polling}}};
  EXPECT_EQ(no_websocket.upgrade(socket, upgrade(websocket)).back(),
            Output{log(0, "Transport unknown")});
  EXPECT_TRUE(
      response(no_websocket.request(first, get(polling))).body.contains("\"upgrades\":[],"));
}

TEST(EngineioUpgrades, AreNotOfferedIfTheyAreNotAllowed) {
  Host host{{.allow_upgrades = false}};
  EXPECT_TRUE(response(host.request(first, get(polling))).body.contains("\"upgrades\":[],"));
}

TEST(EngineioPath, EndsWithASlashUnlessThatIsNotWanted) {
  Host with{{.path = "/chat"}}, without{{.path = "/chat/", .add_trailing_slash = false}};
  EXPECT_TRUE(with.server().owns(get("/chat/?EIO=4")));
  EXPECT_FALSE(with.server().owns(get("/chat?EIO=4")));
  EXPECT_TRUE(without.server().owns(get("/chat?EIO=4")));
}

TEST(EngineioCookie, IsNotSetUnlessItIsWanted) {
  for (const auto& field : response(Host{}.request(first, get(polling))).fields)
    EXPECT_NE(field.name, "Set-Cookie");
}

TEST(EngineioCookie, IsSetToTheSidByAPollingHandshakeOnly) {
  Host host{{.cookie = Cookie{}}};
  const HttpField cookie{"Set-Cookie", "io=" + first_sid + "; Path=/; HttpOnly; SameSite=Lax"};
  EXPECT_TRUE(has(response(host.request(first, get(polling))), cookie));
  EXPECT_EQ(host.request(second, post("4a")).back(), Output{ok(second)});
  Host other{{.cookie = Cookie{}}};
  EXPECT_EQ(other.upgrade(socket, upgrade(websocket)).front(), Output{accepted(socket)});
}

TEST(EngineioCookie, IsAsItWasDescribed) {
  Host host{{.cookie = Cookie{.name = "sess",
                              .path = "/x",
                              .domain = "school.example",
                              .max_age = std::chrono::days{1},
                              .http_only = false,
                              .secure = true,
                              .same_site = SameSite::none}}};
  EXPECT_TRUE(has(response(host.request(first, get(polling))),
                  {"Set-Cookie", "sess=" + first_sid +
                                     "; Max-Age=86400; Domain=school.example; Path=/x; Secure; "
                                     "SameSite=None"}));
}

TEST(EngineioInitialPacket, ComesWithTheHandshake) {
  Host host{{.initial_packet = "hi"}};
  EXPECT_TRUE(response(host.request(first, get(polling)))
                  .body.ends_with("}\x1e"
                                  "4hi"));
  Host other{{.initial_packet = "hi"}};
  EXPECT_EQ(other.upgrade(socket, upgrade(websocket)).back(), Output{text_frame(socket, "4hi")});
}

// "GET" and the target of each request it sees; refuses those with "no" in it.
struct Doorman {
  std::vector<std::string> seen = {};

  AllowRequest hook() {
    return [this](const HttpRequest& request) -> Result<void, std::string> {
      seen.push_back(request.target);
      if (request.target.contains("no")) return std::unexpected{R"(not "today")"};
      return {};
    };
  }
};

TEST(EngineioAllowRequest, RefusesAHandshakeInItsOwnWords) {
  Doorman doorman;
  Host host{{.allow_request = doorman.hook()}};
  EXPECT_EQ(host.request(first, get(polling + "&no")),
            (Said{error(first, 403, R"({"code":4,"message":"not \"today\""})"),
                  log(4, R"(not "today")")}));
  EXPECT_EQ(host.upgrade(socket, upgrade(websocket + "&no")),
            (Said{RefuseUpgrade{socket,
                                {.status = 400,
                                 .fields = {{"Content-Type", "text/html"}},
                                 .body = R"(not "today")"}},
                  log(4, R"(not "today")")}));
}

TEST(EngineioAllowRequest, IsAskedForHandshakesOnly) {
  Doorman doorman;
  Host host{{.allow_request = doorman.hook()}};
  host.open_polling();
  host.poll(second);
  host.upgrade(socket, upgrade(session_websocket));
  EXPECT_EQ(doorman.seen, std::vector{polling});
}

TEST(EngineioAllowRequest, ComesAfterTheMethodAndBeforeTheRevision) {
  Doorman doorman;
  Host host{{.allow_request = doorman.hook()}};
  auto request = post("");
  request.target = polling + "&no";
  EXPECT_EQ(host.request(first, request).back(), Output{log(2, "Bad handshake method")});
  EXPECT_EQ(host.request(first, get("/socket.io/?EIO=3&transport=polling&no")).back(),
            Output{log(4, R"(not "today")")});
}

AddHeaders adds(const std::string& name) {
  return [name](std::vector<HttpField>& fields, const HttpRequest& request) {
    fields.push_back({name, request.method});
  };
}
const HttpField always{"X-Always", "GET"}, at_first{"X-First", "GET"};

TEST(EngineioHeaders, AreAddedToEveryResponseOfASessionAndToTheFirst) {
  Host host{{.initial_headers = adds("X-First"), .headers = adds("X-Always")}};
  const auto opened = response(host.request(first, get(polling)));
  EXPECT_TRUE(has(opened, at_first));
  EXPECT_TRUE(has(opened, always));
  EXPECT_TRUE(has(response(host.request(second, post("4a"))), {"X-Always", "POST"}));
  host.poll(third);
  const auto polled = response(host.send("a"));
  EXPECT_TRUE(has(polled, always));
  EXPECT_FALSE(has(polled, at_first));
}

TEST(EngineioHeaders, AreAddedToA101) {
  Host host{{.initial_headers = adds("X-First"), .headers = adds("X-Always")}};
  const auto opened = std::get<AcceptUpgrade>(host.upgrade(socket, upgrade(websocket)).front());
  EXPECT_TRUE(has(opened.response, at_first));
  EXPECT_TRUE(has(opened.response, always));

  Host other{{.initial_headers = adds("X-First"), .headers = adds("X-Always")}};
  other.open_polling();
  const auto upgraded =
      std::get<AcceptUpgrade>(other.upgrade(socket, upgrade(session_websocket)).front());
  EXPECT_FALSE(has(upgraded.response, at_first));
  EXPECT_TRUE(has(upgraded.response, always));
}

}  // namespace
}  // namespace parley::engineio
