// A server on two threads, over real sockets on 127.0.0.1. Connections are dealt out in turn as
// long as all of them stay: so tests know which thread gets which, and that something has to go
// over to the other one. What clients see is as with one thread: Engine.IO 4, "Polling transport",
// "WebSocket transport" and "Upgrade".

#include "certificate.hpp"
#include "running_server.hpp"
#include "tls_client.hpp"
#include "wire.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace parley::net {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using websocket::Opcode;

class Shards : public RunningServer {
 public:
  explicit Shards(Limits limits = {}, const std::optional<TlsFiles>& files = std::nullopt)
      : RunningServer{limits, {}, files, 2} {
    for (std::size_t shard : {0u, 1u})
      post([](node::Node& node) { node.socketio().of("/news"); }, shard);
  }
};

// As its sid says (SidGenerator).
char shard_in(const std::string& sid) { return sid[16]; }

std::string body_of_answer(PlainClient& client) {
  const auto header = client.read_until("\r\n\r\n");
  const std::string_view length = "Content-Length: ";
  const auto at = header.find(length);
  if (at == header.npos) return "(no answer) " + header;
  return client.read(std::stoul(header.substr(at + length.size())));
}

std::string answer(PlainClient& client, const std::string& request) {
  client.send(request);
  return body_of_answer(client);
}

constexpr std::string_view unknown_sid = R"({"code":1,"message":"Session ID unknown"})";

TEST(ServerShards, HaveAsManyConnectionsEach) {
  Shards server;
  WebSocketClient first{server.port()}, second{server.port()}, third{server.port()};
  EXPECT_EQ(shard_in(first.sid()), 'A');
  EXPECT_EQ(shard_in(second.sid()), 'B');
  EXPECT_EQ(shard_in(third.sid()), 'A');
}

TEST(ServerShards, ServeASessionThatIsPolledOnConnectionsOfBoth) {
  Shards server;
  PlainClient first{server.port()}, second{server.port()}, third{server.port()};
  const auto sid = open_session(first);
  EXPECT_EQ(answer(second, post(polling(sid), "40/rtc,")), "ok");
  EXPECT_TRUE(answer(third, get(polling(sid))).starts_with("40/rtc,{\"sid\":\""));
  auto *posts = &second, *polls = &third;
  for (int count = 0; count < 10; ++count) {
    polls->send(get(polling(sid)));  // and is held
    EXPECT_EQ(answer(*posts, post(polling(sid), "40/nowhere,")), "ok");
    EXPECT_EQ(body_of_answer(*polls), R"(44/nowhere,{"message":"Invalid namespace"})");
    std::swap(polls, posts);
  }
}

TEST(ServerShards, ServeSessionsOfBothOnOneConnectionInTheOrderOfItsRequests) {
  Shards server;
  PlainClient first{server.port()}, second{server.port()};
  const auto one = open_session(first);
  const auto two = open_session(second);
  ASSERT_NE(shard_in(one), shard_in(two));
  std::string requests;
  for (int count = 0; count < 50; ++count) {
    for (const auto& sid : {one, two}) {
      requests += post(polling(sid), "40/nowhere,") + get(polling(sid));
      requests += get("/page" + std::to_string(count));
    }
  }
  first.send(requests);
  for (int count = 0; count < 50; ++count) {
    for (int session = 0; session < 2; ++session) {
      ASSERT_EQ(body_of_answer(first), "ok");
      ASSERT_EQ(body_of_answer(first), R"(44/nowhere,{"message":"Invalid namespace"})");
      ASSERT_EQ(body_of_answer(first), "GET /page" + std::to_string(count));
    }
  }
}

TEST(ServerShards, KnowNoSessionOfAThreadThatIsNotThere) {
  Shards server;
  PlainClient client{server.port()};
  EXPECT_EQ(answer(client, get(polling("AAAAAAAAAAAAAAAAAAAA"))), unknown_sid);
  EXPECT_EQ(answer(client, get(polling("AAAAAAAAAAAAAAAABAAA"))), unknown_sid);
  EXPECT_EQ(answer(client, get(polling("AAAAAAAAAAAAAAAACAAA"))), unknown_sid);
  EXPECT_EQ(answer(client, get(polling("AAAAAAAAAAAAAAAA_AAA"))), unknown_sid);
  client.send(upgrade_request("AAAAAAAAAAAAAAAABAAA"));
  EXPECT_TRUE(client.read_all().ends_with("Session ID unknown"));
}

