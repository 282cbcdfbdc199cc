// What somebody who looks on by @socket.io/admin-ui is told, and what he may do: docs/admin-ui.md,
// whose facts are those of version 0.5.1's instrument().

#include <parley/admin/admin.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace parley::admin {
namespace {

using socketio::ConnectionId;
using socketio::DisconnectReason;
using socketio::NodeId;
using socketio::Socket;

using Frames = std::vector<std::string>;

struct OneByte : Entropy {
  explicit OneByte(std::byte byte) : value{byte} {}
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, value); }
  std::byte value;
};

constexpr ConnectionId boss{1}, ann{2}, bob{3};
const std::string ann_sid = "AAAAAAAAAAAAAAAAAAAB";  // the second that the server makes

flow::task<bool> is_ann_and_secret(std::string username, std::string password) {
  co_return username == "ann" && password == "secret";
}

Options with(Options options) {
  options.host = {.hostname = "somewhere",
                  .pid = 7,
                  .started = Time{} - Duration{1'500},
                  .zero_of_time = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
  return options;
}

// One server and its watchers, and Engine.IO's side of its connections.
struct World {
  explicit World(Options options = {}, socketio::Options socketio = {}, std::byte chance = {})
      : entropy{chance},
        server{std::move(socketio), entropy, arena},
        admin{server, with(std::move(options)), entropy} {
    server.of("/").on_connection([this](Socket socket) { last = socket; });
  }

  void open(ConnectionId id, socketio::Transport transport = socketio::Transport::websocket) {
    HttpRequest request{"GET", "/socket.io/?EIO=4", {{"Host", "h"}}, {}, "192.0.2.1"};
    server.opened(id, request, now, {.transport = transport});
  }
  Frames receive(ConnectionId id, std::string_view packet) {
    server.received(id, MessageKind::text, packet, now);
    return frames(id);
  }
  Frames enter(ConnectionId id, std::string_view packet) {
    open(id);
    return receive(id, packet);
  }
  void pass(Duration duration) {
    now += duration;
    server.advance(now);
  }

  /// What was sent to `id` since the last call, without the watcher's namespace.
  Frames frames(ConnectionId id) {
    while (auto output = server.poll()) outputs.push_back(*std::move(output));
    Frames found;
    std::erase_if(outputs, [&](const socketio::Output& output) {
      if (const auto* close = std::get_if<socketio::Close>(&output);
          close && close->connection == id)
        found.emplace_back("close");
      const auto* send = std::get_if<socketio::Send>(&output);
      if (!send || send->connection != id) return false;
      std::string packet{send->data.view()};
      const auto where = packet.find("/admin,");
      if (where != packet.npos) packet.erase(where, 7);
      found.push_back(packet);
      return true;
    });
    return found;
  }

  OneByte entropy;
  Arena arena;
  socketio::Server server;
  Admin admin;
  Time now{};
  std::optional<Socket> last;
  std::vector<socketio::Output> outputs;
};

bool has(const Frames& frames, std::string_view part) {
  return std::ranges::any_of(frames, [&](const auto& frame) { return frame.contains(part); });
}

constexpr std::string_view at = R"("2026-11-23T00:00:00.000Z")";

std::string shown_ann() {
  return R"({"id":")" + ann_sid +
         R"(","clientId":"somewhere-2","transport":"websocket","nsp":"/","data":{},"handshake":)"
         R"({"address":"192.0.2.1","headers":{"host":"h"},"query":{"EIO":"4"},"issued":0,)"
         "\"secure\":false,\"time\":\"Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal "
         "Time)\","
         R"("url":"/socket.io/?EIO=4","xdomain":false},"rooms":[")" +
         ann_sid + R"("]})";
}

// Without what a watcher is told when he comes.
struct Watched : World {
  explicit Watched(Options options = {}) : World{std::move(options)} {
    (void)enter(boss, "0/admin,");
  }
};

TEST(Admin, TellsWhatItCanDoToWhoeverLooksOn) {
  World world;
  const auto frames = world.enter(boss, "0/admin,");
  EXPECT_EQ(frames.front(), R"(0{"sid":"AAAAAAAAAAAAAAAAAAAA"})");
  EXPECT_TRUE(has(frames, R"(2["config",{"supportedFeatures":["EMIT","JOIN","LEAVE","DISCONNECT",)"
                          R"("MJOIN","MLEAVE","MDISCONNECT","AGGREGATED_EVENTS","ALL_EVENTS"]}])"));
}

