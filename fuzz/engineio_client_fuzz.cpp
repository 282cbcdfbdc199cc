// Any answers of a server, in any order: at most one poll and one post are in progress, nothing is
// sent on a WebSocket that is not there, a closed session is silent, and it ends in time.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/base/result.hpp>
#include <parley/engineio/client.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

using namespace parley;
using namespace parley::engineio;
using namespace parley::engineio::client;

namespace {

const std::string good_handshake =
    R"(0{"sid":"a","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":16})";

class World {
 public:
  explicit World(std::uint8_t choice) : session_{options(choice)} {
    session_.open();
    check();
  }

  void act(fuzz::Input& input) {
    const auto choice = input.byte();
    switch (choice % 10) {
      case 0:
        return respond(get_, input, choice);
      case 1:
        return respond(post_, input, choice);
      case 2:
        if (auto& request = choice % 20 < 10 ? get_ : post_)
          session_.request_failed(*std::exchange(request, std::nullopt), "why", now_);
        return;
      case 3:
      case 4:
        return open_socket();
      case 5:
      case 6:
        return frame(input, choice);
      case 7:
        return lose_socket(choice);
      case 8:
        return session_.send(choice % 20 < 10 ? MessageKind::text : MessageKind::binary,
                             std::string{input.take(choice / 10)});
      case 9:
        if (choice == 249) return session_.close(now_);
        now_ += Duration{choice};
        return session_.advance(now_);
    }
  }

  void check() {
    while (const auto output = session_.poll()) {
      PARLEY_CHECK(!closed_);
      std::visit([this](const auto& said) { heard(said); }, *output);
    }
    PARLEY_CHECK(!closed_ || (!get_ && !post_ && !session_.writable() && !session_.wake_at()));
    PARLEY_CHECK(!session_.wake_at() || *session_.wake_at() > now_ - Duration{1'000});
  }

  void finish() {
    session_.close(now_);
    check();
    now_ += Duration{5'000};
    session_.advance(now_);
    check();
    PARLEY_CHECK(closed_);
    for (const auto& [id, state] : sockets_) PARLEY_CHECK(state == Socket::over);
  }

 private:
  enum class Socket { asked, open, over };

  static Options options(std::uint8_t choice) {
    Options options;
    if (choice % 3 == 1) options.transports = {client::Transport::websocket};
    if (choice % 3 == 2) std::swap(options.transports[0], options.transports[1]);
    options.try_all_transports = choice % 2 == 1;
    return options;
  }

  // Nearly all answers are worth more than noise if they begin with a handshake.
  std::string answer(fuzz::Input& input, std::uint8_t choice) const {
    if (!opened_ && choice < 200) return good_handshake;
    return std::string{input.take(input.byte() % 64)};
  }

  void respond(std::optional<RequestId>& request, fuzz::Input& input, std::uint8_t choice) {
    if (!request) return;
    const auto body = answer(input, choice);
    session_.responded(*std::exchange(request, std::nullopt), choice == 251 ? 400 : 200, body,
                       now_);
  }

  void open_socket() {
    for (auto& [id, state] : sockets_) {
      if (state == Socket::asked) {
        state = Socket::open;
        return session_.websocket_opened(id);
      }
    }
  }

  void frame(fuzz::Input& input, std::uint8_t choice) {
    if (sockets_.empty() || sockets_.rbegin()->second != Socket::open) return;
    const auto payload = choice % 4 == 0 && opened_ ? "3probe" : answer(input, choice);
    session_.websocket_received(sockets_.rbegin()->first,
                                choice % 16 == 5 ? MessageKind::binary : MessageKind::text, payload,
                                now_);
  }

  void lose_socket(std::uint8_t choice) {
    if (sockets_.empty() || sockets_.rbegin()->second == Socket::over) return;
    sockets_.rbegin()->second = Socket::over;
    session_.websocket_closed(
        sockets_.rbegin()->first,
        choice < 128 ? CloseReason::transport_close : CloseReason::transport_error, "why", now_);
  }

  static void begin(std::optional<RequestId>& request, RequestId id) {
    PARLEY_CHECK(!request);
    request = id;
  }

  void heard(const Get& o) {
    PARLEY_CHECK(opened_ != o.target.ends_with("transport=polling"));
    begin(get_, o.request);
  }
  void heard(const Post& o) {
    PARLEY_CHECK(opened_ && !o.body.empty());
    begin(post_, o.request);
  }
  void heard(const Abort& o) {
    auto& request = get_ == o.request ? get_ : post_;
    PARLEY_CHECK(request == o.request);
    request.reset();
  }
  void heard(const OpenWebSocket& o) {
    PARLEY_CHECK(sockets_.emplace(o.socket, Socket::asked).second);
  }
  void heard(const client::SendFrame& o) { PARLEY_CHECK(sockets_.at(o.socket) == Socket::open); }
  void heard(const client::CloseWebSocket& o) {
    PARLEY_CHECK(std::exchange(sockets_.at(o.socket), Socket::over) != Socket::over);
  }
  void heard(const client::Opened& o) {
    PARLEY_CHECK(!std::exchange(opened_, true) && !o.sid.empty());
  }
  void heard(const Upgraded&) { PARLEY_CHECK(opened_ && !get_ && !post_); }
  void heard(const client::Received&) { PARLEY_CHECK(opened_); }
  void heard(const client::Closed&) { closed_ = true; }

  client::Session session_;
  Time now_{};
  std::optional<RequestId> get_;
  std::optional<RequestId> post_;
  std::map<WebSocketId, Socket> sockets_;
  bool opened_ = false;
  bool closed_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  fuzz::run(World{input.byte()}, input);
  return 0;
}
