// Clients that are cut off at any moment, noticed by their server or not, and come back to any of
// three servers that act as one, whose messages to each other are held up at will: each client
// hears what is for its rooms of each server in order, each once, and all of it as long as it is
// the same session; and it is, unless it goes again while its session is being looked for.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/base/ids.hpp>
#include <parley/socketio/cluster_message.hpp>
#include <parley/socketio/server.hpp>
#include <parley/socketio/values.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace parley;
using namespace parley::socketio;

namespace {

constexpr std::size_t servers = 3;

struct OneByte : Entropy {
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, value); }
  std::byte value{};
};

struct Person {
  std::string room;  // beside "all"
  std::size_t at = 0;
  ConnectionId connection{};
  bool is_open = false;
  bool is_joined = false;
  bool is_deaf = false;  // until it is cut off
  bool may_be_new = false;
  bool has_come_twice = true;  // gone before it had joined, and may be looked for still
  std::string sid, pid, offset;
  std::array<std::vector<int>, servers> heard;  // by who said it
  std::array<std::size_t, servers> skipped{};   // what was said before it began
};

struct Node {
  OneByte entropy;
  Arena arena;
  std::unique_ptr<Server> server;
};

class World {
 public:
  explicit World(bool skip_middlewares) {
    for (std::size_t at = 0; at < servers; ++at) {
      auto& node = nodes_[at];
      node.entropy.value = static_cast<std::byte>(at + 1);
      Options options;
      options.connection_state_recovery.emplace().skip_middlewares = skip_middlewares;
      options.cluster.emplace();
      for (std::size_t other = 0; other < servers; ++other)
        if (other != at) options.cluster->others.push_back(NodeId{other});
      node.server = std::make_unique<Server>(options, node.entropy, node.arena);
      auto& main = node.server->of("/");
      main.use([](Socket) { return Result<void, ConnectError>{}; });
      main.on_connection([](Socket socket) {
        if (socket.recovered()) return;
        socket.join("all");
        socket.join(*Json{socket.auth()}["room"].as<std::string>());
      });
    }
    for (std::size_t index = 0; index < people_.size(); ++index) {
      people_[index].room = std::to_string(index);
      come(people_[index], index);
    }
  }

  void act(fuzz::Input& input) {
    const auto choice = input.byte(), number = input.byte();
    const auto at = choice % servers;
    auto& person = people_[number % people_.size()];
    switch (choice / servers % 8) {
      case 0:
      case 1:
      case 2:
        return deliver(at, number % servers);
      case 3:
        return say(at, {});
      case 4:
        return say(at, std::to_string(number % people_.size()));
      case 5:
        person.is_deaf = person.is_deaf || person.is_joined;
        return;
      case 6:
        return lose(person, number / 4 % 2 == 0);
      default:
        return come(person, at);
    }
  }

  void check() {
    for (auto& person : people_) {
      check(person);
      if (!person.is_joined) continue;
      person.may_be_new = false;
      if (is_quiet()) person.has_come_twice = false;
    }
  }

  /// All that is on its way arrives, whoever is away comes back, and all has been heard.
  void finish() {
    arrive();
    for (auto& person : people_) {
      if (person.is_open && !person.is_deaf) continue;
      lose(person, true);
      come(person, person.at + 1);
      arrive();
    }
    for (const auto& person : people_) {
      PARLEY_CHECK(person.is_joined);
      for (std::size_t by = 0; by < servers; ++by)
        PARLEY_CHECK(person.heard[by].size() == due(person, by).size() - person.skipped[by]);
    }
  }

 private:
  std::vector<int> due(const Person& person, std::size_t by) const {
    std::vector<int> numbers;
    for (const auto& [number, room] : said_[by])
      if (room.empty() || room == person.room) numbers.push_back(number);
    return numbers;
  }

  bool is_quiet() const {
    return std::ranges::all_of(ways_, [](const auto& from) {
      return std::ranges::all_of(from, [](const auto& way) { return way.empty(); });
    });
  }

  // A run of what it should hear of each, which begins where the session has.
  void check(Person& person) {
    for (std::size_t by = 0; by < servers; ++by) {
      const auto& heard = person.heard[by];
      if (heard.empty()) continue;
      const auto all = due(person, by);
      const auto first = std::ranges::find(all, heard.front());
      PARLEY_CHECK(first != all.end());
      const auto skipped = static_cast<std::size_t>(first - all.begin());
      if (person.may_be_new) {
        person.skipped[by] = skipped;
      } else {
        PARLEY_CHECK(person.skipped[by] == skipped);
      }
      PARLEY_CHECK(heard.size() <= all.size() - skipped);
      PARLEY_CHECK(std::equal(heard.begin(), heard.end(), first));
    }
  }

