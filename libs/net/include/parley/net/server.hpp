#pragma once

#include <parley/base/result.hpp>
#include <parley/base/time.hpp>
#include <parley/net/nodes.hpp>
#include <parley/net/pages.hpp>
#include <parley/node/node.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace parley::net {

/// Everything a peer could use up has an end. These are the server's, on however many threads.
struct Limits {
  std::size_t connections_max = 20'000;       // further ones wait in the kernel's queue
  std::size_t header_bytes_max = 16 * 1024;   // of one request: 431
  std::size_t message_bytes_max = 1'000'000;  // a request's body: 413; a WebSocket message: 1009
  std::size_t backlog_bytes_max = 16 * 1024 * 1024;  // sent to a WebSocket but not yet read by it
  std::size_t transfers_max = 64;   // handed to the kernel at once, by io_uring; 0: each by itself
  Duration handshake_time{10'000};  // from a TLS connection's beginning to its first request
  Duration header_time{10'000};     // from a request's first byte to the end of its header
  Duration body_time{30'000};       // from there to the end of its body
  Duration idle_time{65'000};       // between two requests; longer than a proxy's usual 60 s
  Duration write_time{30'000};      // without a response's reader taking a byte
  Duration close_time{5'000};       // for the peer to agree that a connection ends
  Duration stop_time{1'500};        // for all of them together, when the server stops
  Duration tls_files_time{5'000};   // from one look at certificates and keys to the next
};

/// A certificate with those that vouch for it, and its private key without a passphrase, both PEM.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

enum class ListenFault {
  unknown_address,
  port_taken,
  not_permitted,
  certificate_unusable,
  key_unusable,
  key_of_another,  // it does not belong to the certificate
  failed,
};

struct ListenError {
  ListenFault fault;
  std::error_code system;  // what the system says, if it was the system
};

/// What is wrong with `files`, in a sentence; for the three faults that are about them.
std::string sentence_for(const ListenError& error, const TlsFiles& files);

using LogSink = std::function<void(node::LogLevel, std::string_view)>;

/// Hosts nodes, each on a thread of its own: listens, reads, writes, and keeps their time.
///
/// The first node is on the thread that calls run(), to which all calls but post() and stop()
/// belong; it lets everybody in, and deals connections out so that each thread has as many. One
/// that asks for a session of another thread goes over to that thread. `log` is called by one
/// thread at a time. Nodes and pages outlive the server.
class Server {
 public:
  Server(node::Node& node, Pages& pages, Limits limits, LogSink log);
  Server(Nodes& nodes, Pages& pages, Limits limits, LogSink log);
  ~Server();

  /// Listens on every address that `address` resolves to, all on the same port; port 0 picks a free
  /// one. Returns the port.
  [[nodiscard]] Result<std::uint16_t, ListenError> listen(const std::string& address,
                                                          std::uint16_t port);

  /// The same, through TLS 1.2 or 1.3. Several may listen, plain and not. The files are looked at
  /// every Limits::tls_files_time and read again if they changed: new connections get what is new,
  /// the others stay. What cannot be used is logged, and the old one stays.
  [[nodiscard]] Result<std::uint16_t, ListenError> listen(const std::string& address,
                                                          std::uint16_t port,
                                                          const TlsFiles& files);

  /// Makes these signals mean stop(); a second one ends run() at once. They are blocked in the
  /// calling thread and in those that it starts afterwards; a thread that was there before would
  /// still be ended by them, and the process with it.
  void stop_on(std::initializer_list<int> signals);

  /// Serves until stop(), and returns when every connection has ended. What a handler throws, on
  /// whichever thread, ends the server: the other threads stop in order, and run() throws it.
  void run();

  /// Runs `action` on the thread of a shard, the first unless told, and carries out what it makes
  /// its node say: the way in for an application's own timers, threads and sockets. From any
  /// thread, also before run(). What one thread posts to a shard keeps its order; what comes after
  /// the end is not run.
  void post(std::move_only_function<void()> action) { post(0, std::move(action)); }
  void post(std::size_t shard, std::move_only_function<void()> action);

  /// Stops accepting, closes every session and connection in order, at most Limits::stop_time. From
  /// any thread, also before run().
  void stop();

 private:
  class Host;
  struct House;
  std::unique_ptr<House> house_;
};

}  // namespace parley::net
