// The words over several tasks: which of them have to succeed, and what they give.
//
// It prints:
//   gate: 1 2
//   race: segment 1 gave 2
//   first: segment 1 gave 2
//   any: nothing, 2
//   last: 3
//   none: 2 errors
//   map: 10 20 30

#include "peer.hpp"

#include <vector>

namespace {

task<int> after(Host& host, Host::duration time, int value) {
  co_await sleep(host, time);
  co_return value;
}

task<int> broken(Host& host, Host::duration time) {
  co_await sleep(host, time);
  co_await fail(flow::Error{std::make_error_code(std::errc::io_error)});
  co_return 0;
}

task<> all_words(Host& host) {
  const auto both = co_await gate(after(host, 2s, 1), after(host, 1s, 2));
  std::printf("gate: %d %d\n", get<0>(both), get<1>(both));

  const auto quickest = co_await race(after(host, 2s, 1), after(host, 1s, 2));
  std::printf("race: segment %zu gave %d\n", quickest.segment, quickest.value);

  const auto winner = co_await first(broken(host, 1s), after(host, 2s, 2));
  std::printf("first: segment %zu gave %d\n", winner.segment, winner.value);

  const auto some = co_await any(broken(host, 2s), after(host, 1s, 2));
  std::printf("any: %s, %d\n", get<0>(some) ? "a value" : "nothing", get<1>(some).value());

  const auto latest = co_await last(after(host, 3s, 3), after(host, 1s, 2));
  std::printf("last: %d\n", latest.value);

  const std::vector<flow::Error> errors = co_await none(broken(host, 2s), broken(host, 1s));
  std::printf("none: %zu errors\n", errors.size());

  std::vector<int> items{1, 2, 3};
  const auto tenfold = [&host](int item) { return after(host, 1s, 10 * item); };
  const std::vector<int> mapped = co_await map(std::move(items), flow::AtOnce{2}, tenfold);
  std::printf("map: %d %d %d\n", mapped[0], mapped[1], mapped[2]);
}

}  // namespace

int main() {
  Host host;
  const flow::Running running{all_words(host)};
  host.advance(host.now() + 1min);
  return running.outcome() ? 0 : 1;
}