TEST(ServerShards, UpgradeASessionOnAConnectionOfTheOther) {
  Shards server;
  PlainClient first{server.port()}, second{server.port()};
  const auto sid = open_session(first);
  EXPECT_EQ(answer(first, post(polling(sid), "40/rtc,")), "ok");
  EXPECT_TRUE(answer(first, get(polling(sid))).starts_with("40/rtc,"));
  // The probe comes together with the request.
  second.send(upgrade_request(sid) + text_frame("2probe"));
  EXPECT_TRUE(second.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
  EXPECT_EQ(read_frame(second), "3probe");
  second.send(text_frame("5"));
  second.send(text_frame("40/nowhere,"));
  EXPECT_EQ(read_frame(second), R"(44/nowhere,{"message":"Invalid namespace"})");
}

TEST(ServerShards, NoticeThatTheClientOfAPollWhichWentOverIsGone) {
  Shards server;
  PlainClient first{server.port()};
  const auto sid = open_session(first);
  {
    PlainClient second{server.port()};
    second.send(get(polling(sid)));
    second.finish();
    EXPECT_EQ(second.read_all(), "");
  }
  EXPECT_EQ(answer(first, get(polling(sid))), unknown_sid);
}

TEST(ServerShards, AnswerABodyThatIsTooLargeWhereTheSessionIs) {
  Shards server;
  PlainClient first{server.port()}, second{server.port()};
  const auto sid = open_session(first);
  second.send(post(polling(sid), std::string(2'000'000, '4')));
  EXPECT_TRUE(second.read_all().starts_with("HTTP/1.1 413 "));
}

TEST(ServerShards, DropASlowReaderThatWentOver) {
  Shards server{{.backlog_bytes_max = 100'000}};
  PlainClient first{server.port()}, second{server.port()};
  const auto sid = open_session(first);
  second.send(upgrade_request(sid));
  second.read_until("\r\n\r\n");
  std::string pings;
  for (int count = 0; count < 1'000; ++count) pings += frame(Opcode::ping, std::string(125, 'x'));
  int sent = 0;
  while (second.send(pings) && sent < 1'000) ++sent;
  EXPECT_LT(sent, 1'000);
}

TEST(ServerShards, LetNobodyInBeyondTheLimitOfAllUntilSomebodyLeavesEither) {
  Shards server{{.connections_max = 2}};
  for (const auto leaving : {0, 1}) {
    SCOPED_TRACE(leaving);
    std::array<std::optional<WebSocketClient>, 2> clients;
    for (auto& client : clients) client.emplace(server.port());
    PlainClient third{server.port()};
    third.send(get("/third"));
    EXPECT_TRUE(server.log().wait_for("The limit of connections is reached"));
    clients[static_cast<std::size_t>(leaving)].reset();
    EXPECT_EQ(body_of_answer(third), "GET /third");
  }
}

TEST(ServerShards, RunWhatIsPostedOnTheThreadThatIsMeant) {
  Shards server;
  std::promise<std::thread::id> first, second, again;
  server.post([&](node::Node&) { first.set_value(std::this_thread::get_id()); }, 0);
  server.post([&](node::Node&) { second.set_value(std::this_thread::get_id()); }, 1);
  server.post([&](node::Node&) { again.set_value(std::this_thread::get_id()); }, 0);
  const auto id = first.get_future().get();
  EXPECT_NE(id, second.get_future().get());
  EXPECT_EQ(id, again.get_future().get());
}

TEST(ServerShards, HearWhatEitherSaysToAllInItsOrder) {
  Shards server;
  WebSocketClient first{server.port()}, second{server.port()};
  for (auto* client : {&first, &second}) {
    client->send(text_frame("40/news,"));
    EXPECT_TRUE(read_frame(*client).starts_with("40/news,"));
  }
  for (std::size_t shard : {0u, 1u}) {
    for (int number = 0; number < 100; ++number) {
      server.post([=](node::Node& node) { node.socketio().of("/news").emit("news", number); },
                  shard);
    }
    for (int number = 0; number < 100; ++number) {
      const auto news = R"(42/news,["news",)" + std::to_string(number) + ']';
      ASSERT_EQ(read_frame(first), news);
      ASSERT_EQ(read_frame(second), news);
    }
  }
}

TEST(ServerShards, LogOneAtATime) {
  Shards server;
  for (std::size_t shard : {0u, 1u, 0u, 1u})
    server.post([](node::Node& node) { node.socketio().report("reported"); }, shard);
  EXPECT_TRUE(server.log().wait_for("reported"));
}

TEST(ServerShards, CloseTheWebSocketsOfBothInOrderWhenTheyStop) {
  Shards server;
  WebSocketClient first{server.port()}, second{server.port()};
  std::thread stopping{[&] { server.stop(); }};
  for (auto* client : {&first, &second}) {
    EXPECT_EQ(client->read(2), "\x88\x00"s);
    client->send(frame(Opcode::close, ""));
    EXPECT_EQ(client->read_all(), "");
    client->finish();
  }
  stopping.join();
}

// Sessions come, are polled from the other thread, are upgraded, and go, while the server stops.
TEST(ServerShards, StopUnderLoad) {
  Shards server{{.stop_time = 200ms}};
  std::atomic<int> rounds = 0;
  std::atomic<bool> stopped = false;
  std::mutex mutex;
  std::condition_variable busy;
  const auto visit = [&] {
    while (!stopped) {
      PlainClient first{server.port()}, second{server.port()};
      const auto sid = open_session(first);
      if (sid.size() < 20) return;
      second.send(post(polling(sid), "40/rtc,"));
      first.send(get(polling(sid)));
      if (body_of_answer(second).empty() || body_of_answer(first).empty()) return;
      second.send(upgrade_request(sid) + text_frame("2probe"));
      second.read_until("3probe");
      const std::lock_guard lock{mutex};
      ++rounds;
      busy.notify_all();
    }
  };
  std::vector<std::thread> visitors;
  for (int count = 0; count < 4; ++count) visitors.emplace_back(visit);
  {
    std::unique_lock lock{mutex};
    EXPECT_TRUE(busy.wait_for(lock, 10s, [&] { return rounds >= 40; }));
  }
  stopped = true;
  server.stop();
  for (auto& visitor : visitors) visitor.join();
}

class ServerShardsTls : public testing::Test {
 protected:
  ServerShardsTls() { std::signal(SIGPIPE, SIG_IGN); }
  TlsDirectory directory;
};

TEST_F(ServerShardsTls, UpgradeASessionOnAConnectionOfTheOther) {
  Shards server{{}, directory.files()};
  TlsClient first{server.tls_port()}, second{server.tls_port()};
  const auto sid = open_session(first);
  EXPECT_EQ(answer(second, get("/page")), "GET /page");
  second.send(upgrade_request(sid) + text_frame("2probe"));
  EXPECT_TRUE(second.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
  EXPECT_EQ(read_frame(second), "3probe");
}

TEST_F(ServerShardsTls, ResumeASessionThatTheOtherHadBegun) {
  Shards server{{}, directory.files()};
  TlsClient first{server.tls_port()};
  EXPECT_EQ(answer(first, get("/page")), "GET /page");
  auto* const session = first.session();
  TlsClient second{server.tls_port(), {.resume = session}};
  EXPECT_TRUE(second.resumed());
  EXPECT_EQ(answer(second, get("/page")), "GET /page");
  SSL_SESSION_free(session);
}

// What applications do wrong must not end their program without a word.
TEST(ServerShards, ThrowWhatAHandlerThrowsWhereverItRuns) {
  for (const std::size_t shard : {0u, 1u}) {
    Nodes nodes{{}, 2};
    EchoPages pages;
    Server server{nodes, pages, {}, [](auto, auto) {}};
    const auto port = server.listen("127.0.0.1", 0);
    ASSERT_TRUE(port);
    auto running = std::async(std::launch::async, [&] { server.run(); });
    PlainClient one{*port}, other{*port};
    for (auto* client : {&one, &other}) {
      client->send(get("/x"));
      EXPECT_TRUE(client->read_until("/x").starts_with("HTTP/1.1 200"));
    }
    server.post(shard, [] { throw std::runtime_error{"a handler's"}; });
    try {
      running.get();
      ADD_FAILURE() << "run() has returned";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "a handler's") << shard;
    }
  }
}

}  // namespace
}  // namespace parley::net
