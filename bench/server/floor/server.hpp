#pragma once

#include "connection.hpp"
#include "frames.hpp"

#include <parley/base/ids.hpp>

#include <sys/epoll.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::bench {

/// The system's chance, fetched some hundred ids at a time.
class BufferedEntropy : public Entropy {
 public:
  void fill(std::span<std::byte> bytes) override;

 private:
  std::vector<std::byte> buffer_;
};

/// Whether signals that came in one read from one sender go out together.
enum class Relaying : std::uint8_t { together, at_once };

/// A relay for Socket.IO on bare epoll: what a server costs that does no more than it must.
///
/// One thread, one receive buffer, what is relayed goes out from where it was received, all that
/// came in one read in one call. It does all that a client over WebSocket can tell: handshake,
/// heartbeat, `/rtc` and `/broadcast`, acks, limits, closing; and it believes nothing: frames,
/// UTF-8 and JSON are checked. Left out: HTTP polling, attachments, any other namespace, and
/// whatever a library has so that others can use it.
class Server {
 public:
  explicit Server(Relaying relaying);

  std::uint16_t port() const;
  [[noreturn]] void run();

 private:
  // Bytes and time: server.cpp.
  void accept_all();
  void turn();
  void handle(int descriptor, std::uint32_t events);
  void read(Connection& connection);
  std::size_t take_request(Connection& connection, std::string_view input);
  std::size_t take_frames(Connection& connection, std::span<char> input);
  void take_frame(Connection& connection, const Frame& frame);
  void take_fragment(Connection& connection, const Frame& frame);
  void send(Connection& connection, std::string_view bytes);
  void send_relayed();
  void flush(Connection& connection);
  void watch(Connection& connection, std::uint32_t events, int operation);
  void close(Connection& connection, std::string_view status);
  void drop(Connection& connection);
  void beat();
  Waiting& waiting(Connection::Stage stage);
  void move_to(Connection& connection, Connection::Stage stage);

  // Messages: messages.cpp.
  void receive(Connection& connection, std::span<char> text);
  bool receive_packet(Connection& connection, std::span<char> packet);
  bool receive_event(Connection& connection, std::string_view name_space, std::string_view json);
  void join(Connection& connection, std::string_view name_space);
  void leave(Connection& connection, std::string_view name_space);
  void seat(Connection& connection);
  void relay(Connection& to, std::string_view name_space, std::string_view json);
  void broadcast(std::string_view json);
  void say(Connection& connection, std::string_view text);
  std::string open_packet();

  Relaying relaying_;
  Descriptor listener_;
  Descriptor epoll_;
  std::vector<epoll_event> events_;
  std::vector<char> buffer_;
  std::vector<char> said_;  // a message of ours, behind room for a frame's header
  std::vector<std::unique_ptr<Connection>> connections_;  // by descriptor
  std::vector<int> gone_;                                 // to be forgotten after the turn
  Clock::time_point now_;
  Waiting upgrading_;
  Waiting resting_;
  Waiting awaiting_pong_;
  BufferedEntropy entropy_;
  SidGenerator sids_;
  Connection* relayed_to_ = nullptr;  // whom the frames in relayed_, if there are any, are for
  std::span<char> relayed_;
  Connection* alone_ = nullptr;  // in /rtc without a partner
  std::vector<Connection*> listeners_;
};

}  // namespace parley::bench
