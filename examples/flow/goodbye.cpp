// Clean-up that takes time cannot be done in a destructor. So the destructor spawns it into a scope
// that outlives the flow, and the program joins that scope before it ends.
//
// It prints:
//   line: open
//   line: says goodbye
//   call: ended by its time limit
//   line: closed
//   all is cleaned up

#include "peer.hpp"

namespace {

using CleanUps = flow::Scope<Host>;

task<> say_goodbye(Host& host) {
  std::puts("line: says goodbye");
  co_await sleep(host, 1s);
  std::puts("line: closed");
}

class Line {
 public:
  Line(Host& host, CleanUps& clean_ups) : host_{host}, clean_ups_{clean_ups} {
    std::puts("line: open");
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { clean_ups_.spawn(say_goodbye(host_)); }

 private:
  Host& host_;
  CleanUps& clean_ups_;
};

task<> talk(Host& host, CleanUps& clean_ups) {
  const Line line{host, clean_ups};
  co_await sleep(host, 1h);
}

task<> program(Host& host, CleanUps& clean_ups) {
  const flow::Result<> talked = co_await attempt(within(host, 10s, talk(host, clean_ups)));
  if (!talked) std::puts("call: ended by its time limit");
  co_await clean_ups.join();
  std::puts("all is cleaned up");
}

}  // namespace

int main() {
  Host host;
  CleanUps clean_ups{host};
  const flow::Running running{program(host, clean_ups)};
  host.advance(host.now() + 1min);
}
