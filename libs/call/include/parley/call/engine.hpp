#pragma once

#include <parley/base/time.hpp>
#include <parley/call/command.hpp>
#include <parley/call/event.hpp>
#include <parley/flow/event.hpp>
#include <parley/flow/scheduler.hpp>
#include <parley/flow/task.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace parley::call {

using Scheduler = flow::ManualScheduler<HostClock>;

struct Limits {
  Duration patience{
      15'000};  // from introduction and camera until the person is told that it takes long
  Duration retry_pause{2'000};    // after a failed negotiation
  std::size_t signals_max = 256;  // kept of one kind until they can be used
};

/// What was left out, and why.
struct Counts {
  std::uint64_t not_understood = 0;  // signals of no known form
  std::uint64_t out_of_place = 0;    // descriptions and candidates that fit no state of ours
  std::uint64_t too_many = 0;        // signals beyond Limits::signals_max
  std::uint64_t late = 0;            // reports of connections that were closed

  bool operator==(const Counts&) const = default;
};

class Peer;

/// One side of a call, caller or receiver, over all its connections.
///
/// No I/O and no clock. After construction and after every receive() or advance(), drain poll() and
/// then wait until wake_at(). It never gives up: a fault changes what the person is told, and the
/// next event that helps goes on from there. One connection is open at a time. Getting another path
/// for a connection that has failed is left out so far.
class Engine {
 public:
  explicit Engine(Time now, Limits limits = {});
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  void receive(Event event, Time now);
  void advance(Time now);

  std::optional<Command> poll();

  /// When advance() next has something to do.
  std::optional<Time> wake_at();

  const Counts& counts() const { return counts_; }

 private:
  using RemoteSignal = std::variant<RemoteDescription, RemoteCandidate>;
  struct MediaPending {};

  void on(LineUp);
  void on(LineDown);
  void on(Identified);
  void on(Left);
  void on(RemoteDescription);
  void on(RemoteCandidate);
  void on(SignalNotUnderstood);
  void on(MediaReady);
  void on(MediaFailed);
  void on(MediaRetry);
  void on(LocalDescription);
  void on(RemoteDescriptionSet);
  void on(OperationFailed);
  void on(LocalCandidate);
  void on(ConnectionStateChanged);
  void on(RemoteFrame);

  flow::task<> hold_call(Role role);
  flow::task<> lose_patience();

  void keep_early(RemoteSignal signal);
  Peer* find(ConnectionId connection);
  void open_peer(Role role);
  void close_peer();
  void end_pairing();
  bool connected() const;
  void notice_connected();

  Tell situation() const;
  Problem camera_problem() const;
  Problem connecting_problem() const;
  void tell();

  Limits limits_;
  Scheduler scheduler_;
  std::deque<Command> commands_;
  std::optional<Tell> told_;
  Counts counts_;

  enum class Line { not_yet, up, lost };
  Line line_ = Line::not_yet;
  bool introduced_ = false;  // the server relays between us and another one
  bool other_left_ = false;
  std::vector<RemoteSignal> early_;  // what came before the introduction

  std::variant<MediaPending, MediaFault, MediaReady> media_;
  flow::Event<Scheduler> media_ready_;

  std::uint32_t connections_ = 0;  // opened so far
  std::unique_ptr<Peer> peer_;     // may outlive the pairing: a call needs no server
  bool slow_ = false;
  bool negotiation_failed_ = false;

  // Last, so that flows are gone before what they use.
  std::optional<flow::Running<>> patience_;
  std::optional<flow::Running<>> call_;
};

}  // namespace parley::call
