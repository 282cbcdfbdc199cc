#pragma once

// What the call flows of the examples need and do not have: a host, and a peer that only pretends.
// Each operation of the peer takes some time of the host's clock and says when it begins and ends.

#include <parley/flow/flow.hpp>

#include <chrono>
#include <cstdio>
#include <string>

namespace flow = parley::flow;
using flow::task;
using namespace std::chrono_literals;

// The clock gives the types only: time passes when main() says so.
using Host = flow::ManualScheduler<std::chrono::steady_clock>;

class Peer {
 public:
  explicit Peer(Host& host) : host_{host} {}

  task<> get_media_stream() { return operation("media stream", 2s); }
  task<> send_offer() { return operation("offer", 1s); }
  task<> send_answer() { return operation("answer", 1s); }
  task<std::string> get_remote_sdp() {
    co_await operation("remote SDP", 5s);
    co_return "v=0";
  }

 private:
  task<> operation(const char* name, Host::duration duration) {
    std::printf("%s: begins\n", name);
    co_await sleep(host_, duration);
    std::printf("%s: done\n", name);
  }

  Host& host_;
};

// How a flow ended, in words.
template <class T>
void print(const char* who, const std::optional<flow::Result<T>>& outcome) {
  if (!outcome) {
    std::printf("%s: still runs\n", who);
  } else if (*outcome) {
    std::printf("%s: succeeded\n", who);
  } else {
    std::printf("%s: failed, %s\n", who, outcome->error().code.message().c_str());
  }
}
