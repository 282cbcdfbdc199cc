#pragma once

#include "../common/system.hpp"
#include "tls.hpp"

#include <sys/epoll.h>
#include <ring.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::bench {

using Clock = std::chrono::steady_clock;

/// Which server to load, and what is asked of it.
struct Target {
  std::uint16_t port = 0;  // on 127.0.0.1
  std::string path = "/socket.io/";
  std::string name_space = "/rtc";  // what clients join
  bool by_tls = false;
  unsigned sources = 1;  // addresses that clients come from, 127.0.0.1 and on
};

/// One connection of a Crowd.
struct Client {
  enum class Stage : std::uint8_t {
    away,
    connecting,
    polling,
    upgrading,
    probing,
    open,
    joined,
    closing,
  };

  explicit Client(std::size_t i) : index{i} {}

  std::size_t index;
  Stage stage = Stage::away;
  bool begins_polling = false;  // and goes over to WebSocket on the same connection
  bool is_flushing = false;     // is among those whose output goes out at the end of the turn
  bool awaits_output = false;   // the kernel took only a part of it
  Descriptor socket;
  std::optional<Tls> tls;         // if it is by TLS
  std::optional<unsigned> shard;  // of the server, as its sid tells, if it is one of ours
  std::string input;              // the part of a frame that has come so far
  std::string output;             // frames not yet given to the kernel
  Clock::time_point ping_due;     // when the server said its next ping will come
};

/// What a case does when something happens to a client. Calls come from Crowd::turn() and may call
/// the crowd.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void opened(Client&) {}
  virtual void joined(Client&) {}
  /// `packet` is Socket.IO's, a view that holds during the call.
  virtual void received(Client&, std::string_view packet) = 0;
  /// After Crowd::leave(): the server has agreed.
  virtual void left(Client&) {}
};

/// Many Socket.IO clients on one thread, over WebSocket (Engine.IO 4, Socket.IO 5).
///
/// It is as lean as it can be, because it shares the machine with what it measures: whoever is
/// loaded must have more to do than it. Reads and sends of many are one system call (net::Ring).
/// Whatever a server should not do ends the program: a refusal, a fragment, a close that nobody
/// asked for.
class Crowd {
 public:
  Crowd(Target target, Watcher& watcher);

  /// Another client, not yet connected.
  Client& add();
  Client& client(std::size_t index) { return clients_[index]; }
  std::size_t size() const { return clients_.size(); }

  /// The next word about it is Watcher::opened().
  void connect(Client& client);
  /// The next word about it is Watcher::joined().
  void join(Client& client);
  /// Leaves as the official client does; Watcher::left() when the server has closed as well.
  void leave(Client& client);

  /// Ends its connection by a TCP reset. Not from within a call of the watcher.
  void reset(Client& client);

  /// A frame that is masked already; it goes out at the end of the turn, with all others of its
  /// client.
  void send(Client& client, std::string_view frame);

  /// Waits at most `wait` for something to happen, and does all of it.
  void turn(std::chrono::nanoseconds wait);

  /// Turns until `is_done()`; fails after a minute, so that no benchmark hangs.
  template <class Condition>
  void turn_until(Condition is_done, std::string_view what);

  /// The worst that a ping came after it was due.
  std::chrono::nanoseconds ping_lateness() const { return ping_lateness_; }
  std::size_t pings() const { return pings_; }

 private:
  static constexpr std::size_t together_max = 32;

  void handle(Client& client, std::uint32_t events);
  void connected(Client& client);
  void read_all();
  void read(Client& client, const net::Transfer& transfer);
  std::size_t take_polled(Client& client, std::string_view input);
  std::size_t take_response(Client& client, std::string_view input);
  std::size_t take_frame(Client& client, std::string_view input);
  void take_message(Client& client, std::string_view text);
  void take_open(Client& client, std::string_view json);
  void take_probe(Client& client, std::string_view text);
  void take_packet(Client& client, std::string_view packet);
  void ended(Client& client);
  void receive_all();
  void send_all();
  void flush_all();
  void flush(Client& client);
  void sent(Client& client, ssize_t result);
  void watch(Client& client, std::uint32_t events, int operation);
  [[noreturn]] void refuse(const Client& client, const std::string& why) const;

  Target target_;
  Watcher& watcher_;  // outlives the crowd
  Tls::Context tls_;  // only by TLS
  Descriptor epoll_;
  std::vector<epoll_event> events_;
  net::Ring ring_{together_max};
  std::vector<char> buffers_;     // what those read into who read together
  std::vector<Client*> readers_;  // who have something to read
  std::vector<net::Transfer> transfers_;
  std::deque<Client> clients_;
  std::vector<Client*> flushing_;
  std::string poll_request_;  // requests and frames that are always the same
  std::string request_;
  std::string probe_;
  std::string upgrade_;
  std::string join_;
  std::string leave_;
  std::string pong_;
  std::string joined_;  // how the server's answer to join_ begins
  std::chrono::milliseconds ping_interval_{0};
  std::chrono::nanoseconds ping_lateness_{0};
  std::size_t pings_ = 0;
};

template <class Condition>
void Crowd::turn_until(Condition is_done, std::string_view what) {
  const auto deadline = Clock::now() + std::chrono::minutes{1};
  while (!is_done()) {
    if (Clock::now() > deadline) fail("waited a minute for: " + std::string{what});
    turn(std::chrono::milliseconds{100});
  }
}

}  // namespace parley::bench
