#include <parley/sim/line.hpp>

#include <algorithm>
#include <utility>

namespace parley::sim {

namespace {

constexpr std::string_view separator = "\x1e";

HttpRequest request(std::string method, std::string target, std::string body = {}) {
  return {std::move(method), std::move(target), {{"Host", "sim"}}, std::move(body), "10.0.0.1"};
}

HttpRequest upgrade_request() {
  auto upgrade = request("GET", "/socket.io/?EIO=4&transport=websocket");
  upgrade.fields.insert(upgrade.fields.end(), {{"Upgrade", "websocket"},
                                               {"Connection", "Upgrade"},
                                               {"Sec-WebSocket-Version", "13"},
                                               {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}});
  return upgrade;
}

}  // namespace

void Pipe::carry(std::function<void()> event) {
  last_ = std::max(last_, world_.now() + world_.pick(Duration{1}, delay_max_));
  world_.after(last_ - world_.now(), std::move(event));
}

void WebSocketLine::open() {
  up_.carry([this] {
    if (is_cut_) return;
    const auto on_frame = [this](std::optional<std::string> frame) {
      down_.carry([this, frame = std::move(frame)] {
        if (is_cut_) return;
        frame ? deliver(*frame) : end();
      });
    };
    socket_ = server_.upgrade(upgrade_request(), on_frame);
  });
}

void WebSocketLine::send(std::string packet) {
  up_.carry([this, packet = std::move(packet)] {
    if (!is_cut_ && socket_) server_.receive(*socket_, packet);
  });
}

void WebSocketLine::close() {
  is_over_ = true;
  up_.carry([this] {
    if (!is_cut_ && socket_) server_.close(*socket_, node::WebSocketEnd::closed);
  });
}

void WebSocketLine::reset() {
  cut();
  up_.carry([this] {
    if (socket_) server_.close(*socket_, node::WebSocketEnd::failed);
  });
  down_.carry([this] { end(); });
}

void PollingLine::send(std::string packet) {
  outbox_.push_back(std::move(packet));
  post();
}

void PollingLine::close() {
  is_over_ = true;
  send("1");
}

void PollingLine::reset() {
  cut();
  posts_.carry([this] {
    if (held_) server_.request_gone(*held_);
    end();
  });
}

void PollingLine::poll() {
  exchange(polls_, "GET", {}, [this](const HttpResponse& response) { take(response); });
}

void PollingLine::take(const HttpResponse& response) {
  std::string_view body = response.body;
  constexpr std::string_view sid_key = R"(0{"sid":")";
  if (body.starts_with(sid_key)) sid_ = body.substr(sid_key.size(), 20);
  while (!body.empty()) {
    const auto packet = body.substr(0, body.find(separator));
    body.remove_prefix(std::min(packet.size() + 1, body.size()));
    deliver(packet);
  }
  post();
  if (!is_over_) poll();
}

void PollingLine::post() {
  if (is_posting_ || outbox_.empty() || sid_.empty()) return;
  is_posting_ = true;
  auto body = std::move(outbox_.front());
  for (outbox_.pop_front(); !outbox_.empty(); outbox_.pop_front())
    body.append(separator).append(outbox_.front());
  exchange(posts_, "POST", std::move(body), [this](const HttpResponse&) {
    is_posting_ = false;
    post();
  });
}

// One request and its response. Anything but a 200 is the end of the line, as for the official
// client.
void PollingLine::exchange(Pipe& pipe, std::string method, std::string body,
                           std::function<void(const HttpResponse&)> then) {
  auto target = "/socket.io/?EIO=4&transport=polling" + (sid_.empty() ? "" : "&sid=" + sid_);
  auto sent = request(std::move(method), std::move(target), std::move(body));
  const auto respond = [this, &pipe, then = std::move(then)](std::optional<HttpResponse> response) {
    pipe.carry([this, then, response = std::move(response)] {
      if (is_cut_) return;
      response && response->status == 200 ? then(*response) : end();
    });
  };
  pipe.carry([this, sent = std::move(sent), respond] {
    if (is_cut_) return;
    const auto id = server_.request(sent, respond);
    if (sent.method == "GET") held_ = id;
  });
}

}  // namespace parley::sim
