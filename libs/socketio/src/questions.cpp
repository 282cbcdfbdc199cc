// What is asked of many: clients of this server and of others, and the other servers themselves.
// Whoever asks waits for all of them at once, and no longer than it said.

#include "core.hpp"
#include "missing.hpp"
#include "request.hpp"

#include <algorithm>
#include <iterator>

namespace parley::socketio {

namespace {

constexpr Duration ack_time{10'000};

/// What came back so far for one question.
struct Gathered {
  Answers answers;
  std::size_t asked = 0;  // how many could answer, as far as that is known
  Missing missing = {};

  void expect(std::size_t more) {
    asked += more;
    missing.expect(more);
  }
  void take(std::optional<Arguments> answer) {
    if (answer) answers.values.push_back(*std::move(answer));
    missing.one_came();
  }
  Answers result() && {
    answers.is_complete = missing.none() && answers.values.size() == asked;
    return std::move(answers);
  }
};

struct Found {
  std::vector<SocketFacts> sockets;
  Missing missing = {};
};

/// The part of it that is waited for.
std::shared_ptr<Missing> missing_of(const auto& gathered) { return {gathered, &gathered->missing}; }

std::optional<Arguments> kept(const Result<ArgumentsView, AckFault>& answer) {
  return answer ? std::optional{answer->kept()} : std::nullopt;
}

}  // namespace

// Clients of this server, while they may answer.
class Server::Core::Asked {
 public:
  Asked(Core* core, Namespace* from, const Target& target)
      : core_{core},
        sockets_{core->select(from, target)},
        ack_{from ? from->next_ack() : AckId{0}} {}
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;
  ~Asked() {
    for (const auto id : sockets_) core_->awaited_.erase({id, ack_});
  }

  std::size_t count() const { return sockets_.size(); }
  /// `back` is called once for each that answers or leaves.
  void send(const ArgumentsView& arguments, Flags flags, const AckHandler& back) const {
    for (const auto id : sockets_) core_->awaited_.try_emplace({id, ack_}, back);
    core_->send_to_all(sockets_, ack_, arguments, flags);
  }

 private:
  Core* core_;
  std::vector<SocketId> sockets_;
  AckId ack_;
};

flow::task<Answers> Broadcast::ask(Arguments arguments) const {
  return Server::Core::ask_all(server_->core_.get(), *this, std::move(arguments));
}

flow::task<FetchedSockets> Broadcast::fetch_sockets() const {
  return Server::Core::fetch(server_->core_.get(), *this);
}

flow::task<Answers> Server::Core::ask_all(Core* core, Broadcast to, Arguments arguments) {
  const auto event = Json{arguments.json}[0].as<std::string>().value_or("");
  if (!detail::may_emit(core->server, event) || !core->may_send(arguments)) co_return Answers{};
  const auto gathered = std::make_shared<Gathered>();
  const auto time = to.time_.value_or(ack_time);
  const Asked asked{core, core->own_part(to), to.target_};
  gathered->expect(asked.count());
  asked.send(arguments, to.flags_,
             [gathered](const auto& answer) { gathered->take(kept(answer)); });

  std::optional<Request> request;
  if (core->reaches_others(to)) {
    gathered->missing.expect(core->others_of(to));  // to say how many they ask
    request.emplace(core, [gathered](NodeId, const cluster::Body& body) {
      if (const auto* count = std::get_if<cluster::BroadcastClientCount>(&body)) {
        gathered->expect(count->clients);
        gathered->missing.one_came();
      } else if (const auto* ack = std::get_if<cluster::BroadcastAck>(&body)) {
        gathered->take(ack->answer);
      }
    });
    core->publish(to, cluster::Broadcast{to.target_, std::move(arguments), to.flags_,
                                         cluster::Question{request->id(), time}});
  }
  co_await Missing::wait(&core->scheduler, missing_of(gathered), time);
  co_return std::move(*gathered).result();
}

// For another server, which counts and waits.
void Server::Core::answer_for(NodeId whom, const std::string& about,
                              const cluster::Broadcast& broadcast) {
  const auto [request, time] = *broadcast.question;
  const auto asked = std::make_shared<Asked>(this, named(about), broadcast.target);
  publish(about, cluster::BroadcastClientCount{request, asked->count()}, whom);
  const auto missing = std::make_shared<Missing>();
  missing->expect(asked->count());
  asked->send(broadcast.arguments, broadcast.flags,
              [this, whom, about, request, missing](const auto& answer) {
                publish(about, cluster::BroadcastAck{request, kept(answer)}, whom);
                missing->one_came();
              });
  spawn(keep_until_answered(this, asked, missing, time), "a question of another server");
}

flow::task<> Server::Core::keep_until_answered(Core* core, std::shared_ptr<Asked> asked,
                                               std::shared_ptr<Missing> missing, Duration time) {
  const auto kept = std::move(asked);
  co_await Missing::wait(&core->scheduler, std::move(missing), time);
}

flow::task<FetchedSockets> Server::Core::fetch(Core* core, Broadcast from) {
  const auto found = std::make_shared<Found>();
  found->sockets = core->facts_of(core->own_part(from), from.target_);
  const auto about = from.name_space_ ? from.name_space_->name() : std::string{};

  std::optional<Request> request;
  if (core->reaches_others(from)) {
    found->missing.expect(core->others_of(from));
    request.emplace(core, [found](NodeId, const cluster::Body& body) {
      const auto* response = std::get_if<cluster::FetchSocketsResponse>(&body);
      if (!response) return;
      std::ranges::copy(response->sockets, std::back_inserter(found->sockets));
      found->missing.one_came();
    });
    core->publish(from, cluster::FetchSockets{request->id(), from.target_});
    const auto time = from.time_.value_or(core->options.cluster->request_timeout);
    co_await Missing::wait(&core->scheduler, missing_of(found), time);
  }
  FetchedSockets fetched{.sockets = {}, .is_complete = found->missing.none()};
  for (auto& facts : found->sockets)
    fetched.sockets.emplace_back(core->server, about, std::move(facts));
  co_return fetched;
}

std::vector<SocketFacts> Server::Core::facts_of(const Namespace* name_space, const Target& target) {
  std::vector<SocketFacts> facts;
  for (const auto id : select(name_space, target)) {
    const Socket socket{server, id};
    const auto& extras = sockets_.find(id)->extras;
    const auto* data = extras ? std::any_cast<SharedData>(&extras->data) : nullptr;
    facts.push_back({.id = std::string{socket.id()},
                     .handshake = *socket.handshake(),
                     .auth = std::string{socket.auth()},
                     .rooms = socket.rooms(),
                     .data = data ? data->json : "null"});
  }
  return facts;
}

flow::task<Answers> Server::Core::ask_servers(Core* core, std::string about, Arguments arguments) {
  const auto gathered = std::make_shared<Gathered>();
  if (core->has_others()) {
    const auto& [others, time] = *core->options.cluster;
    gathered->expect(others.size());
    const Request request{
        core, [gathered](NodeId, const cluster::Body& body) {
          if (const auto* response = std::get_if<cluster::ServerSideEmitResponse>(&body))
            gathered->take(response->answer);
        }};
    core->publish(std::move(about), cluster::ServerSideEmit{std::move(arguments), request.id()});
    co_await Missing::wait(&core->scheduler, missing_of(gathered), time);
  }
  co_return std::move(*gathered).result();
}

}  // namespace parley::socketio