TEST(Admin, OffersNoStepsToThoseWhoMayOnlyRead) {
  World world{{.read_only = true, .mode = Mode::production}};
  EXPECT_TRUE(has(world.enter(boss, "0/admin,"),
                  R"(2["config",{"supportedFeatures":["AGGREGATED_EVENTS"]}])"));
  world.enter(ann, "0");
  (void)world.receive(boss, R"(2/admin,["_disconnect","/",true])");
  EXPECT_EQ(world.frames(ann), Frames{});
}

TEST(Admin, SaysEveryTwoSecondsHowTheServerIs) {
  World world{{.mode = Mode::production}};
  const auto first = world.enter(boss, "0/admin,");
  EXPECT_TRUE(has(first, R"(2["server_stats",{"serverId":"somewhere","hostname":"somewhere",)"
                         R"("pid":7,"uptime":1.5,"clientsCount":1,"pollingClientsCount":0,)"
                         R"("aggregatedEvents":[],"namespaces":[{"name":"/","socketsCount":0},)"
                         R"({"name":"/admin","socketsCount":1}]}])"));
  world.open(ann, socketio::Transport::polling);
  (void)world.receive(ann, "0");
  world.pass(Duration{1'999});
  EXPECT_EQ(world.frames(boss), Frames{});
  world.pass(Duration{1});
  const auto second = world.frames(boss);
  EXPECT_TRUE(has(second, R"("uptime":3.5,"clientsCount":2,"pollingClientsCount":1,)"));
  EXPECT_TRUE(has(second, R"({"timestamp":1795392002000,"type":"rawConnection","count":1})"));
  EXPECT_TRUE(has(second, R"({"timestamp":1795392002000,"type":"packetsIn","count":1})"));
}

TEST(Admin, KeepsNoClockWhenNobodyLooksOn) {
  World world{{.mode = Mode::production}};
  EXPECT_FALSE(world.server.wake_at());
  (void)world.enter(boss, "0/admin,");
  EXPECT_EQ(world.server.wake_at(), Time{Duration{2'000}});
  world.server.closed(boss, DisconnectReason::transport_close, world.now);
  world.pass(Duration{2'000});
  EXPECT_FALSE(world.server.wake_at());
}

TEST(Admin, ShowsAllSocketsThatThereAre) {
  World world;
  (void)world.enter(boss, "0/x,");
  (void)world.enter(ann, "0");
  EXPECT_EQ(world.frames(ann), Frames{});
  world.server.closed(boss, DisconnectReason::transport_close, world.now);
  const auto frames = world.enter(bob, "0/admin,");
  const auto all = std::ranges::find_if(
      frames, [](const auto& frame) { return frame.starts_with(R"(2["all_sockets",[)"); });
  ASSERT_NE(all, frames.end());
  EXPECT_TRUE(all->contains(R"("nsp":"/","data":{})"));
  EXPECT_TRUE(all->contains(R"("nsp":"/admin","data":{})"));
}

TEST(Admin, TellsOfSocketsThatComeAndGo) {
  Watched world;
  const auto joined = world.enter(ann, "0");
  EXPECT_EQ(world.frames(boss),
            (Frames{R"(2["room_joined","/",")" + ann_sid + "\",\"" + ann_sid + "\"," +
                        std::string{at} + "]",
                    R"(2["socket_connected",)" + shown_ann() + "," + std::string{at} + "]"}));
  world.last->join("tea");
  EXPECT_EQ(world.frames(boss),
            (Frames{R"(2["room_joined","/","tea",")" + ann_sid + "\"," + std::string{at} + "]"}));
  world.server.closed(ann, DisconnectReason::transport_close, world.now);
  EXPECT_EQ(world.frames(boss),
            (Frames{R"(2["socket_disconnected","/",")" + ann_sid + R"(","transport close",)" +
                        std::string{at} + "]",
                    R"(2["room_left","/",")" + ann_sid + "\",\"" + ann_sid + "\"," +
                        std::string{at} + "]",
                    R"(2["room_left","/","tea",")" + ann_sid + "\"," + std::string{at} + "]"}));
}

TEST(Admin, TellsOfAClientThatChangesItsTransport) {
  Watched world;
  world.open(ann, socketio::Transport::polling);
  (void)world.receive(ann, "0");
  EXPECT_TRUE(has(world.frames(boss), R"("transport":"polling")"));
  world.server.upgraded(ann, world.now);
  EXPECT_EQ(world.frames(boss), (Frames{R"(2["socket_updated",{"id":")" + ann_sid +
                                        R"(","nsp":"/","transport":"websocket"}])"}));
}

TEST(Admin, TellsOfEventsThatComeAndGoButItsOwn) {
  Watched world;
  (void)world.enter(ann, "0");
  (void)world.frames(boss);
  (void)world.receive(ann, R"(27["hello",1,{"a":2}])");
  EXPECT_EQ(world.frames(boss), (Frames{R"(2["event_received","/",")" + ann_sid +
                                        R"(",["hello",1,{"a":2}],)" + std::string{at} + "]"}));
  world.server.of("/").emit("hi", 3);
  EXPECT_EQ(world.frames(boss), (Frames{R"(2["event_sent","/",")" + ann_sid + R"(",["hi",3],)" +
                                        std::string{at} + "]"}));
  EXPECT_EQ(world.receive(boss, R"(2/admin,["nothing"])"), Frames{});
}

TEST(Admin, TellsNumbersAloneInProduction) {
  Watched world{{.mode = Mode::production}};
  (void)world.enter(ann, "0");
  (void)world.receive(ann, R"(2["hello"])");
  EXPECT_EQ(world.frames(boss), Frames{});
}

TEST(Admin, SteersSocketsAsItIsTold) {
  Watched world;
  (void)world.enter(ann, "0");
  (void)world.receive(boss, R"(2/admin,["join","/","tea"])");
  EXPECT_EQ(world.last->rooms(), (Frames{ann_sid, "tea"}));
  (void)world.receive(boss, R"(2/admin,["emit","/","tea","hello",1,[2]])");
  EXPECT_EQ(world.frames(ann), (Frames{R"(2["hello",1,[2]])"}));
  (void)world.receive(boss, R"(2/admin,["emit","/",null,"all"])");
  EXPECT_EQ(world.frames(ann), (Frames{R"(2["all"])"}));
  (void)world.receive(boss, R"(2/admin,["leave","/","tea",")" + ann_sid + R"("])");
  EXPECT_EQ(world.last->rooms(), (Frames{ann_sid}));
  (void)world.receive(boss, R"(2/admin,["_disconnect","/",false,"nobody"])");
  EXPECT_EQ(world.frames(ann), Frames{});
  (void)world.receive(boss, R"(2/admin,["_disconnect","/",true,")" + ann_sid + R"("])");
  EXPECT_EQ(world.frames(ann), (Frames{"1", "close"}));
}

TEST(Admin, IgnoresStepsThatMeanNothing) {
  Watched world;
  (void)world.enter(ann, "0");
  (void)world.frames(boss);
  for (const auto* step : {R"(2/admin,["emit"])", R"(2/admin,["emit","/"])",
                           R"(2/admin,["emit","/","",7])", R"(2/admin,["emit","/nowhere","","e"])",
                           R"(2/admin,["emit","/","","disconnect"])", R"(2/admin,["join","/",{}])",
                           R"(2/admin,["leave",["/"],"a"])", R"(2/admin,["_disconnect"])"})
    EXPECT_EQ(world.receive(boss, step), Frames{}) << step;
  EXPECT_EQ(world.frames(ann), Frames{});
  EXPECT_EQ(world.last->rooms(), (Frames{ann_sid}));
}

TEST(Admin, AsksForNameAndPasswordAndGivesASessionForThem) {
  World world{{.verify = is_ann_and_secret, .mode = Mode::production}};
  EXPECT_EQ(world.enter(boss, "0/admin,"), (Frames{R"(4{"message":"invalid credentials"})"}));
  EXPECT_EQ(world.receive(boss, R"(0/admin,{"username":"ann","password":"guess"})"),
            (Frames{R"(4{"message":"invalid credentials"})"}));
  const auto frames = world.receive(boss, R"(0/admin,{"username":"ann","password":"secret"})");
  std::smatch session;
  ASSERT_TRUE(
      std::regex_match(frames.front(), session, std::regex{R"re(2\["session","(.*)"\])re"}));
  EXPECT_TRUE(frames.at(1).starts_with("0{"));
  EXPECT_TRUE(has(world.enter(ann, R"(0/admin,{"sessionId":")" + session[1].str() + "\"}"), "0{"));
  EXPECT_EQ(world.enter(bob, R"(0/admin,{"sessionId":"another"})"),
            (Frames{R"(4{"message":"invalid credentials"})"}));
}

TEST(Admin, VerifiesOnlySoManyAtOneTime) {
  Options options{.mode = Mode::production, .logins_max = 1};
  World* there = nullptr;
  options.verify = [&there](const std::string&, const std::string&) -> flow::task<bool> {
    return [](World* world) -> flow::task<bool> {
      co_await flow::sleep(world->server.scheduler(), Duration{50});
      co_return true;
    }(there);
  };
  World world{std::move(options)};
  there = &world;
  const std::string login = R"(0/admin,{"username":"ann","password":"secret"})";
  EXPECT_EQ(world.enter(boss, login), Frames{});
  EXPECT_EQ(world.enter(ann, login), (Frames{R"(4{"message":"too many logins"})"}));
  world.pass(Duration{50});
  EXPECT_TRUE(has(world.frames(boss), "config"));
}

TEST(Admin, ForgetsTheOldestOfTooManySessions) {
  World world{{.verify = is_ann_and_secret, .mode = Mode::production, .sessions_max = 1}};
  const std::string login = R"(0/admin,{"username":"ann","password":"secret"})";
  const auto session = [](const Frames& frames) { return frames.front().substr(13, 20); };
  const auto first = session(world.enter(boss, login));
  const auto second = session(world.enter(ann, login));
  world.open(bob);
  EXPECT_TRUE(has(world.receive(bob, R"(0/admin,{"sessionId":")" + first + "\"}"), "invalid"));
  EXPECT_TRUE(has(world.receive(bob, R"(0/admin,{"sessionId":")" + second + "\"}"), "config"));
}

