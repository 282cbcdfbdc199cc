// Clients that are cut off at any moment, noticed by the server or not, and come back soon or late:
// who is connected and hears has heard just what was for its session, once and in order. Beside
// them a stranger shows anything at all.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/base/ids.hpp>
#include <parley/socketio/client.hpp>
#include <parley/socketio/server.hpp>
#include <parley/socketio/values.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace parley;
using namespace parley::socketio;

namespace {

// No input is to guess a private id.
struct Chance : Entropy {
  void fill(std::span<std::byte> bytes) override {
    std::ranges::generate(bytes, [this] { return static_cast<std::byte>(numbers()); });
  }
  std::mt19937 numbers;
};

// Limits so small that inputs reach them.
Options options(bool skip_middlewares) {
  Options made;
  made.connection_state_recovery =
      ConnectionStateRecovery{.max_disconnection_duration = Duration{2'000},
                              .skip_middlewares = skip_middlewares,
                              .events_max = 8,
                              .event_bytes_max = 4'000,
                              .event_age_max = Duration{3'000},
                              .sessions_max = 2,
                              .session_bytes_max = 4'000};
  return made;
}

class World {
 public:
  explicit World(bool skip_middlewares) : server_{options(skip_middlewares), chance_, arena_} {
    auto& main = server_.of("/");
    main.use([](Socket) { return Result<void, ConnectError>{}; });
    main.on_connection([this](Socket socket) { joined(socket); });
    for (std::size_t index = 0; index < people_.size(); ++index) {
      auto& person = people_[index];
      person.manager = std::make_unique<client::Manager>(client::Options{}, chance_);
      person.manager->show(person.manager->socket("/"), R"({"me":)" + std::to_string(index) + '}');
      person.manager->connect(root, now_);
    }
    carry();
  }

  void act(fuzz::Input& input) {
    const auto choice = input.byte();
    auto& person = people_[choice % people_.size()];
    const auto number = input.byte();
    switch (choice / people_.size() % 9) {
      case 0:
        return emit({}, number);
      case 1:
        return emit({.rooms = {room(number)}, .except = {room(number / 2)}}, number);
      case 2:
        return emit({.rooms = {person.sid, room(number)}, .except = {}}, number);
      case 3:
        return server_.of("/").volatile_().emit("v");
      case 4:
        person.is_deaf = true;
        return;
      case 5:
        return lose(person, number % 2 == 0);
      case 6:
        return pass(Duration{number * 10});
      case 7:
        return disconnect(person);
      default:
        return intrude(input.take(number));
    }
  }

  void settle() {
    carry();
    for (const auto& person : people_) {
      if (!person.is_connected || person.is_deaf) continue;
      PARLEY_CHECK(person.heard == person.due);
    }
  }

  /// Nothing is kept for ever.
  void finish() {
    for (auto& person : people_) lose(person, true);
    server_.closed(stranger_, DisconnectReason::transport_close, now_);
    for (const auto id : unnoticed_) server_.closed(id, DisconnectReason::ping_timeout, now_);
    for (int wakes = 0; server_.wake_at(); ++wakes) {
      PARLEY_CHECK(wakes < 10);
      now_ = std::max(now_, *server_.wake_at());
      server_.advance(now_);
    }
  }

 private:
  struct Person {
    std::unique_ptr<client::Manager> manager;
    client::ConnectionId connection{};
    bool is_open = false;
    bool is_connected = false;
    bool is_deaf = false;  // until the connection is lost
    std::string sid;       // what the server calls it
    std::vector<int> heard, due;
  };

  static constexpr client::SocketId root{0};

  static std::string room(std::size_t number) { return std::to_string(number % 3); }

  // Everybody has a room of its own, shares one with everybody else, and is in no other.
  static std::vector<std::string> rooms_of(std::size_t index) { return {room(index), "all"}; }

  void joined(Socket socket) {
    const auto me = Json{socket.auth()}["me"].as<std::size_t>();
    if (!me || *me >= people_.size()) return;
    auto& person = people_[*me];
    if (!socket.recovered()) {
      for (const auto& each : rooms_of(*me)) socket.join(each);
      person.due.clear();
      person.sid = socket.id();
    }
    auto expected = rooms_of(*me);
    expected.insert(expected.begin(), person.sid);
    PARLEY_CHECK(socket.rooms() == expected);
  }

  void emit(const Target& target, std::uint8_t size) {
    const auto number = next_event_++;
    auto broadcast = server_.of("/").broadcast();
    for (const auto& each : target.rooms) broadcast = broadcast.to(each);
    for (const auto& each : target.except) broadcast = broadcast.except(each);
    broadcast.emit("e", number, std::string(size, 'x'));
    for (std::size_t index = 0; index < people_.size(); ++index) {
      auto& person = people_[index];
      const auto is_in = [&](const std::string& each) {
        const auto rooms = rooms_of(index);
        return each == person.sid || std::ranges::find(rooms, each) != rooms.end();
      };
      const bool is_meant = target.rooms.empty() || std::ranges::any_of(target.rooms, is_in);
      if (is_meant && std::ranges::none_of(target.except, is_in)) person.due.push_back(number);
    }
  }

  void lose(Person& person, bool is_noticed) {
    if (!std::exchange(person.is_open, false)) return;
    const auto id = connection_of(person, person.connection);
    person.is_deaf = false;
    if (is_noticed) {
      server_.closed(id, DisconnectReason::transport_error, now_);
    } else {
      unnoticed_.push_back(id);
    }
    person.manager->closed(person.connection, client::DisconnectReason::transport_close, "", now_);
  }

  void pass(Duration duration) {
    now_ += duration;
    server_.advance(now_);
    for (auto& person : people_) {
      if (!person.is_connected) person.manager->connect(root, now_);
      person.manager->advance(now_);
    }
    if (unnoticed_.size() < 4) return;
    for (const auto id : std::exchange(unnoticed_, {}))
      server_.closed(id, DisconnectReason::ping_timeout, now_);
  }

  void disconnect(const Person& person) {
    for (const auto& socket : server_.of("/").to(person.sid).local_sockets()) socket.disconnect();
  }

  void intrude(std::string_view frame) {
    server_.closed(stranger_, DisconnectReason::transport_close, now_);
    stranger_ = ConnectionId{std::to_underlying(stranger_) + 1};
    server_.opened(stranger_, {"GET", "/", {}, {}, {}}, now_);
    server_.received(stranger_, MessageKind::text, frame, now_);
  }

  // Each client numbers its connections by itself.
  ConnectionId connection_of(const Person& person, client::ConnectionId id) const {
    const auto index = static_cast<std::uint64_t>(&person - people_.data());
    return ConnectionId{std::to_underlying(id) * people_.size() + index + 1};
  }
  Person* whose(ConnectionId id) {
    if (std::to_underlying(id) >= first_stranger) return nullptr;
    auto& person = people_[(std::to_underlying(id) - 1) % people_.size()];
    return connection_of(person, person.connection) == id ? &person : nullptr;
  }

  void carry() {
    for (bool is_silent = false; !is_silent;) {
      is_silent = true;
      for (auto& person : people_) {
        while (auto output = person.manager->poll()) {
          is_silent = false;
          std::visit([&](auto& each) { carry(person, each); }, *output);
        }
      }
      while (auto output = server_.poll()) {
        is_silent = false;
        std::visit([&](auto& each) { carry(each); }, *output);
      }
    }
    arena_.reset();
  }
  void carry(Person& person, const client::OpenConnection& open) {
    person.connection = open.connection;
    person.is_open = true;
    server_.opened(connection_of(person, open.connection), {"GET", "/", {}, {}, {}}, now_);
    person.manager->opened(open.connection, now_);
  }
  void carry(Person& person, const client::Send& send) {
    server_.received(connection_of(person, send.connection), send.kind, send.data, now_);
  }
  void carry(Person& person, const client::CloseConnection& close) {
    if (person.connection == close.connection) person.is_open = person.is_deaf = false;
    server_.closed(connection_of(person, close.connection), DisconnectReason::transport_close,
                   now_);
  }
  void carry(Person& person, const client::Connected& connected) {
    person.is_connected = true;
    if (!connected.recovered) person.heard.clear();
    PARLEY_CHECK(connected.sid == person.sid);
  }
  void carry(Person& person, const client::Disconnected&) { person.is_connected = false; }
  void carry(Person& person, const client::Received& received) {
    if (const auto number = Json{received.arguments.json}[1].as<int>())
      person.heard.push_back(*number);
  }
  void carry(Person&, const auto&) {}

  void carry(const Send& send) {
    auto* person = whose(send.connection);
    if (!person || !person->is_open || person->is_deaf) return;
    person->manager->received(person->connection, send.kind, send.data.view(), now_);
  }
  void carry(const Close& close) {
    auto* person = whose(close.connection);
    if (!person || !std::exchange(person->is_open, false)) return;
    person->is_deaf = false;
    person->manager->closed(person->connection, client::DisconnectReason::transport_close, "",
                            now_);
  }
  void carry(const auto&) {}

  static constexpr std::uint64_t first_stranger = 1'000'000;

  Chance chance_;
  Arena arena_;
  Server server_;
  Time now_{};
  std::array<Person, 3> people_;
  ConnectionId stranger_{first_stranger};
  std::vector<ConnectionId> unnoticed_;  // connections that the server believes in
  int next_event_ = 1;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  World world{input.byte() % 2 == 0};
  for (int acts = 0; acts < 60 && !input.empty(); ++acts) {
    world.act(input);
    world.settle();
  }
  world.finish();
  return 0;
}
