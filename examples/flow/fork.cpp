// One flow whose outcome several others await: it runs once and is not consumed.
//
// It prints:
//   fetching
//   left: v=0
//   right: v=0
//   late: v=0

#include "peer.hpp"

namespace {

using Sdp = flow::Fork<std::string, Host>;

task<std::string> fetch(Host& host) {
  std::puts("fetching");
  co_await sleep(host, 1s);
  co_return "v=0";
}

task<> use(Sdp& sdp, const char* who) {
  const std::string& text = co_await sdp;
  std::printf("%s: %s\n", who, text.c_str());
}

}  // namespace

int main() {
  Host host;
  Sdp sdp{host, fetch(host)};
  const flow::Running left{use(sdp, "left")};
  const flow::Running right{use(sdp, "right")};
  host.advance(host.now() + 10s);
  const flow::Running late{use(sdp, "late")};
}