// Two servers that act as one, each with its own Admin.
struct Two {
  static socketio::Options socketio_for(std::uint64_t other) {
    socketio::Options options;
    options.cluster.emplace().others = {NodeId{other}};
    return options;
  }
  World a{{.server_id = "a"}, socketio_for(1), std::byte{0}};
  World b{{.server_id = "b"}, socketio_for(0), std::byte{1}};

  void carry() {
    while (carry(a, NodeId{0}, b) || carry(b, NodeId{1}, a)) {
    }
  }
  static bool carry(World& from, NodeId id, World& to) {
    while (auto output = from.server.poll()) from.outputs.push_back(*std::move(output));
    std::vector<socketio::Publish> said;
    std::erase_if(from.outputs, [&](socketio::Output& output) {
      auto* publish = std::get_if<socketio::Publish>(&output);
      if (publish) said.push_back(*publish);
      return publish != nullptr;
    });
    for (const auto& each : said) to.server.heard(id, *each.message, to.now);
    return !said.empty();
  }
};

TEST(AdminOfACluster, ShowsTheSocketsOfAllServers) {
  Two two;
  (void)two.b.enter(ann, "0");
  two.carry();
  EXPECT_TRUE(has(two.a.enter(boss, "0/admin,"), R"(2["server_stats",{"serverId":"a")"));
  two.carry();
  const auto frames = two.a.frames(boss);
  EXPECT_TRUE(has(frames, R"("clientId":"a-1")"));
  EXPECT_TRUE(has(frames, R"("clientId":"b-2")"));
  EXPECT_TRUE(has(frames, R"(2["server_stats",{"serverId":"b")"));
}

TEST(AdminOfACluster, SteersTheSocketsOfAllServers) {
  Two two;
  (void)two.b.enter(ann, "0");
  (void)two.a.enter(boss, "0/admin,");
  two.carry();
  (void)two.a.receive(boss, R"(2/admin,["join","/","tea"])");
  two.carry();
  EXPECT_EQ(two.b.last->rooms().back(), "tea");
  EXPECT_TRUE(has(two.a.frames(boss), R"(2["room_joined","/","tea")"));
}

TEST(AdminOfACluster, FallsSilentEverywhereWhenNobodyLooksOn) {
  Two two;
  (void)two.a.enter(boss, "0/admin,");
  two.carry();
  two.a.server.closed(boss, DisconnectReason::transport_close, two.a.now);
  for (int turn = 0; turn < 4; ++turn) {
    two.a.pass(Duration{2'000});
    two.b.pass(Duration{2'000});
    two.carry();
  }
  EXPECT_FALSE(two.a.server.wake_at());
  EXPECT_FALSE(two.b.server.wake_at());
}

}  // namespace
}  // namespace parley::admin
