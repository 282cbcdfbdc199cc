// Steps that take turns over something they share, and steps of which each is given the values of
// all before it.
//
// It prints:
//   ping 1
//   pong 2
//   ping 3
//   pong 4
//   2 * 3 = 6

#include "peer.hpp"

namespace {

using Turn = flow::Turn<int, Host>;

task<> hit(Turn& turn, const char* name) {
  for (int times = 0; times < 2; ++times) {
    std::printf("%s %d\n", name, ++turn.token());
    co_await turn.pass();
  }
}

task<> play(Host& host) {
  const auto ping = [](Turn& turn) { return hit(turn, "ping"); };
  const auto pong = [](Turn& turn) { return hit(turn, "pong"); };
  co_await take_turns(host, 0, ping, pong);
}

task<> multiply() {
  const auto two = [] { return 2; };
  const auto one_more = [](int value) { return value + 1; };
  const auto product = [](int a, int b) { return a * b; };
  const auto all = co_await flow::waterfall(two, one_more, product);
  std::printf("%d * %d = %d\n", get<0>(all), get<1>(all), get<2>(all));
}

}  // namespace

int main() {
  Host host;
  const flow::Running playing{play(host)};
  host.run();
  const flow::Running multiplying{multiply()};
}
