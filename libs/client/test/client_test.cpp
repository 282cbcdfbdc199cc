// The API of flows and handlers: what a step waits for, how it fails, and that a handler may do
// anything. Against the comments of Client, Socket, Event and Subscription.

#include "fake_server.hpp"

#include <parley/flow/flow.hpp>

namespace parley::client {
namespace {

using namespace std::chrono_literals;
using flow::Running;
using socketio::Text;
using websocket::Opcode;

class ClientApi : public ::testing::Test {
 protected:
  ClientApi() {
    Options options;
    options.engineio.transports = {engineio::client::Transport::websocket};
    options.socketio.reconnection_delay = 1ms;
    client.emplace(scheduler, server.url(), options);
    socket.emplace(client->socket());
  }
  // The server's end, once the root namespace is connected.
  Peer& connected(std::size_t number = 0) {
    socket->open();
    auto& peer = server.request(number);
    peer.send(accepting(peer.take()));
    peer.become_websocket();
    peer.frame(Opcode::text, "0" + handshake);
    peer.frame(Opcode::text, R"(40{"sid":"s1"})");
    run_until(io, [&] { return socket->connected() && !peer.frames.empty(); });
    peer.frames.clear();
    return peer;
  }
  void run_until_over(const auto& running) {
    run_until(io, [&] { return running.outcome().has_value(); });
  }
  static std::error_code code_of(const auto& running) { return running.outcome()->error().code; }

