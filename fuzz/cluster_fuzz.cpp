// Three servers that act as one, their messages to each other held up at will, in order from each
// to each. Beside them a model of who is in which room: whatever is said reaches each whom it is
// for, once, and in the order in which each server said it; what is asked is answered by those who
// were asked, and whoever waits does not wait for ever.

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
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace parley;
using namespace parley::socketio;

namespace {

constexpr std::size_t servers = 3;
constexpr std::size_t people_each = 2;

struct OneByte : Entropy {
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, value); }
  std::byte value{};
};

struct Person {
  bool is_here = false;
  bool is_mute = false;  // answers when it is no longer
  std::string sid;
  std::set<std::string> rooms;  // without its own
  std::vector<int> heard, due;
  std::vector<std::string> unanswered;
};

/// What a server said, as the model has it: what it does wherever it arrives.
struct Deed {
  enum class Kind { emit, ask, join, leave, disconnect, fetch, server_emit, server_ask } kind;
  int number;
  Target target;
  std::string room;
};

/// What is due to whoever waits for it.
struct Asked {
  std::set<std::string> answers;  // of all whom it has reached
  bool is_question = false;
  Time until{};
  bool may_lack = false;  // somebody who might have answered has left
  bool is_over = false;
};

struct OnItsWay {
  std::shared_ptr<const ClusterMessage> message;
  std::optional<Deed> deed;  // none of an answer
};

struct Node {
  OneByte entropy;
  Arena arena;
  std::unique_ptr<Server> server;
  std::array<Person, people_each> people{};
  std::vector<int> heard, due;  // of other servers' events
};

class World {
 public:
  World() {
    for (std::size_t at = 0; at < servers; ++at) {
      auto& node = nodes_[at];
      node.entropy.value = static_cast<std::byte>(at);
      Options options;
      options.cluster.emplace();
      for (std::size_t other = 0; other < servers; ++other)
        if (other != at) options.cluster->others.push_back(NodeId{other});
      node.server = std::make_unique<Server>(options, node.entropy, node.arena);
      auto& main = node.server->of("/");
      main.on_connection([this](Socket socket) { entering_->sid = socket.id(); });
      main.on_server_side("e", [&node, at](ServerEvent& event) {
        node.heard.push_back(std::get<0>(*event.get<int>()));
        event.ack(std::to_string(at));
      });
      for (std::size_t person = 0; person < people_each; ++person) enter(at, person);
    }
  }

  void act(fuzz::Input& input) {
    const auto choice = input.byte(), number = input.byte();
    const auto at = choice % servers;
    const auto kind = choice / servers % 14;
    if (kind < 5) return deliver(at, number % servers);
    if (kind < 13) return say(at, static_cast<Deed::Kind>(kind - 5), number);
    switch (number % 4) {
      case 0:
        return enter(at, number / 4 % people_each);
      case 1:
        return leave(at, number / 4 % people_each);
      case 2:
        return silence(at, number / 4 % people_each);
      default:
        return pass(Duration{number * 20});
    }
  }

  void check() {
    for (const auto& node : nodes_) {
      PARLEY_CHECK(node.heard == node.due);
      for (const auto& person : node.people) PARLEY_CHECK(person.heard == person.due);
    }
  }

