// A gate that fails says which segment it was, and stops the others before it does.
//
// It prints:
//   camera: begins
//   line: begins
//   camera: is gone
//   segment 1 failed: Connection reset by peer (the line)

#include "peer.hpp"

namespace {

// Says when the locals of a flow are destroyed.
struct Leaving {
  explicit Leaving(const char* whose) : name{whose} {}
  Leaving(const Leaving&) = delete;
  Leaving& operator=(const Leaving&) = delete;
  ~Leaving() { std::printf("%s: is gone\n", name); }

  const char* name;
};

task<> camera(Host& host) {
  std::puts("camera: begins");
  const Leaving leaving{"camera"};
  co_await sleep(host, 10s);
}

task<> line(Host& host) {
  std::puts("line: begins");
  co_await sleep(host, 3s);
  co_await fail(flow::Error{std::make_error_code(std::errc::connection_reset), "the line"});
}

}  // namespace

int main() {
  Host host;
  const flow::Running both{gate(camera(host), line(host))};
  host.advance(host.now() + 5s);
  const flow::Error& error = both.outcome()->error();
  std::printf("segment %zu failed: %s (%s)\n", error.segment.value(), error.code.message().c_str(),
              error.context.c_str());
}
