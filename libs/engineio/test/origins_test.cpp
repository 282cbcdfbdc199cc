// Which pages may talk to us, and the fields by which a browser knows: the Fetch standard's CORS
// protocol, in the form that the field's servers give it. Foreign pages are refused on both
// transports: that is our own rule.

#include "host.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace parley::engineio {
namespace {

constexpr RequestId first{1};
const Options lesson{
    .cors = {.origin = std::vector<std::string>{"http://a.example", "http://lesson.example:8000"},
             .credentials = true}};
const Options open_to_all{.cors = {.origin = "*"}};

std::vector<HttpField> page(std::string origin, std::string host = "parley.example:8006") {
  return {{"Host", std::move(host)}, {"Origin", std::move(origin)}};
}

bool admitted(const Options& options, std::vector<HttpField> fields) {
  return options.cors.admits(get(polling, std::move(fields)));
}

const std::vector<HttpField> allowed_fields{{"Access-Control-Allow-Origin", "http://a.example"},
                                            {"Vary", "Origin"},
                                            {"Access-Control-Allow-Credentials", "true"}};

HttpResponse with(HttpResponse response, const std::vector<HttpField>& fields) {
  response.fields.insert(response.fields.end(), fields.begin(), fields.end());
  return response;
}

TEST(EngineioOrigins, AdmitAProgramThatNamesNone) {
  EXPECT_TRUE(admitted({}, {{"Host", "parley.example"}}));
}

TEST(EngineioOrigins, AdmitOurOwnPages) {
  EXPECT_TRUE(admitted({}, page("http://parley.example:8006")));
  EXPECT_TRUE(admitted({}, page("http://PARLEY.example:8006")));
  EXPECT_TRUE(admitted({}, page("https://parley.example", "parley.example")));
  EXPECT_TRUE(admitted({}, page("https://parley.example", "parley.example:443")));
  EXPECT_TRUE(admitted({}, page("http://[::1]:8006", "[::1]:8006")));
}

TEST(EngineioOrigins, KeepOutEveryOtherPage) {
  for (const auto* origin :
       {"http://evil.example", "http://parley.example", "http://parley.example:80",
        "http://parley.example:8006.evil.example", "null", "", "file://", "://parley.example:8006",
        "ftp://parley.example:8006"})
    EXPECT_FALSE(admitted({}, page(origin))) << origin;
  EXPECT_FALSE(admitted({}, {{"Origin", "http://"}}));
}

TEST(EngineioOrigins, AdmitThoseOfTheListAsTheyAreWritten) {
  EXPECT_TRUE(admitted(lesson, page("http://a.example")));
  EXPECT_TRUE(admitted(lesson, page("http://lesson.example:8000")));
  EXPECT_FALSE(admitted(lesson, page("https://a.example")));
  EXPECT_FALSE(admitted(lesson, page("http://a.example.evil.example")));
  EXPECT_TRUE(admitted(open_to_all, page("http://anyone.example")));
  EXPECT_TRUE(admitted(open_to_all, page("null")));
}

TEST(EngineioOrigins, RefuseAForeignPageOnPolling) {
  EXPECT_EQ(Host{lesson}.request(first, get(polling, page("http://evil.example"))),
            (Said{Respond{first,
                          {.status = 403,
                           .fields = {{"Content-Type", "application/json"},
                                      {"Vary", "Origin"},
                                      {"Access-Control-Allow-Credentials", "true"}},
                           .body = R"({"code":4,"message":"Forbidden"})"}},
                  Refused{4, "Forbidden", "192.0.2.1", "http://evil.example"}}));
}

TEST(EngineioOrigins, RefuseAForeignPageOnAWebSocket) {
  Host host;
  EXPECT_EQ(
      host.upgrade(socket, upgrade(websocket, page("http://evil.example"))),
      (Said{RefuseUpgrade{
                socket,
                {.status = 400, .fields = {{"Content-Type", "text/html"}}, .body = "Forbidden"}},
            Refused{4, "Forbidden", "192.0.2.1", "http://evil.example"}}));
  EXPECT_EQ(host.server().session_count(), 0u);
}

TEST(EngineioOrigins, RefuseAForeignPageThatKnowsASid) {
  Host host;
  host.open_polling();
  const auto said = host.request(RequestId{2}, post("4a", page("http://evil.example")));
  EXPECT_EQ(std::get<Respond>(said.front()).response.status, 403u);
}

TEST(EngineioOrigins, LetAnAllowedPageReadEveryResponse) {
  Host host{lesson};
  const auto fields = page("http://a.example");
  const auto opened = host.request(first, get(polling, fields));
  EXPECT_EQ(std::get<Respond>(opened.back()).response.fields,
            with(payload(first, "").response, allowed_fields).fields);

  EXPECT_EQ(host.request(RequestId{2}, get(session_polling, fields)), Said{});
  EXPECT_EQ(host.request(RequestId{3}, post("4a", fields)),
            (Said{received("a"), Respond{RequestId{3}, with(ok(first).response, allowed_fields)}}));
  EXPECT_EQ(host.send("b"),
            (Said{Respond{RequestId{2}, with(payload(first, "4b").response, allowed_fields)}}));
  EXPECT_EQ(host.request(RequestId{4}, get(polling + "&sid=nope", fields)).front(),
            (Output{Respond{RequestId{4},
                            with(error(first, 400, unknown_sid).response, allowed_fields)}}));
  EXPECT_EQ(host.request(RequestId{5}, post(std::string(1'000'001, '4'), fields)),
            (Said{Respond{RequestId{5}, {.status = 413, .fields = allowed_fields, .body = ""}}}));
}

TEST(EngineioOrigins, LetAnAllowedPageHaveItsWebSocket) {
  const auto said = Host{lesson}.upgrade(socket, upgrade(websocket, page("http://a.example")));
  EXPECT_EQ(said.front(),
            (Output{AcceptUpgrade{socket, with(accepted(socket).response, allowed_fields)}}));
}

TEST(EngineioOrigins, SayStarWhenAllAreAllowed) {
  const auto said = Host{open_to_all}.request(first, get(polling, page("http://b.example")));
  const std::vector<HttpField> star{{"Access-Control-Allow-Origin", "*"}};
  EXPECT_EQ(std::get<Respond>(said.back()).response.fields,
            with(payload(first, "").response, star).fields);
}

HttpRequest preflight(std::string origin) {
  auto request = get(session_polling, page(std::move(origin)));
  request.method = "OPTIONS";
  request.fields.push_back({"Access-Control-Request-Method", "POST"});
  request.fields.push_back({"Access-Control-Request-Headers", "content-type"});
  return request;
}

TEST(EngineioOrigins, AnswerThePreflightOfAnAllowedPage) {
  const HttpResponse expected{
      .status = 204,
      .fields = {{"Access-Control-Allow-Origin", "http://a.example"},
                 {"Vary", "Origin, Access-Control-Request-Headers"},
                 {"Access-Control-Allow-Credentials", "true"},
                 {"Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE"},
                 {"Access-Control-Allow-Headers", "content-type"}},
      .body = ""};
  EXPECT_EQ(Host{lesson}.request(first, preflight("http://a.example")),
            (Said{Respond{first, expected}}));
}

TEST(EngineioOrigins, AnswerThePreflightOfAnyPageWhenAllAreAllowed) {
  const HttpResponse expected{
      .status = 204,
      .fields = {{"Access-Control-Allow-Origin", "*"},
                 {"Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE"},
                 {"Vary", "Access-Control-Request-Headers"},
                 {"Access-Control-Allow-Headers", "content-type"}},
      .body = ""};
  EXPECT_EQ(Host{open_to_all}.request(first, preflight("http://b.example")),
            (Said{Respond{first, expected}}));
}

TEST(EngineioOrigins, MayBeOneWhichIsNamedWhateverAPageSays) {
  Host host{{.cors = {.origin = "http://a.example"}}};
  const std::vector<HttpField> fixed{{"Access-Control-Allow-Origin", "http://a.example"},
                                     {"Vary", "Origin"}};
  const auto said = host.request(first, get(polling));
  EXPECT_EQ(std::get<Respond>(said.back()).response.fields,
            with(payload(first, "").response, fixed).fields);
}

TEST(EngineioOrigins, MayBeThoseThatAFunctionKnows) {
  const Options options{.cors = {.origin = [](std::string_view origin) {
                          return origin.ends_with(".school.example");
                        }}};
  EXPECT_TRUE(admitted(options, page("https://a.school.example")));
  EXPECT_FALSE(admitted(options, page("https://school.example.evil.example")));
  const auto fields = page("https://a.school.example");
  const auto said = Host{options}.request(first, get(polling, fields));
  EXPECT_EQ(std::get<Respond>(said.back()).response.fields.at(2),
            (HttpField{"Access-Control-Allow-Origin", "https://a.school.example"}));
}

TEST(EngineioOrigins, HaveNoFieldsWhileNothingIsAllowed) {
  const auto own = page("http://parley.example:8006");
  const auto said = Host{}.request(first, get(polling, own));
  EXPECT_EQ(said.back(), (Output{payload(first, std::get<Respond>(said.back()).response.body)}));
  auto request = get(polling, own);
  request.method = "OPTIONS";
  EXPECT_EQ(Host{}.request(first, request).back(),
            (Output{Refused{2, "Bad handshake method", "192.0.2.1"}}));
}

TEST(EngineioOrigins, TellAPageWhatElseItMayDo) {
  Host host{{.cors = {.origin = "*",
                      .methods = {"GET", "POST"},
                      .allowed_headers = {"x-a", "x-b"},
                      .exposed_headers = {"x-c", "x-d"},
                      .max_age = std::chrono::seconds{600}}}};
  const HttpResponse expected{.status = 204,
                              .fields = {{"Access-Control-Allow-Origin", "*"},
                                         {"Access-Control-Expose-Headers", "x-c,x-d"},
                                         {"Access-Control-Allow-Methods", "GET,POST"},
                                         {"Access-Control-Allow-Headers", "x-a,x-b"},
                                         {"Access-Control-Max-Age", "600"}},
                              .body = ""};
  EXPECT_EQ(host.request(first, preflight("http://a.example")), (Said{Respond{first, expected}}));
}

TEST(EngineioOrigins, AnswerAPreflightOfAProgram) {
  auto request = get(polling);
  request.method = "OPTIONS";
  const auto said = Host{lesson}.request(first, request);
  EXPECT_EQ(std::get<Respond>(said.front()).response.status, 204u);
}

TEST(EngineioOrigins, EchoNoControlCharacters) {
  auto request = preflight("http://a.example");
  request.fields.back().value = "a\r\nSet-Cookie: b";
  const auto said = Host{lesson}.request(first, request);
  EXPECT_EQ(std::get<Respond>(said.front()).response.fields.size(), 4u);
}

TEST(EngineioOrigins, RefuseThePreflightOfAForeignPage) {
  const auto said = Host{lesson}.request(first, preflight("http://evil.example"));
  EXPECT_EQ(std::get<Respond>(said.front()).response.status, 403u);
}

}  // namespace
}  // namespace parley::engineio