  /// All that is on its way arrives, and nobody waits for ever.
  void finish() {
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
    pass(Duration{10'000});
    for (const auto& [number, asked] : asked_) PARLEY_CHECK(asked.is_over || !asked.is_question);
    for (const auto& node : nodes_) PARLEY_CHECK(!node.server->wake_at());
  }

 private:
  // People of the model.
  static bool is_in(const Person& person, const std::vector<std::string>& rooms) {
    return std::ranges::any_of(rooms, [&](const std::string& room) {
      return room == person.sid || person.rooms.contains(room);
    });
  }
  static bool is_meant(const Person& person, const Target& target) {
    return person.is_here && (target.rooms.empty() || is_in(person, target.rooms)) &&
           !is_in(person, target.except);
  }

  void enter(std::size_t at, std::size_t index) {
    auto& person = nodes_[at].people[index];
    if (person.is_here) return;
    person = {};
    person.is_here = true;
    const ConnectionId id{++visits_ * people_each + index};
    connections_[at][index] = id;
    entering_ = &person;
    nodes_[at].server->opened(id, {"GET", "/", {}, {}, {}}, now_);
    nodes_[at].server->received(id, MessageKind::text, "0", now_);
    take(at, nullptr);
  }

  void leave(std::size_t at, std::size_t index) {
    if (!nodes_[at].people[index].is_here) return;
    lose(nodes_[at].people[index]);
    nodes_[at].server->closed(connections_[at][index], DisconnectReason::transport_close, now_);
    take(at, nullptr);
  }

  void lose(Person& person) {
    person.is_here = false;
    for (auto& [number, asked] : asked_) asked.may_lack = true;
  }

  void silence(std::size_t at, std::size_t index) {
    auto& person = nodes_[at].people[index];
    person.is_mute = !person.is_mute;
    if (person.is_mute || !person.is_here) return;
    for (const auto& answer : std::exchange(person.unanswered, {}))
      nodes_[at].server->received(connections_[at][index], MessageKind::text, answer, now_);
    take(at, nullptr);
  }

  void pass(Duration duration) {
    now_ += duration;
    for (std::size_t at = 0; at < servers; ++at) {
      nodes_[at].server->advance(now_);
      take(at, nullptr);
    }
  }

  // What a server says.
  void say(std::size_t at, Deed::Kind kind, std::size_t choice) {
    const bool is_local = choice % 8 == 7;
    const auto number = ++last_number_;
    const Deed deed{kind, number, target_of(choice), std::to_string(choice % 3)};
    const bool is_of_servers = kind == Deed::Kind::server_emit || kind == Deed::Kind::server_ask;
    auto& main = nodes_[at].server->of("/");
    auto whom = is_local ? main.local() : main.broadcast();
    for (const auto& room : deed.target.rooms) whom = whom.to(room);
    for (const auto& room : deed.target.except) whom = whom.except(room);
    auto& asked = asked_[number];
    asked.is_question =
        kind == Deed::Kind::ask || kind == Deed::Kind::fetch || kind == Deed::Kind::server_ask;
    asked.until = now_ + Duration{kind == Deed::Kind::ask ? 10'000 : 5'000};
    perform(at, deed, at);
    utter(main, whom, deed);
    nodes_[at].server->advance(now_);
    take(at, is_local && !is_of_servers ? nullptr : &deed);
  }

  void utter(Namespace& main, const Broadcast& whom, const Deed& deed) {
    auto& server = main.server();
    switch (deed.kind) {
      case Deed::Kind::emit:
        return whom.emit("e", deed.number);
      case Deed::Kind::ask:
        return server.spawn(wait_for(this, deed.number, whom.emit_with_ack("q", deed.number)), "");
      case Deed::Kind::join:
        return whom.sockets_join(deed.room);
      case Deed::Kind::leave:
        return whom.sockets_leave(deed.room);
      case Deed::Kind::disconnect:
        return whom.disconnect_sockets();
      case Deed::Kind::fetch:
        return server.spawn(wait_for(this, deed.number, whom.fetch_sockets()), "");
      case Deed::Kind::server_emit:
        return main.server_side_emit("e", deed.number);
      case Deed::Kind::server_ask:
        return server.spawn(
            wait_for(this, deed.number, main.server_side_emit_with_ack("e", deed.number)), "");
    }
  }

  Target target_of(std::size_t choice) const {
    Target target;
    const auto& someone = nodes_[choice % servers].people[choice / 4 % people_each].sid;
    if (choice & 16) target.rooms.push_back(someone);
    if (choice & 32) target.rooms.push_back(std::to_string(choice % 3));
    if (choice & 64) target.except.push_back(std::to_string(choice / 3 % 3));
    if (choice & 128) target.except.push_back(someone);
    return target;
  }

  static flow::task<> wait_for(World* world, int number, flow::task<Answers> asking) {
    const auto answers = co_await std::move(asking);
    std::vector<std::string> who;
    for (const auto& value : answers.values) who.push_back(*Json{value.json}[0].as<std::string>());
    world->over(number, who, answers.is_complete);
  }
  static flow::task<> wait_for(World* world, int number, flow::task<FetchedSockets> fetching) {
    const auto fetched = co_await std::move(fetching);
    std::vector<std::string> who;
    for (const auto& socket : fetched.sockets) who.push_back(socket.id);
    world->over(number, who, fetched.is_complete);
  }

  // Nobody answers twice, nobody answers who was not asked, and all is all.
  void over(int number, const std::vector<std::string>& who, bool is_complete) {
    auto& asked = asked_[number];
    asked.is_over = true;
    PARLEY_CHECK(is_complete || asked.may_lack || now_ >= asked.until);
    const std::set<std::string> once{who.begin(), who.end()};
    PARLEY_CHECK(once.size() == who.size());
    PARLEY_CHECK(std::ranges::includes(asked.answers, once));
    if (is_complete) PARLEY_CHECK(once == asked.answers);
  }

  // What that does to the model, here or where it arrives.
  void perform(std::size_t at, const Deed& deed, std::size_t from) {
    auto& node = nodes_[at];
    auto& asked = asked_[deed.number];
    const bool is_of_servers =
        deed.kind == Deed::Kind::server_emit || deed.kind == Deed::Kind::server_ask;
    if (is_of_servers && at == from) return;
    if (is_of_servers) node.due.push_back(deed.number);
    if (deed.kind == Deed::Kind::server_ask) asked.answers.insert(std::to_string(at));
    if (is_of_servers) return;
    for (auto& person : node.people)
      if (is_meant(person, deed.target)) perform(person, deed, asked);
  }
  void perform(Person& person, const Deed& deed, Asked& asked) {
    switch (deed.kind) {
      case Deed::Kind::emit:
        return person.due.push_back(deed.number);
      case Deed::Kind::ask:
        person.due.push_back(deed.number);
        asked.answers.insert(person.sid);
        return;
      case Deed::Kind::join:
        person.rooms.insert(deed.room);
        return;
      case Deed::Kind::leave:
        person.rooms.erase(deed.room);
        return;
      case Deed::Kind::disconnect:
        return lose(person);
      case Deed::Kind::fetch:
        asked.answers.insert(person.sid);
        return;
      case Deed::Kind::server_emit:
      case Deed::Kind::server_ask:
        return;
    }
  }

  // What a server has said: to its people, who answer, and to the others, with what that does.
  void take(std::size_t at, const Deed* deed) {
    auto& node = nodes_[at];
    std::vector<std::pair<ConnectionId, std::string>> answers;
    do {
      for (const auto& [id, answer] : std::exchange(answers, {}))
        node.server->received(id, MessageKind::text, answer, now_);
      while (auto output = node.server->poll()) {
        if (const auto* send = std::get_if<Send>(&*output)) hear(at, *send, answers);
        if (const auto* publish = std::get_if<Publish>(&*output)) carry(at, *publish, deed);
      }
      node.arena.reset();
    } while (!answers.empty());
    PARLEY_CHECK(!deed);  // has gone out, unless it was local
  }

  void hear(std::size_t at, const Send& send, auto& answers) {
    const auto text = send.data.view();
    const auto index = std::to_underlying(send.connection) % people_each;
    if (connections_[at][index] != send.connection || !text.starts_with('2')) return;
    auto& person = nodes_[at].people[index];
    const auto array = text.find('[');
    person.heard.push_back(*Json{text.substr(array)}[1].as<int>());
    if (array == 1) return;
    auto answer = "3" + std::string{text.substr(1, array - 1)} + "[\"" + person.sid + "\"]";
    if (person.is_mute) {
      person.unanswered.push_back(std::move(answer));
    } else {
      answers.emplace_back(send.connection, std::move(answer));
    }
  }

  void carry(std::size_t from, const Publish& publish, const Deed*& deed) {
    const bool is_answer = publish.to.has_value();
    PARLEY_CHECK(is_answer || deed);
    for (std::size_t to = 0; to < servers; ++to) {
      if (to == from || (is_answer && *publish.to != NodeId{to})) continue;
      ways_[from][to].push_back({publish.message, is_answer ? std::nullopt : std::optional{*deed}});
    }
    if (!is_answer) deed = nullptr;
  }

  void deliver(std::size_t from, std::size_t to) {
    auto& way = ways_[from][to];
    if (way.empty()) return;
    const auto next = std::move(way.front());
    way.pop_front();
    if (next.deed) perform(to, *next.deed, from);
    nodes_[to].server->heard(NodeId{from}, *next.message, now_);
    take(to, nullptr);
  }

  std::array<Node, servers> nodes_;
  std::array<std::array<ConnectionId, people_each>, servers> connections_{};
  std::array<std::array<std::deque<OnItsWay>, servers>, servers> ways_;
  std::map<int, Asked> asked_;  // also what is not a question: nobody waits for that
  Person* entering_ = nullptr;
  std::uint64_t visits_ = 0;
  int last_number_ = 0;
  Time now_{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, std::min<std::size_t>(size, 400)};
  fuzz::run(World{}, input);
  return 0;
}
