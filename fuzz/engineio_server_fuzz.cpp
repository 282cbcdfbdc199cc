// Any requests, frames, losses and times, from clients that know each other's sids and from an
// application that sends and closes: each request has one answer, each WebSocket one verdict and
// silence after its end, each session one beginning and one end, and in the end nothing is left.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/engineio/server.hpp>
#include <parley/websocket/utf8.hpp>

#include <array>
#include <map>
#include <set>
#include <string>

using namespace parley;
using namespace parley::engineio;

namespace {

struct NoEntropy : Entropy {
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, std::byte{0}); }
};

// Limits so small that inputs reach them.
const Options options{.ping_interval = Duration{300},
                      .ping_timeout = Duration{200},
                      .upgrade_timeout = Duration{250},
                      .max_http_buffer_size = 64,
                      .initial_packet = "hi",
                      .allow_eio3 = true,
                      .cors = {.origin = "http://a"},
                      .sessions_max = 3,
                      .buffered_bytes_max = 400};

/// Clients and application in one; checks all that the server says.
class World {
 public:
  void act(fuzz::Input& input) {
    const auto choice = input.byte();
    switch (choice % 10) {
      case 0:
        return request("GET", target(input), "");
      case 1:
        return request("POST", target(input), input.take(input.byte()));
      case 2:
        return request(input.byte() % 2 == 0 ? "OPTIONS" : "PUT", target(input), "");
      case 3:
        return upgrade(target(input));
      case 4:
      case 5:
        return frame(input, choice % 20 == 4 ? MessageKind::binary : MessageKind::text);
      case 6:
        return lose(input);
      case 7:
        now_ += Duration{input.byte()};
        return server_.advance(now_);
      case 8:
        return send(input);
      default:
        return server_.close(SessionId{input.byte() % 5U}, now_);
    }
  }

  void check() {
    while (const auto output = server_.poll())
      std::visit([this](const auto& o) { heard(o); }, *output);
    PARLEY_CHECK(!server_.wake_at() || server_.wake_at() > now_ - Duration{256});
    PARLEY_CHECK(server_.session_count() <= options.sessions_max);
    arena_.reset();
  }