  asio::io_context io;
  Scheduler scheduler{io};
  FakeServer server{io};
  std::optional<Client> client;
  std::optional<Socket> socket;
};

TEST_F(ClientApi, ConnectEndsWhenTheSocketIsConnected) {
  const Running running{socket->connect()};
  EXPECT_FALSE(running.outcome());
  connected();
  run_until_over(running);
  EXPECT_TRUE(*running.outcome());
  EXPECT_EQ(socket->id(), "s1");
  const Running again{socket->connect()};
  EXPECT_TRUE(again.outcome()) << "at once";
}

TEST_F(ClientApi, ConnectFailsWhenTheServerRefuses) {
  const Running running{socket->connect()};
  auto& peer = server.request(0);
  peer.send(accepting(peer.take()));
  peer.frame(Opcode::text, "0" + handshake);
  peer.frame(Opcode::text, R"(44{"message":"not today"})");
  run_until_over(running);
  EXPECT_EQ(code_of(running), make_error_code(Errc::connect_error));
  EXPECT_EQ(running.outcome()->error().context, "not today");
}

TEST_F(ClientApi, ConnectWaitsThroughFailedAttempts) {
  std::size_t attempts = 0;
  const auto counting = client->on_reconnect_attempt([&](std::size_t n) { attempts = n; });
  const Running running{socket->connect()};
  server.request(0).close();
  server.request(1).close();
  connected(2);
  run_until_over(running);
  EXPECT_TRUE(*running.outcome());
  EXPECT_EQ(attempts, 2);
}

TEST_F(ClientApi, ConnectFailsWhenNobodyListensAndNobodyTriesAgain) {
  Client other{scheduler, {.host = "127.0.0.1", .port = 1}, {.socketio = {.reconnection = false}}};
  const Running running{other.socket("/").connect()};
  run_until_over(running);
  EXPECT_EQ(code_of(running), make_error_code(Errc::connect_error));
}

TEST_F(ClientApi, ConnectFailsWhenTheSocketIsDisconnectedMeanwhile) {
  const Running running{socket->connect()};
  socket->disconnect();
  run_until_over(running);
  EXPECT_EQ(code_of(running), make_error_code(Errc::disconnected));
}

TEST_F(ClientApi, EmitSendsValuesOfAllKinds) {
  auto& peer = connected();
  const std::string bytes{"\x01\x02"};
  EXPECT_TRUE(socket->emit("e", 1, "two", socketio::Bytes{bytes}, std::vector{3.5}, nullptr));
  run_until(io, [&] { return peer.frames.size() == 2; });
  EXPECT_EQ(peer.frames,
            (std::vector<std::string>{
                R"(451-["e",1,"two",{"_placeholder":true,"num":0},[3.5],null])", bytes}));
}

TEST_F(ClientApi, EmitSaysWhenItCannot) {
  const auto code_of_emit = [&](Arguments arguments) {
    return socket->emit(std::move(arguments)).error().code;
  };
  EXPECT_EQ(code_of_emit({R"(["e"])", std::vector<std::string>(11)}),
            make_error_code(Errc::too_many_attachments));
  EXPECT_EQ(code_of_emit({"[\"" + std::string(17'000'000, 'e') + "\"]"}),
            make_error_code(Errc::buffer_full));
  client.reset();
  EXPECT_EQ(code_of_emit({R"(["e"])"}), make_error_code(Errc::closed));
}

TEST_F(ClientApi, AVolatileEventIsLostWhileTheSocketIsNotConnected) {
  EXPECT_TRUE(socket->volatile_().emit("lost"));
  auto& peer = connected();
  EXPECT_TRUE(socket->volatile_().emit("sent"));
  run_until(io, [&] { return !peer.frames.empty(); });
  EXPECT_EQ(peer.frames, (std::vector<std::string>{R"(42["sent"])"}));
}

TEST_F(ClientApi, AnAcknowledgementIsTheValueOfItsStep) {
  auto& peer = connected();
  const Running running{socket->emit_with_ack("ask", 1)};
  run_until(io, [&] { return !peer.frames.empty(); });
  EXPECT_EQ(peer.frames, (std::vector<std::string>{R"(420["ask",1])"}));
  peer.frame(Opcode::text, R"(430[2,"three"])");
  run_until_over(running);
  const auto values = values_of<int, Text>(**running.outcome());
  EXPECT_EQ(std::get<0>(*values), 2);
  EXPECT_EQ(std::get<1>(*values), "three");
}

flow::task<> ask_and_note(Socket socket, std::vector<std::string>& heard) {
  co_await socket.emit_with_ack("ask");
  heard.emplace_back("answer");
}

TEST_F(ClientApi, AnAnswerIsHeardInTheOrderOfTheWire) {
  auto& peer = connected();
  std::vector<std::string> heard;
  const auto listening = socket->on_any([&](Event& event) {
    heard.emplace_back(event.name());
    EXPECT_TRUE(socket->emit("and so"));  // which asks for a turn before the answer is told
  });
  const Running running{ask_and_note(*socket, heard)};
  run_until(io, [&] { return !peer.frames.empty(); });
  peer.frame(Opcode::text, R"(42["before"])");
  peer.frame(Opcode::text, "430[]");
  peer.frame(Opcode::text, R"(42["after"])");
  run_until(io, [&] { return heard.size() == 3; });
  EXPECT_EQ(heard, (std::vector<std::string>{"before", "answer", "after"}));
}

flow::task<> connect_and_listen(Socket socket, std::vector<std::string>& heard) {
  co_await socket.connect();
  const auto listening = socket.on_any([&](Event& event) { heard.emplace_back(event.name()); });
  co_await socket.emit_with_ack("ready");
}

TEST_F(ClientApi, WhoWaitedForTheConnectionHearsWhatFollowsIt) {
  std::vector<std::string> heard;
  const Running running{connect_and_listen(*socket, heard)};
  auto& peer = server.request(0);
  peer.send(accepting(peer.take()));
  peer.become_websocket();
  peer.frame(Opcode::text, "0" + handshake);
  peer.frame(Opcode::text, R"(40{"sid":"s1"})");
  peer.frame(Opcode::text, R"(42["welcome"])");
  run_until(io, [&] { return !heard.empty(); });
  EXPECT_EQ(heard, (std::vector<std::string>{"welcome"}));
}

TEST_F(ClientApi, AnEventOfAReservedNameIsAnError) {
  connected();
  EXPECT_EQ(socket->emit("disconnect").error().code, make_error_code(Errc::reserved_event));
  EXPECT_EQ(socket->volatile_().emit("connect").error().code,
            make_error_code(Errc::reserved_event));
  const Running running{socket->emit_with_ack("newListener")};
  run_until_over(running);
  EXPECT_EQ(code_of(running), make_error_code(Errc::reserved_event));
}

TEST_F(ClientApi, AnAcknowledgementFailsAfterItsTime) {
  connected();
  const Running running{socket->timeout(1ms).emit_with_ack("ask")};
  run_until_over(running);
  EXPECT_EQ(code_of(running), make_error_code(flow::Errc::timed_out));
}

TEST_F(ClientApi, AnAcknowledgementFailsWithTheConnection) {
  auto& peer = connected();
  const Running running{socket->emit_with_ack("ask")};
  run_until(io, [&] { return !peer.frames.empty(); });
  peer.close();
  run_until_over(running);
  EXPECT_EQ(code_of(running), make_error_code(Errc::disconnected));
}

TEST_F(ClientApi, AnAcknowledgementThatNobodyWaitsForIsIgnored) {
  auto& peer = connected();
  {
    const Running running{socket->emit_with_ack("ask")};
    run_until(io, [&] { return !peer.frames.empty(); });
  }
  bool heard = false;
  const auto hearing = socket->on("after", [&](Event&) { heard = true; });
  peer.frame(Opcode::text, "430[]");
  peer.frame(Opcode::text, R"(42["after"])");
  run_until(io, [&] { return heard; });
}

TEST_F(ClientApi, WhoeverWaitsFailsWithTheClient) {
  connected();
  const Running asking{socket->emit_with_ack("ask")};
  const Running connecting{client->socket("/other").connect()};
  const auto connect = socket->connect();
  client.reset();
  run_until_over(asking);
  run_until_over(connecting);
  EXPECT_EQ(code_of(asking), make_error_code(Errc::closed));
  EXPECT_EQ(code_of(connecting), make_error_code(Errc::closed));
  const Running late{socket->connect()};
  EXPECT_EQ(code_of(late), make_error_code(Errc::closed));
  EXPECT_FALSE(socket->connected());
}

TEST_F(ClientApi, HandlersHearTheirEventsAndAnswerThem) {
  auto& peer = connected();
  std::vector<std::string> heard;
  const auto all =
      socket->on_any([&](Event& event) { heard.push_back("any " + std::string{event.name()}); });
  const auto one = socket->on("add", [&](Event& event) {
    const auto values = event.get<int, int>();
    heard.emplace_back("add");
    event.ack(std::get<0>(*values) + std::get<1>(*values));
    event.ack("a second answer");
  });
  peer.frame(Opcode::text, R"(427["add",1,2])");
  peer.frame(Opcode::text, R"(42["other"])");
  run_until(io, [&] { return heard.size() == 3 && !peer.frames.empty(); });
  EXPECT_EQ(heard, (std::vector<std::string>{"any add", "add", "any other"}));
  EXPECT_EQ(peer.frames, (std::vector<std::string>{"437[3]"}));
}

TEST_F(ClientApi, AnAnswerMayComeLater) {
  auto& peer = connected();
  Ack ack;
  const auto asking = socket->on("ask", [&](Event& event) { ack = std::move(event.ack); });
  peer.frame(Opcode::text, R"(420["ask"])");
  run_until(io, [&] { return static_cast<bool>(ack); });
  ack();
  EXPECT_FALSE(ack);
  run_until(io, [&] { return !peer.frames.empty(); });
  EXPECT_EQ(peer.frames, (std::vector<std::string>{"430[]"}));
}

TEST_F(ClientApi, AHandlerThatIsTakenOffIsNotCalled) {
  auto& peer = connected();
  std::vector<std::string> heard;
  Subscription second;
  auto first = socket->on("e", [&](Event&) {
    heard.emplace_back("first");
    second.off();
  });
  second = socket->on("e", [&](Event&) { heard.emplace_back("second"); });
  peer.frame(Opcode::text, R"(42["e"])");
  peer.frame(Opcode::text, R"(42["e"])");
  run_until(io, [&] { return heard.size() == 2; });
  EXPECT_EQ(heard, (std::vector<std::string>{"first", "first"}));
}

TEST_F(ClientApi, AHandlerMayDestroyTheClient) {
  auto& peer = connected();
  bool heard = false;
  const auto all = socket->on_any([&](Event& event) {
    client.reset();
    event.ack();
    heard = true;
  });
  const auto never = socket->on("e", [](Event&) { FAIL() << "the client is gone"; });
  peer.frame(Opcode::text, R"(420["e"])");
  run_until(io, [&] { return heard && peer.is_closed(); });
}

TEST_F(ClientApi, CloseEndsWhenTheConnectionsAreGone) {
  auto& peer = connected();
  const Running running{client->close()};
  EXPECT_FALSE(running.outcome());
  run_until_over(running);
  run_until(io, [&] { return peer.is_closed(); });
  EXPECT_EQ(peer.frames, (std::vector<std::string>{"41", "close 1000"}));
  const Running again{client->close()};
  run_until_over(again);
}

}  // namespace
}  // namespace parley::client