  void say(std::size_t at, const std::string& room) {
    const auto number = ++last_number_;
    said_[at].emplace_back(number, room);
    auto& main = nodes_[at].server->of("/");
    (room.empty() ? main.broadcast() : main.to(room)).emit("e", at, number);
    take(at);
  }

  void come(Person& person, std::size_t where) {
    if (person.is_open) return;
    person.at = where % servers;
    person.connection = ConnectionId{++visits_};
    person.is_open = true;
    std::string auth = R"(0{"room":")" + person.room + '"';
    if (!person.pid.empty()) auth += R"(,"pid":")" + person.pid + '"';
    if (!person.offset.empty()) auth += R"(,"offset":")" + person.offset + '"';
    auto& server = *nodes_[person.at].server;
    server.opened(person.connection, {"GET", "/", {}, {}, {}}, {});
    server.received(person.connection, MessageKind::text, auth + '}', {});
    take(person.at);
  }

  void lose(Person& person, bool is_noticed) {
    if (!std::exchange(person.is_open, false)) return;
    if (!std::exchange(person.is_joined, false)) person.may_be_new = person.has_come_twice = true;
    person.is_deaf = false;
    if (is_noticed)
      nodes_[person.at].server->closed(person.connection, DisconnectReason::transport_close, {});
    take(person.at);
  }

  void take(std::size_t at) {
    auto& node = nodes_[at];
    while (auto output = node.server->poll()) {
      if (const auto* send = std::get_if<Send>(&*output)) hear(*send);
      if (const auto* close = std::get_if<Close>(&*output)) end(close->connection);
      if (const auto* publish = std::get_if<Publish>(&*output)) {
        for (std::size_t to = 0; to < servers; ++to)
          if (to != at && publish->to.value_or(NodeId{to}) == NodeId{to})
            ways_[at][to].push_back(publish->message);
      }
    }
    node.arena.reset();
  }

  // It has come twice, and the server where it was first has asked for it late.
  void end(ConnectionId connection) {
    const auto person = std::ranges::find(people_, connection, &Person::connection);
    if (person == people_.end() || !std::exchange(person->is_open, false)) return;
    PARLEY_CHECK(person->has_come_twice);
    person->is_joined = person->is_deaf = false;
    person->may_be_new = true;
  }

  void hear(const Send& send) {
    const auto person = std::ranges::find(people_, send.connection, &Person::connection);
    if (person == people_.end() || !person->is_open || person->is_deaf) return;
    const auto text = send.data.view();
    if (text.starts_with('0')) return joined(*person, Json{text.substr(1)});
    PARLEY_CHECK(text.starts_with("2["));
    const Json event{text.substr(1)};
    person->heard[*event[1].as<std::size_t>()].push_back(*event[2].as<int>());
    person->offset = *event[3].as<std::string>();
  }

  void joined(Person& person, Json reply) {
    const auto sid = *reply["sid"].as<std::string>();
    person.is_joined = true;
    person.pid = *reply["pid"].as<std::string>();
    const auto before = std::exchange(person.sid, sid);
    if (sid != before) {
      PARLEY_CHECK(before.empty() || person.may_be_new || person.has_come_twice);
      person.may_be_new = true;
      for (std::size_t by = 0; by < servers; ++by) {
        person.heard[by].clear();
        person.skipped[by] = due(person, by).size() - on_its_way(person, by);
      }
    }
  }

  // How much of what `by` has said to it has yet to reach its server.
  std::size_t on_its_way(const Person& person, std::size_t by) const {
    if (by == person.at) return 0;
    return static_cast<std::size_t>(
        std::ranges::count_if(ways_[by][person.at], [&](const auto& message) {
          const auto* broadcast = std::get_if<cluster::Broadcast>(&message->body);
          return broadcast && (broadcast->target.rooms.empty() ||
                               broadcast->target.rooms.front() == person.room);
        }));
  }

  void deliver(std::size_t from, std::size_t to) {
    auto& way = ways_[from][to];
    if (way.empty()) return;
    const auto message = std::move(way.front());
    way.pop_front();
    nodes_[to].server->heard(NodeId{from}, *message, {});
    take(to);
  }

  void arrive() {
    for (bool is_silent = false; !is_silent;) {
      is_silent = true;
      for (std::size_t from = 0; from < servers; ++from) {
        for (std::size_t to = 0; to < servers; ++to) {
          is_silent = is_silent && ways_[from][to].empty();
          deliver(from, to);
        }
      }
    }
    check();
  }

  std::array<Node, servers> nodes_;
  std::array<std::array<std::deque<std::shared_ptr<const ClusterMessage>>, servers>, servers> ways_;
  std::array<std::vector<std::pair<int, std::string>>, servers> said_;
  std::array<Person, 2> people_;
  std::uint64_t visits_ = 0;
  int last_number_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, std::min<std::size_t>(size, 400)};
  fuzz::run(World{input.byte() % 2 == 0}, input);
  return 0;
}
