#pragma once

// Two engines joined by models of what hosts them: a getUserMedia, an RTCPeerConnection each, and a
// server that introduces and relays. Nothing happens by itself: step() and run() carry commands and
// events one by one, so a test can put anything between them.

#include <parley/call/engine.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace parley::call {

using namespace std::chrono_literals;

/// What a browser does around one engine. A connection is connected when it has both descriptions,
/// a remote candidate and a track of its own; then the other's first picture is shown.
class Side {
 public:
  explicit Side(std::string name) : name_{std::move(name)}, engine_{Time{}} { carry(); }

  void receive(Event event) {
    engine_.receive(std::move(event), now_);
    carry();
  }
  void advance(Duration duration) {
    now_ += duration;
    engine_.advance(now_);
    carry();
  }
  /// Delivers the oldest report of the peer connection; false if there is none.
  bool deliver_report() {
    if (reports_.empty()) return false;
    auto report = std::move(reports_.front());
    reports_.pop_front();
    receive(std::move(report));
    return true;
  }
  bool has_news() const {
    return has_report() && (std::holds_alternative<ConnectionStateChanged>(reports_.front()) ||
                            std::holds_alternative<RemoteFrame>(reports_.front()));
  }
  bool has_report() const { return !reports_.empty(); }
  bool has_signal() const { return !signals_.empty(); }
  std::optional<Event> take_signal() {
    if (signals_.empty()) return std::nullopt;
    auto signal = std::move(signals_.front());
    signals_.pop_front();
    return signal;
  }

  Tell told() const { return told_; }
  const Counts& counts() const { return engine_.counts(); }
  std::size_t media_requests() const { return media_requests_; }
  std::size_t connections_opened() const { return opened_; }
  std::size_t connections_open() const { return connection_ ? 1 : 0; }
  /// Candidates that came before the remote description or for another one: a browser refuses them.
  std::size_t candidates_refused() const { return candidates_refused_; }
  std::size_t candidates_added() const { return connection_ ? connection_->candidates : 0; }
  ConnectionId connection() const { return connection_ ? connection_->id : ConnectionId{}; }

  /// What has to be refused by set_remote although it looks like a description.
  static constexpr const char* garbage = "garbage";

 private:
  struct Connection {
    ConnectionId id;
    bool has_media = false;
    std::string local, remote;
    std::size_t candidates = 0;
    bool connected = false;
  };

  void carry() {
    while (auto command = engine_.poll()) {
      std::visit([this](auto& what) { carry_out(what); }, *command);
    }
  }

  void carry_out(const GetMedia&) { ++media_requests_; }
  void carry_out(const OpenConnection& open) {
    connection_ = Connection{open.connection, false, {}, {}, 0, false};
    ++opened_;
  }
  void carry_out(const AddMedia& add) {
    auto& connection = use(add.connection);
    EXPECT_FALSE(connection.has_media) << "addTrack of a track that is there throws";
    connection.has_media = true;
  }
  void carry_out(const CreateOffer& create) { make(create.connection, DescriptionType::offer); }
  void carry_out(const CreateAnswer& create) { make(create.connection, DescriptionType::answer); }
  void carry_out(const SetRemote& set) {
    auto& connection = use(set.connection);
    if (set.description.sdp == garbage) {
      reports_.push_back(OperationFailed{connection.id, "InvalidAccessError"});
      return;
    }
    connection.remote = set.description.sdp;
    reports_.push_back(RemoteDescriptionSet{connection.id});
    look(connection);
  }
  void carry_out(const AddCandidate& add) {
    auto& connection = use(add.connection);
    if (add.candidate != "candidate of " + connection.remote) {
      ++candidates_refused_;
      return;
    }
    ++connection.candidates;
    look(connection);
  }
  void carry_out(const CloseConnection& close) {
    use(close.connection);
    connection_.reset();
  }
  void carry_out(const SendDescription& send) {
    signals_.push_back(RemoteDescription{send.description});
  }
  void carry_out(const SendCandidate& send) { signals_.push_back(RemoteCandidate{send.candidate}); }
  void carry_out(const Tell& tell) { told_ = tell; }

  Connection& use(ConnectionId id) {
    EXPECT_TRUE(connection_ && connection_->id == id) << "a command for a connection not open";
    return *connection_;
  }

  void make(ConnectionId id, DescriptionType type) {
    auto& connection = use(id);
    connection.local = name_ + "'s " + std::to_string(++made_);
    reports_.push_back(LocalDescription{id, {type, connection.local}});
    reports_.push_back(LocalCandidate{id, "candidate of " + connection.local});
    look(connection);
  }

  void look(Connection& connection) {
    if (connection.connected || !connection.has_media || connection.local.empty() ||
        connection.remote.empty() || connection.candidates == 0) {
      return;
    }
    connection.connected = true;
    reports_.push_back(ConnectionStateChanged{connection.id, ConnectionState::connected});
    reports_.push_back(RemoteFrame{connection.id});
  }

  std::string name_;
  Time now_{};
  Engine engine_;
  Tell told_;
  std::optional<Connection> connection_;
  std::deque<Event> reports_;
  std::deque<Event> signals_;
  std::size_t media_requests_ = 0;
  std::size_t opened_ = 0;
  std::size_t made_ = 0;
  std::size_t candidates_refused_ = 0;
};

inline void PrintTo(const Tell& tell, std::ostream* out) {
  *out << "status " << static_cast<int>(tell.status) << ", problem "
       << static_cast<int>(tell.problem);
}

/// Two sides and the server between them.
class Pair {
 public:
  std::unique_ptr<Side> a = std::make_unique<Side>("a"), b = std::make_unique<Side>("b");

  void lines_up() {
    a->receive(LineUp{});
    b->receive(LineUp{});
  }
  void cameras_ready() {
    a->receive(MediaReady{});
    b->receive(MediaReady{});
  }
  /// `a` is the first to arrive.
  void introduce() {
    a->receive(Identified{Role::caller});
    b->receive(Identified{Role::receiver});
  }
  /// The server forgets the pair: what was on its way is gone.
  void part() {
    while (a->take_signal()) {
    }
    while (b->take_signal()) {
    }
  }

  bool relay(Side& from, Side& to) {
    auto signal = from.take_signal();
    if (!signal) return false;
    to.receive(*std::move(signal));
    return true;
  }

  /// One thing that is under way happens; false if there is none.
  bool step() {
    return a->deliver_report() || relay(*a, *b) || b->deliver_report() || relay(*b, *a);
  }
  /// Reports that a connection is up, if one is next.
  bool deliver_news() {
    if (a->has_news()) return a->deliver_report();
    return b->has_news() && b->deliver_report();
  }
  void run() {
    while (step()) {
    }
  }

  bool connected() const {
    const Tell fine{Status::connected, Problem::none};
    return a->told() == fine && b->told() == fine;
  }
};

}  // namespace parley::call