  void finish() {
    server_.close_all(now_);
    check();
    PARLEY_CHECK(open_.empty());
    PARLEY_CHECK(waiting_.empty());
    for (const auto& [id, socket] : sockets_) PARLEY_CHECK(socket == Socket::over);
    now_ += Duration{60'000};
    server_.advance(now_);
    check();
    PARLEY_CHECK(server_.session_count() == 0);
    PARLEY_CHECK(!server_.wake_at());
  }

 private:
  enum class Socket { asked, accepted, over };

  static std::string target(fuzz::Input& input) {
    const unsigned choice = input.byte();
    if (choice == 255) return std::string{input.take(input.byte())};
    std::string target = choice / 10 % 3 == 2 ? "/socket.io/?EIO=3" : "/socket.io/?EIO=4";
    if (choice / 30 % 3 == 2) target += "&b64=1";
    target += "&transport=";
    target += choice % 2 == 0 ? "polling" : "websocket";
    if (choice / 2 % 5 > 0) {
      target += "&sid=AAAAAAAAAAAAAAAAAAA";
      target += static_cast<char>('A' + choice / 2 % 5 - 1);
    }
    return target;
  }

  static PayloadFormat format_of(Revision revision, const HttpResponse& response) {
    if (revision == Revision::v4) return PayloadFormat::separated;
    return response.fields.front().value == "application/octet-stream"
               ? PayloadFormat::counted_in_bytes
               : PayloadFormat::counted;
  }

  HttpRequest make(std::string method, std::string target) const {
    HttpRequest request{.method = std::move(method),
                        .target = std::move(target),
                        .fields = {{"Host", "h"}},
                        .body = "",
                        .remote_address = ""};
    constexpr std::array origins{"http://a", "http://h", "http://evil"};
    if (requests_ % 8 >= 5) request.fields.push_back({"Origin", origins[requests_ % 8 - 5]});
    return request;
  }

  void request(std::string method, std::string target, std::string_view body) {
    const RequestId id{++requests_};
    auto request = make(std::move(method), std::move(target));
    request.body = body;
    if (requests_ % 4 == 0) request.fields.push_back({"Content-Type", "application/octet-stream"});
    waiting_.emplace(id, Query{request.target}.get("EIO") == "4" ? Revision::v4 : Revision::v3);
    server_.request(id, request, now_);
    check();
  }

  void upgrade(std::string target) {
    const WebSocketId id{++requests_};
    auto request = make("GET", std::move(target));
    for (const HttpField& field :
         {HttpField{"Connection", "Upgrade"}, HttpField{"Upgrade", "websocket"},
          HttpField{"Sec-WebSocket-Version", "13"},
          HttpField{"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}})
      request.fields.push_back(field);
    sockets_.emplace(id, Socket::asked);
    server_.upgrade(id, request, now_);
    check();
    PARLEY_CHECK(sockets_.at(id) != Socket::asked);
  }

  void frame(fuzz::Input& input, MessageKind kind) {
    const auto id = WebSocketId{requests_ - input.byte() % 4};
    const auto payload = input.take(input.byte() % 80);
    // The WebSocket below lets no other text through.
    if (kind == MessageKind::text && !websocket::is_utf8(payload)) return;
    server_.websocket_received(id, kind, payload, now_);
  }

  void send(fuzz::Input& input) {
    const SessionId session{input.byte() % 5U};
    const auto data = input.take(input.byte() % 64);
    const auto kind = websocket::is_utf8(data) ? MessageKind::text : MessageKind::binary;
    server_.send(session, kind, {arena_, data}, now_);
  }

  void lose(fuzz::Input& input) {
    const auto choice = input.byte();
    const auto number = requests_ - choice / 4 % 4;
    if (choice % 2 == 0) {
      waiting_.erase(RequestId{number});
      return server_.request_gone(RequestId{number}, now_);
    }
    const auto socket = sockets_.find(WebSocketId{number});
    if (socket != sockets_.end()) socket->second = Socket::over;
    server_.websocket_closed(WebSocketId{number},
                             choice / 2 % 2 == 0 ? WebSocketEnd::closed : WebSocketEnd::failed,
                             now_);
  }

  void heard(const Respond& o) {
    const auto asked = waiting_.find(o.request);
    PARLEY_CHECK(asked != waiting_.end());
    const auto revision = asked->second;
    waiting_.erase(asked);
    if (o.response.status != 200 || o.response.body == "ok") return;
    PayloadReader reader{o.response.body, arena_, format_of(revision, o.response)};
    const bool may_split =
        revision == Revision::v4 && o.response.body.find('\x1e') != std::string::npos;
    while (const auto packet = reader.next()) PARLEY_CHECK(*packet || may_split);
  }
  void heard(const AcceptUpgrade& o) {
    PARLEY_CHECK(std::exchange(sockets_.at(o.socket), Socket::accepted) == Socket::asked);
  }
  void heard(const RefuseUpgrade& o) {
    PARLEY_CHECK(std::exchange(sockets_.at(o.socket), Socket::over) == Socket::asked);
  }
  void heard(const SendFrame& o) { PARLEY_CHECK(sockets_.at(o.socket) == Socket::accepted); }
  void heard(const CloseWebSocket& o) {
    PARLEY_CHECK(std::exchange(sockets_.at(o.socket), Socket::over) == Socket::accepted);
  }
  void heard(const Opened& o) { PARLEY_CHECK(open_.insert(o.session).second); }
  void heard(const Received& o) {
    PARLEY_CHECK(open_.contains(o.session));
    PARLEY_CHECK(o.kind == MessageKind::binary || websocket::is_utf8(o.data));
  }
  void heard(const Closed& o) { PARLEY_CHECK(open_.erase(o.session) == 1); }
  void heard(const Refused&) {}

  NoEntropy entropy_;
  Arena arena_;
  Server server_{options, entropy_, arena_};
  Time now_{};
  std::uint64_t requests_ = 0;
  std::map<RequestId, Revision> waiting_;
  std::map<WebSocketId, Socket> sockets_;
  std::set<SessionId> open_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  fuzz::run(World{}, input);
  return 0;
}
