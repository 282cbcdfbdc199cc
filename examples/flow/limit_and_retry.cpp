// A time limit stops a step, and until() tries again, so many times, with pauses that grow.
//
// It prints:
//   0 s: attempt 1
//   2 s: given up
//   3 s: attempt 2
//   5 s: given up
//   7 s: attempt 3
//   8 s: attempt 3 gave 42

#include "peer.hpp"

namespace {

// Tells the seconds since the start.
class Log {
 public:
  explicit Log(const Host& host) : host_{host} {}
  void operator()(const std::string& what) const {
    const auto seconds = duration_cast<std::chrono::seconds>(host_.now().time_since_epoch());
    std::printf("%d s: %s\n", static_cast<int>(seconds.count()), what.c_str());
  }

 private:
  const Host& host_;
};

// Slow at first. Its local says when an attempt is stopped before its end.
task<int> ask(Host& host, std::size_t attempt) {
  const Log log{host};
  struct GivenUp {
    ~GivenUp() {
      if (!answered) log("given up");
    }
    const Log& log;
    bool answered = false;
  } state{log};
  log("attempt " + std::to_string(attempt));
  co_await sleep(host, attempt < 3 ? 60s : 1s);
  state.answered = true;
  co_return 42;
}

task<> ask_until_answered(Host& host) {
  const flow::Retry<Host::duration> retry{.attempts = 5, .pause = 1s, .growth = 2};
  const auto step = [&host](const flow::Attempt& attempt) {
    return within(host, 2s, ask(host, attempt.number()));
  };
  const int answer = co_await until(host, retry, step);
  Log{host}("attempt 3 gave " + std::to_string(answer));
}

}  // namespace

int main() {
  Host host;
  const flow::Running asking{ask_until_answered(host)};
  host.advance(host.now() + 1min);
}
