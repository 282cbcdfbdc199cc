#pragma once

#include <parley/sim/server.hpp>
#include <parley/sim/world.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace parley::sim {

/// How one direction of a connection treats what is sent on it: late, but in order.
class Pipe {
 public:
  Pipe(World& world, Duration delay_max) : world_{world}, delay_max_{delay_max} {}

  void carry(std::function<void()> event);

 private:
  World& world_;
  Duration delay_max_;
  Time last_{};
};

/// A client's end of one Engine.IO session: packets as text, whatever carries them. Lives as long
/// as its world, which holds events that speak of it.
class Line {
 public:
  virtual ~Line() = default;

  virtual void open() = 0;
  virtual void send(std::string packet) = 0;
  /// The client says goodbye; it hears nothing more.
  virtual void close() = 0;
  /// The connection breaks, and both ends notice.
  virtual void reset() = 0;
  /// The connection breaks, and neither end notices: what is sent from now on is lost.
  void cut() { is_cut_ = true; }
  /// The client is gone without a word.
  void abandon() { is_cut_ = is_over_ = true; }

  std::function<void(std::string_view packet)> on_packet;
  std::function<void()> on_closed;  // once, unless the client ended it

 protected:
  void deliver(std::string_view packet) {
    if (!is_over_) on_packet(packet);
  }
  void end() {
    if (!is_over_) {
      is_over_ = true;
      on_closed();
    }
  }

  bool is_cut_ = false;
  bool is_over_ = false;  // for the client
};

class WebSocketLine : public Line {
 public:
  WebSocketLine(World& world, Server& server, Duration delay_max)
      : server_{server}, up_{world, delay_max}, down_{world, delay_max} {}

  void open() override;
  void send(std::string packet) override;
  void close() override;
  void reset() override;

 private:
  Server& server_;
  Pipe up_;
  Pipe down_;
  std::optional<node::WebSocketId> socket_;
};

class PollingLine : public Line {
 public:
  PollingLine(World& world, Server& server, Duration delay_max)
      : server_{server}, polls_{world, delay_max}, posts_{world, delay_max} {}

  void open() override { poll(); }
  void send(std::string packet) override;
  void close() override;
  void reset() override;

 private:
  void poll();
  void take(const HttpResponse& response);
  void post();
  void exchange(Pipe& pipe, std::string method, std::string body,
                std::function<void(const HttpResponse&)> then);

  Server& server_;
  Pipe polls_;
  Pipe posts_;
  std::string sid_;
  std::deque<std::string> outbox_;
  bool is_posting_ = false;
  std::optional<node::RequestId> held_;  // the last poll that reached the server
};

}  // namespace parley::sim
