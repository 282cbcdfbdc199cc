// Steps for each event of a source: only the keys that count, at most two at once, and a clean-up
// when it stops.
//
// It prints:
//   a: begins
//   b: begins
//   a: ends
//   c: begins
//   b: ends
//   listening no more
//   c: ends
//   keys: succeeded

#include "peer.hpp"

namespace {

using Keys = flow::Source<char, Host>;

task<> handle(Host& host, char key) {
  std::printf("%c: begins\n", key);
  co_await sleep(host, key == 'a' ? 1s : 2s);
  std::printf("%c: ends\n", key);
}

task<> handle_letters(Host& host, Keys& keys) {
  const auto is_letter = [](char key) { return key >= 'a' && key <= 'z'; };
  const auto step = [&host](char key) { return handle(host, key); };
  return react(filter(keys.listen(), is_letter), flow::AtOnce{2}, step);
}

}  // namespace

int main() {
  Host host;
  Keys keys{host};
  keys.on_stop([] { std::puts("listening no more"); });

  const flow::Running handling{handle_letters(host, keys)};
  for (const char key : {'a', '1', 'b', 'c'}) {
    if (!keys.emit(key)) return 1;
  }
  host.advance(host.now() + 2s);
  keys.stop();  // what came before is still handled
  host.advance(host.now() + 1min);
  print("keys", handling.outcome());
}
