#include "peer.hpp"

#include <utility>

namespace parley::call {

namespace {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "parley.call"; }
  std::string message(int code) const override {
    return code == static_cast<int>(Errc::operation_failed) ? "the peer connection refused"
                                                            : "unknown error";
  }
};

}  // namespace

std::error_code make_error_code(Errc code) noexcept {
  static const Category category;
  return {static_cast<int>(code), category};
}

Peer::Peer(ConnectionId id, Role role, Context context)
    : id_{id},
      context_{context},
      negotiation_{role},
      descriptions_{context.scheduler},
      results_{context.scheduler} {}

flow::task<> Peer::get_media_stream() { co_await context_.media_ready; }

flow::task<> Peer::send_offer() {
  negotiation_.offer();
  add_media();
  Command create = CreateOffer{id_};
  co_await send_local_description(std::move(create));
}

flow::task<> Peer::send_answer() {
  add_media();
  Command create = CreateAnswer{id_};
  co_await send_local_description(std::move(create));
}

flow::task<> Peer::get_remote_sdp() {
  // Not `while (!co_await ...)`: with its sanitizers on, g++ 12 traps in a loop whose condition
  // awaits.
  for (bool usable = false; !usable;) usable = co_await set_next_remote_sdp();
}

void Peer::receive(Description description) {
  if (negotiation_.judge(description.type) == Negotiation::Verdict::ignore) {
    ++context_.counts.out_of_place;
  } else if (descriptions_.size() == context_.signals_max) {
    ++context_.counts.too_many;
  } else {
    descriptions_.put(std::move(description));
  }
}

void Peer::receive(std::string candidate) {
  if (negotiation_.ignores_candidates()) {
    ++context_.counts.out_of_place;
  } else if (takes_candidates()) {
    context_.commands.push_back(AddCandidate{id_, std::move(candidate)});
  } else if (candidates_.size() == context_.signals_max) {
    ++context_.counts.too_many;
  } else {
    candidates_.push_back(std::move(candidate));
  }
}

void Peer::description_made(Description description) {
  finish(Operation::make_description, std::move(description));
}

void Peer::remote_description_set() { finish(Operation::set_remote, Description{}); }

void Peer::operation_failed(std::string message) {
  finish(pending_, std::unexpected{flow::Error{Errc::operation_failed, std::move(message)}});
}

flow::task<Description> Peer::perform(Operation operation, Command command) {
  context_.commands.push_back(std::move(command));
  pending_ = operation;
  flow::Result<Description> result = co_await results_.next();
  co_return co_await flow::require(std::move(result));
}

// Whether it was one that the flow can go on with. A connection that refuses an offer is as it was
// before: the other side may do better. One that refuses an answer has to be given up.
flow::task<bool> Peer::set_next_remote_sdp() {
  Description description = co_await descriptions_.next();
  const auto type = description.type;
  Command set = SetRemote{id_, std::move(description)};
  const auto result = co_await flow::attempt(perform(Operation::set_remote, std::move(set)));
  refused_offer = !result && type == DescriptionType::offer;
  if (refused_offer) co_return false;
  if (!result) co_await flow::fail(result.error());
  remote_is_set_ = true;
  release_candidates();
  co_return type != DescriptionType::pranswer;
}

flow::task<> Peer::send_local_description(Command command) {
  Description description = co_await perform(Operation::make_description, std::move(command));
  context_.commands.push_back(SendDescription{std::move(description)});
}

void Peer::add_media() {
  // A peer connection refuses a track that it has.
  if (!std::exchange(media_added_, true)) context_.commands.push_back(AddMedia{id_});
}

void Peer::finish(Operation operation, flow::Result<Description> result) {
  if (pending_ == Operation::none || pending_ != operation) {
    ++context_.counts.late;
    return;
  }
  pending_ = Operation::none;
  results_.put(std::move(result));
}

bool Peer::takes_candidates() const {
  // Those that follow a description which is not set yet belong to that one.
  return remote_is_set_ && descriptions_.size() == 0 && pending_ != Operation::set_remote;
}

void Peer::release_candidates() {
  if (!takes_candidates()) return;
  for (auto& candidate : std::exchange(candidates_, {})) {
    context_.commands.push_back(AddCandidate{id_, std::move(candidate)});
  }
}

}  // namespace parley::call
