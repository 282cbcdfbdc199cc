#pragma once

#include <parley/base/time.hpp>
#include <parley/socketio/broadcast.hpp>
#include <parley/socketio/options.hpp>
#include <parley/socketio/outputs.hpp>
#include <parley/socketio/packet.hpp>

#include <any>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parley::socketio {

/// Counts the events of one namespace that can be missed; the first is 1.
using Position = std::uint64_t;

/// How far the events of a session have come.
struct Progress {
  Position began;    // none up to it is for this session
  Position sent;     // the last that was sent to it; `began` if there is none
  Position covered;  // none up to it is missing, if the client got all that was sent
};

/// Which broadcast of a server an event was. `node` is none if it was this one's, `number` 0 if no
/// other server has it.
struct Origin {
  std::optional<NodeId> node = {};
  cluster::BroadcastNumber number = 0;
};

/// The last broadcast of each server that is known of, this one's own included.
struct Known {
  cluster::BroadcastNumber own = 0;
  std::map<NodeId, cluster::BroadcastNumber> others = {};

  cluster::BroadcastNumber of(NodeId node) const {
    const auto found = others.find(node);
    return found == others.end() ? 0 : found->second;
  }
  void note(const Origin& origin);
};

/// What a session brought along that came from another server.
struct Moved {
  std::map<NodeId, cluster::BroadcastNumber> had;  // of servers that were ahead there
  std::optional<std::string> offset;               // that its client showed: of another server

  bool has(const Origin& origin) const {
    const auto found = origin.node ? had.find(*origin.node) : had.end();
    return found != had.end() && origin.number <= found->second;
  }
};

/// The events of one namespace that somebody may have missed, for as long as limits allow.
///
/// A client shows the offset of the last one that it got, a text that each carries: the tag of the
/// log, so that those of another life of the server are known as such, and its position.
class RecoveryLog {
 public:
  struct Entry {
    Target target;
    Arguments arguments;  // with the offset
    Flags flags = {};
    Origin origin = {};
  };

  /// `tag` has `tag_size` characters that need no escape in JSON.
  static constexpr std::size_t tag_size = 4;
  /// `before` are broadcasts that came before the log was there.
  RecoveryLog(const ConnectionStateRecovery& limits, std::string tag, Known before = {});

  /// Of the last event; 0 if there was none.
  Position last() const { return dropped_ + entries_.size(); }
  /// What the next one carries.
  std::string next_offset() const { return offset_of(last() + 1); }
  /// What an event carries that is not kept: that nothing before it is missing.
  std::string last_offset() const { return offset_of(last()); }
  /// Never fails: if it does not fit, it counts as one that was dropped.
  void append(Entry entry, Time now);

  /// How a session goes on whose client shows `offset`, if it has got any: all after `covered` is
  /// to be sent to it. Empty if that is not kept any more, or no client could say so.
  std::optional<Progress> resumed(const Progress& progress,
                                  std::optional<std::string_view> offset) const;
  /// Whether all after it is there.
  bool reaches(Position position) const { return position >= dropped_; }

  /// The last that it does not reach.
  Position dropped() const { return dropped_; }
  /// The broadcasts that are not here any more.
  const Known& gone() const { return gone_; }

  /// Calls `visit(Position, const Entry&)` for each after `position`, which it reaches, in order.
  template <class Visit>
  void each_after(Position position, Visit visit) const {
    for (auto at = position; at < last(); ++at) visit(at + 1, entries_[at - dropped_].entry);
  }

  /// Drops what is too old.
  void sweep(Time now);
  bool empty() const { return entries_.empty(); }

 private:
  struct Kept {
    Entry entry;
    std::size_t bytes;
    Time at;
  };
  std::string offset_of(Position position) const;
  void drop_first();

  ConnectionStateRecovery limits_;
  std::string tag_;
  std::deque<Kept> entries_;
  std::size_t bytes_ = 0;
  Position dropped_ = 0;  // the last that is not there any more
  Known gone_;
};

/// What a client gets back.
struct Session {
  std::string pid;
  std::string sid;
  std::vector<std::string> rooms;  // without its own
  std::string auth;
  std::any data;
  Progress progress;
  std::shared_ptr<const Moved> moved = nullptr;  // shared with the socket that it was or becomes
};

/// Sessions of one namespace whose clients are away. The one that is away for longest goes first
/// if there are too many.
class AbsentSessions {
 public:
  explicit AbsentSessions(const ConnectionStateRecovery& limits) : limits_{limits} {}

  void keep(Session session, Time now);
  /// At most once for each that was kept, and not after max_disconnection_duration.
  std::optional<Session> take(std::string_view pid, Time now);

  /// Forgets who did not come back in time.
  void sweep(Time now);
  bool empty() const { return absent_.empty(); }

 private:
  struct Absent {
    Session session;
    std::size_t bytes;
    Time until;
  };
  using List = std::list<Absent>;
  Absent extract(List::iterator absent);

  ConnectionStateRecovery limits_;
  List absent_;                                                  // in the order in which they left
  std::unordered_map<std::string_view, List::iterator> by_pid_;  // keys lie in absent_
  std::size_t bytes_ = 0;
};

/// What a namespace remembers for clients that come back to it.
struct Recovery {
  RecoveryLog log;
  AbsentSessions absent;
};

/// `array`, which is not empty, with one more string at its end: an event as clients get it.
std::string with_offset(std::string_view array, std::string_view offset);

/// The same array again, without what with_offset() has added.
std::string without_offset(std::string_view array);

/// What a client shows to be recovered. `pid` is empty unless it wants that.
struct Shown {
  std::string pid;
  std::optional<std::string> offset;  // none if it has not got any event
};
/// `auth` is a JSON object, or empty.
Shown shown_in(std::string_view auth);

}  // namespace parley::socketio
