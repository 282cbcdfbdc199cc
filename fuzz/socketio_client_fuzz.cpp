// Any packets of a server, any losses, and an application that does anything: a socket's outputs
// alternate between connected and disconnected, what is asked for is answered once, and there is
// one connection at a time.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/base/ids.hpp>
#include <parley/socketio/client.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

using namespace parley;
using namespace parley::socketio;
using namespace parley::socketio::client;

namespace {

struct Chance : Entropy {
  void fill(std::span<std::byte> bytes) override {
    std::ranges::fill(bytes, static_cast<std::byte>(++drawn));
  }
  unsigned drawn = 0;
};

// Limits so small that inputs reach them.
Options options(std::uint8_t choice) {
  Options options{.timeout = Duration{3'000},
                  .max_attachments = 2,
                  .max_attachment_bytes = 20,
                  .send_buffer_max = 400,
                  .early_events_max = 400};
  if (choice % 4 == 1) options.reconnection_attempts = 2;
  if (choice % 4 == 2) options.reconnection = false;
  if (choice % 8 >= 4) options.ack_timeout = Duration{700};
  if (choice % 16 >= 8) options.retries = 1;
  return options;
}

constexpr std::array<std::string_view, 2> names{"/", "/a"};

class World {
 public:
  explicit World(std::uint8_t choice) : manager_{options(choice), chance_} {
    for (const auto name : names) manager_.socket(name);
  }

  void act(fuzz::Input& input) {
    const auto choice = input.byte();
    const SocketId socket{static_cast<std::uint64_t>(choice / 16 % 2)};
    switch (choice % 16) {
      case 0:
      case 1:
        return manager_.connect(socket, now_);
      case 2:
        return manager_.disconnect(socket);
      case 3:
      case 4:
        if (connection_) manager_.opened(*connection_, now_);
        return;
      case 5:
        return accept(choice);
      case 6:
      case 7:
      case 8:
        return hear(input);
      case 9:
        return lose(choice);
      case 10:
      case 11:
        return emit(socket, choice);
      case 12:
        (void)manager_.emit_volatile(socket, {R"(["v"])"}, Line::free);
        return;
      case 13:
        if (ticket_) manager_.acknowledge(socket, *ticket_, {"[]"});
        return;
      default:
        now_ += Duration{choice * 8};
        return manager_.advance(now_);
    }
  }

  void check() {
    while (const auto output = manager_.poll())
      std::visit([this](const auto& said) { heard(said); }, *output);
    for (const auto id : {SocketId{0}, SocketId{1}})
      PARLEY_CHECK(manager_.state(id).is_connected() == connected_.contains(id));
    PARLEY_CHECK(connected_.empty() || connection_);
  }

  void finish() {
    for (const auto id : {SocketId{0}, SocketId{1}}) manager_.disconnect(id);
    check();
    PARLEY_CHECK(connected_.empty() && !connection_);
  }

 private:
  void accept(std::uint8_t choice) {
    if (!connection_) return;
    std::string packet = choice / 16 % 2 == 0 ? R"(0{"sid":"s)" : R"(0/a,{"sid":"s)";
    packet += R"(","pid":"p)";
    packet += static_cast<char>('0' + choice / 64);
    manager_.received(*connection_, MessageKind::text, packet + "\"}", now_);
  }

  void hear(fuzz::Input& input) {
    const auto head = input.byte();  // a kind and a length
    const auto kind = head % 2 == 0 ? MessageKind::text : MessageKind::binary;
    const auto data = input.take(head / 2);
    if (connection_) manager_.received(*connection_, kind, data, now_);
  }

  void lose(std::uint8_t choice) {
    if (!connection_) return;
    const auto lost = *std::exchange(connection_, std::nullopt);
    manager_.closed(
        lost, choice < 128 ? DisconnectReason::transport_close : DisconnectReason::ping_timeout,
        "why", now_);
  }

  void emit(SocketId socket, std::uint8_t choice) {
    Arguments arguments{R"(["e"])"};
    arguments.attachments.resize(choice / 64);
    const auto done =
        manager_.emit(socket, std::move(arguments), {.wants_ack = choice % 16 == 10}, now_);
    if (done && *done) PARLEY_CHECK(asked_.emplace(socket, **done).second);
  }

  void heard(const OpenConnection& o) {
    PARLEY_CHECK(!connection_);
    connection_ = o.connection;
  }
  void heard(const client::Send& o) { PARLEY_CHECK(connection_ == o.connection); }
  void heard(const CloseConnection& o) {
    PARLEY_CHECK(connection_ == o.connection);
    connection_.reset();
  }
  void heard(const Connected& o) {
    PARLEY_CHECK(connected_.insert(o.socket).second && !o.sid.empty());
  }
  void heard(const client::ConnectError& o) { PARLEY_CHECK(!connected_.contains(o.socket)); }
  void heard(const Disconnected& o) { PARLEY_CHECK(connected_.erase(o.socket) == 1); }
  void heard(const Received& o) {
    PARLEY_CHECK(connected_.contains(o.socket));
    if (o.ticket) ticket_ = o.ticket;
  }
  void heard(const Acknowledged& o) { PARLEY_CHECK(asked_.erase({o.socket, o.ack}) == 1); }
  void heard(const ReconnectAttempt& o) { PARLEY_CHECK(o.attempt > 0 && !connection_); }
  void heard(const Reconnected& o) { PARLEY_CHECK(o.attempts > 0 && connection_); }
  void heard(const ReconnectFailed&) { PARLEY_CHECK(!connection_); }

  Chance chance_;
  Manager manager_;
  Time now_{};
  std::optional<ConnectionId> connection_;
  std::optional<AckTicket> ticket_;
  std::set<SocketId> connected_;
  std::set<std::pair<SocketId, AckId>> asked_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  fuzz::run(World{input.byte()}, input);
  return 0;
}
