// A producer and a consumer meet in a channel with room for two: who is too quick waits.
//
// It prints:
//   put 1
//   put 2
//   took 1
//   put 3
//   took 2
//   put 4
//   took 3
//   took 4
//   no more

#include "peer.hpp"

namespace {

using Numbers = flow::Channel<int, Host>;

task<> produce(Numbers& numbers) {
  for (int number = 1; number <= 4; ++number) {
    co_await numbers.put(number);
    std::printf("put %d\n", number);
  }
  numbers.close();
}

task<> consume(Host& host, Numbers& numbers) {
  for (;;) {
    co_await sleep(host, 1s);
    const std::optional<int> number = co_await numbers.take();
    if (!number) break;
    std::printf("took %d\n", *number);
  }
  std::puts("no more");
}

}  // namespace

int main() {
  Host host;
  Numbers numbers{host, 2};
  const flow::Running both{gate(produce(numbers), consume(host, numbers))};
  host.advance(host.now() + 1min);
}
