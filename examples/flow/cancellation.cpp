// Cancelling a flow is destroying it. Its locals are destroyed in the usual order, the steps that
// it awaits first, and when that is over it is over: nothing of it runs afterwards.
//
// It prints:
//   session: opened
//   message: begun
//   message: withdrawn
//   session: closed
//   the flow is gone
//   an hour later: nothing

#include "peer.hpp"

#include <optional>

namespace {

// What a flow holds while it runs, given back whichever way it ends.
class Session {
 public:
  Session() { std::puts("session: opened"); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { std::puts("session: closed"); }
};

class Message {
 public:
  Message() { std::puts("message: begun"); }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
  ~Message() { std::puts("message: withdrawn"); }
};

task<> send(Host& host) {
  const Message message;
  co_await sleep(host, 10s);
  std::puts("sent");
}

task<> talk(Host& host) {
  const Session session;
  co_await send(host);
  std::puts("talked");
}

}  // namespace

int main() {
  Host host;
  std::optional<flow::Running<>> talking{std::in_place, talk(host)};
  host.advance(host.now() + 5s);

  talking.reset();  // here everything of it is destroyed
  std::puts("the flow is gone");

  host.advance(host.now() + 1h);
  std::puts("an hour later: nothing");
}
