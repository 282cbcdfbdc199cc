#include <parley/sim/server.hpp>

#include <parley/base/check.hpp>
#include <parley/base/result.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace parley::sim {

void Server::start() {
  PARLEY_CHECK(!node_);
  node_ = std::make_unique<node::Node>(options_.node, entropy_);
  rtc_ = std::make_unique<hall::Rtc>(node_->socketio(), [this](std::string_view text) {
    on_log({node::LogLevel::info, std::string{text}});
  });
  ++starts_;
  armed_.reset();
}

void Server::shut_down() {
  if (!node_) return;
  node_->shut_down(world_.now());
  turn();
  crash();
}

void Server::crash() {
  node_.reset();
  rtc_.reset();
  while (!sockets_.empty()) end(sockets_.begin()->first);
  while (!requests_.empty()) answer(requests_.begin()->first, std::nullopt);
}

node::WebSocketId Server::upgrade(const HttpRequest& request, OnFrame on_frame) {
  const node::WebSocketId id{++last_id_};
  sockets_.emplace(id, std::move(on_frame));
  if (!node_) {
    end(id);
  } else {
    node_->upgrade(id, request, world_.now());
    turn();
  }
  return id;
}

void Server::receive(node::WebSocketId socket, std::string_view frame) {
  if (!sockets_.contains(socket)) return;
  node_->websocket_received(socket, MessageKind::text, frame, world_.now());
  turn();
}

void Server::close(node::WebSocketId socket, node::WebSocketEnd end) {
  if (sockets_.erase(socket) == 0) return;
  node_->websocket_closed(socket, end, world_.now());
  turn();
}

node::RequestId Server::request(const HttpRequest& request, OnResponse on_response) {
  const node::RequestId id{++last_id_};
  requests_.emplace(id, std::move(on_response));
  if (!node_) {
    answer(id, std::nullopt);
  } else {
    node_->request(id, request, world_.now());
    turn();
  }
  return id;
}

void Server::request_gone(node::RequestId request) {
  if (requests_.erase(request) == 0) return;
  node_->request_gone(request, world_.now());
  turn();
}

// What a real shell does after every call: carry out what the node says, ask when to wake.
void Server::turn() {
  while (const auto output = node_->poll()) carry(*output);
  arm();
}

void Server::arm() {
  const auto wake_at = node_->wake_at();
  if (!wake_at || (armed_ && *armed_ <= *wake_at)) return;
  armed_ = wake_at;
  const auto wait = std::max(*wake_at - world_.now(), Duration{});
  const auto late = world_.pick(Duration{}, options_.timer_late_max);
  world_.after(wait + late, [this, start = starts_] {
    if (!node_ || start != starts_) return;
    armed_.reset();
    node_->advance(world_.now());
    turn();
  });
}

void Server::carry(const node::Output& output) {
  std::visit(Match{
                 [&](const node::Respond& respond) { answer(respond.request, respond.response); },
                 [&](const node::AcceptUpgrade&) {},
                 [&](const node::RefuseUpgrade& refuse) { end(refuse.socket); },
                 [&](const node::SendFrame& frame) {
                   if (const auto found = sockets_.find(frame.socket); found != sockets_.end())
                     found->second(std::string{frame.payload.view()});
                 },
                 [&](const node::CloseWebSocket& close) { end(close.socket); },
                 [&](const node::Publish&) {},
                 [&](const node::Log& log) { on_log(log); },
             },
             output);
}

void Server::end(node::WebSocketId socket) {
  if (const auto ended = sockets_.extract(socket)) ended.mapped()(std::nullopt);
}

void Server::answer(node::RequestId request, std::optional<HttpResponse> response) {
  if (const auto answered = requests_.extract(request)) answered.mapped()(std::move(response));
}

}  // namespace parley::sim
