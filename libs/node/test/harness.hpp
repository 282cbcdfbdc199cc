#pragma once

#include <parley/base/result.hpp>
#include <parley/hall/rtc.hpp>
#include <parley/node/node.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace parley::node {

// The same bytes each time, so that ids are known: their last four characters count.
struct NoChance : Entropy {
  explicit NoChance(std::byte its_value) : value{its_value} {}
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, value); }
  std::byte value;
};

using Frames = std::vector<std::string>;

// The shell of a node, without a network: what the node said, sorted by whom it said it to.
struct Shell {
  explicit Shell(const Options& options = {}, hall::Pairing pairing = hall::Pairing::here,
                 std::byte chance = {})
      : entropy{chance},
        node{options, entropy},
        rtc{node.socketio(),
            [this](std::string_view text) { logs.push_back({LogLevel::info, std::string{text}}); },
            pairing} {}

  static HttpRequest request(std::string method, std::string target, std::string body = {}) {
    return {std::move(method),
            std::move(target),
            {{"Host", "localhost:8006"}},
            std::move(body),
            "127.0.0.1"};
  }

  static HttpRequest upgrade_request(std::string target) {
    auto upgrade = request("GET", std::move(target));
    upgrade.fields.insert(upgrade.fields.end(),
                          {{"Upgrade", "websocket"},
                           {"Connection", "Upgrade"},
                           {"Sec-WebSocket-Version", "13"},
                           {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}});
    return upgrade;
  }

  /// A WebSocket that is open and in /rtc; returns what it was sent after that.
  Frames join(WebSocketId id) {
    node.upgrade(id, upgrade_request("/socket.io/?EIO=4&transport=websocket"), now);
    node.websocket_received(id, MessageKind::text, "40/rtc,", now);
    auto received = take(id);
    const auto joined = std::ranges::find_if(
        received, [](const auto& frame) { return frame.starts_with(R"(40/rtc,{"sid":")"); });
    received.erase(received.begin(), joined == received.end() ? joined : joined + 1);
    return received;
  }

  void send(WebSocketId id, std::string_view frame) {
    node.websocket_received(id, MessageKind::text, frame, now);
  }

  /// The frames of one WebSocket since the last call: text as it is, binary after "b:", "close".
  Frames take(WebSocketId id) {
    drain();
    return std::exchange(frames[id], {});
  }

  RequestId poll(std::string_view sid) { return send_request("GET", sid, {}); }
  RequestId post(std::string_view sid, std::string body) {
    return send_request("POST", sid, std::move(body));
  }
  RequestId send_request(std::string method, std::string_view sid, std::string body) {
    const RequestId id{++last_request};
    auto target = "/socket.io/?EIO=4&transport=polling" +
                  (sid.empty() ? std::string{} : "&sid=" + std::string{sid});
    node.request(id, request(std::move(method), std::move(target), std::move(body)), now);
    return id;
  }

  /// "200 body", or empty while the request is held.
  std::string answer(RequestId id) {
    drain();
    return std::exchange(answers[id], {});
  }

  std::vector<Log> take_logs(LogLevel level) {
    drain();
    auto taken = std::exchange(logs, {});
    std::erase_if(taken, [level](const Log& log) { return log.level != level; });
    return taken;
  }

  void drain() {
    while (const auto output = node.poll()) {
      std::visit(
          Match{
              [&](const Respond& respond) {
                answers[respond.request] =
                    std::to_string(respond.response.status) + " " + respond.response.body;
              },
              [&](const AcceptUpgrade&) {},
              [&](const RefuseUpgrade& refuse) {
                frames[refuse.socket].push_back(std::to_string(refuse.response.status));
              },
              [&](const SendFrame& frame) {
                frames[frame.socket].push_back((frame.kind == MessageKind::binary ? "b:" : "") +
                                               std::string{frame.payload.view()});
              },
              [&](const CloseWebSocket& close) { frames[close.socket].push_back("close"); },
              [&](const Publish& publish) { published.push_back(publish); },
              [&](const Log& log) { logs.push_back(log); },
          },
          *output);
    }
  }

  NoChance entropy;
  Node node;
  hall::Rtc rtc;
  Time now{};
  std::uint64_t last_request = 0;
  std::map<WebSocketId, Frames> frames;
  std::map<RequestId, std::string> answers;
  std::vector<Publish> published;
  std::vector<Log> logs;
};

}  // namespace parley::node
