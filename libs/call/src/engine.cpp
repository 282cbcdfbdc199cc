#include <parley/call/engine.hpp>

#include "flows.hpp"
#include "peer.hpp"

#include <utility>

namespace parley::call {

Engine::Engine(Time now, Limits limits)
    : limits_{limits}, scheduler_{now}, media_ready_{scheduler_} {
  commands_.push_back(GetMedia{});
  tell();
}

Engine::~Engine() = default;

void Engine::receive(Event event, Time now) {
  scheduler_.advance(now);
  std::visit([this](auto& what) { on(std::move(what)); }, event);
  scheduler_.run();
  tell();
}

void Engine::advance(Time now) {
  scheduler_.advance(now);
  tell();
}

std::optional<Command> Engine::poll() {
  if (commands_.empty()) return std::nullopt;
  auto command = std::move(commands_.front());
  commands_.pop_front();
  return command;
}

std::optional<Time> Engine::wake_at() { return scheduler_.wake_at(); }

void Engine::on(LineUp) { line_ = Line::up; }

void Engine::on(LineDown) {
  line_ = Line::lost;
  other_left_ = false;
  end_pairing();
  // Without the line an unfinished negotiation cannot end; a finished one needs no line.
  if (peer_ && !peer_->negotiated) close_peer();
}

void Engine::on(Identified identified) {
  if (introduced_) end_pairing();
  close_peer();
  introduced_ = true;
  other_left_ = false;
  slow_ = false;
  negotiation_failed_ = false;
  patience_.emplace(lose_patience());
  call_.emplace(hold_call(identified.role));
  for (auto& signal : std::exchange(early_, {})) {
    std::visit([this](auto& what) { on(std::move(what)); }, signal);
  }
}

void Engine::on(Left) {
  if (!introduced_) return;
  end_pairing();
  close_peer();
  other_left_ = true;
}

void Engine::on(RemoteDescription remote) {
  if (!introduced_) return keep_early(std::move(remote));
  peer_->receive(std::move(remote.description));
}

void Engine::on(RemoteCandidate remote) {
  // The end of candidates, which some pages send as a signal of its own, says nothing that we need.
  if (remote.candidate.empty() || remote.candidate == "null") return;
  if (!introduced_) return keep_early(std::move(remote));
  peer_->receive(std::move(remote.candidate));
}

void Engine::on(SignalNotUnderstood) { ++counts_.not_understood; }

void Engine::on(MediaReady ready) {
  media_ = ready;
  media_ready_.set();
}

void Engine::on(MediaFailed failed) {
  if (std::holds_alternative<MediaPending>(media_)) media_ = failed.fault;
}

void Engine::on(MediaRetry) {
  if (!std::holds_alternative<MediaFault>(media_)) return;
  media_ = MediaPending{};
  commands_.push_back(GetMedia{});
}

void Engine::on(LocalDescription local) {
  if (auto* peer = find(local.connection)) peer->description_made(std::move(local.description));
}

void Engine::on(RemoteDescriptionSet set) {
  if (auto* peer = find(set.connection)) peer->remote_description_set();
}

void Engine::on(OperationFailed failed) {
  if (auto* peer = find(failed.connection)) peer->operation_failed(std::move(failed.message));
}

void Engine::on(LocalCandidate local) {
  if (!find(local.connection)) return;
  // Once the pairing has ended the server would relay it to somebody else.
  if (introduced_) commands_.push_back(SendCandidate{std::move(local.candidate)});
}

void Engine::on(ConnectionStateChanged changed) {
  auto* peer = find(changed.connection);
  if (!peer) return;
  peer->state = changed.state;
  notice_connected();
}

void Engine::on(RemoteFrame frame) {
  auto* peer = find(frame.connection);
  if (!peer) return;
  peer->shows_picture = true;
  notice_connected();
}

// Lasts as long as the pairing. A connection whose negotiation failed is of no more use: the next
// one listens at once and is tried after a pause, which keeps two sides that misunderstand each
// other from flooding the line.
flow::task<> Engine::hold_call(Role role) {
  open_peer(role);
  for (;;) {
    co_await flow::attempt(negotiate(*peer_, role));
    negotiation_failed_ = true;
    close_peer();
    open_peer(role);
    co_await flow::sleep(scheduler_, limits_.retry_pause);
  }
}

flow::task<> Engine::lose_patience() {
  co_await media_ready_;
  co_await flow::sleep(scheduler_, limits_.patience);
  slow_ = true;
}

void Engine::keep_early(RemoteSignal signal) {
  if (early_.size() == limits_.signals_max) {
    ++counts_.too_many;
  } else {
    early_.push_back(std::move(signal));
  }
}

Peer* Engine::find(ConnectionId connection) {
  if (peer_ && peer_->id() == connection) return peer_.get();
  ++counts_.late;
  return nullptr;
}

void Engine::open_peer(Role role) {
  const ConnectionId id{++connections_};
  peer_ = std::make_unique<Peer>(
      id, role, Peer::Context{scheduler_, media_ready_, commands_, counts_, limits_.signals_max});
  commands_.push_back(OpenConnection{id});
}

void Engine::close_peer() {
  if (!peer_) return;
  commands_.push_back(CloseConnection{peer_->id()});
  peer_.reset();
}

void Engine::end_pairing() {
  introduced_ = false;
  early_.clear();
  patience_.reset();
  call_.reset();
}

bool Engine::connected() const {
  return peer_ && peer_->state == ConnectionState::connected && peer_->shows_picture;
}

void Engine::notice_connected() {
  if (!connected()) return;
  patience_.reset();
  slow_ = false;
  negotiation_failed_ = false;
}

Tell Engine::situation() const {
  const Problem line_problem = line_ == Line::lost ? Problem::server_lost : Problem::none;
  if (connected()) return {Status::connected, line_problem};
  if (!std::holds_alternative<MediaReady>(media_)) {
    return {Status::asking_for_camera, camera_problem()};
  }
  if (line_ != Line::up) return {Status::reaching_server, line_problem};
  if (!introduced_) {
    return {Status::waiting_for_other, other_left_ ? Problem::other_left : Problem::none};
  }
  return {Status::connecting, connecting_problem()};
}

Problem Engine::camera_problem() const {
  const auto* fault = std::get_if<MediaFault>(&media_);
  if (!fault) return Problem::none;
  switch (*fault) {
    case MediaFault::not_allowed:
      return Problem::camera_not_allowed;
    case MediaFault::not_found:
      return Problem::camera_not_found;
    case MediaFault::not_readable:
      return Problem::camera_busy;
    case MediaFault::insecure:
      return Problem::insecure_page;
    case MediaFault::other:
      break;
  }
  return Problem::camera_other;
}

Problem Engine::connecting_problem() const {
  if (peer_ && peer_->state == ConnectionState::failed) return Problem::no_path;
  if (negotiation_failed_ || (peer_ && peer_->refused_offer)) return Problem::negotiation_failed;
  return slow_ ? Problem::taking_long : Problem::none;
}

void Engine::tell() {
  const Tell now = situation();
  if (told_ == now) return;
  told_ = now;
  commands_.push_back(now);
}

}  // namespace parley::call
