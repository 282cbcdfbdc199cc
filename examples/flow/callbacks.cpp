// Callbacks in and out: a function that takes a callback becomes a step, and the outcome of a flow
// goes to a callback.
//
// It prints:
//   resolve parley.example
//   connect to 192.0.2.1
//   the callback got: connected to 192.0.2.1
//   resolve nowhere.example
//   the callback got: No such file or directory

#include "peer.hpp"

#include <functional>
#include <utility>

namespace {

// An interface as libraries in C and in Node have it: the callback last, with the error first.
using Resolved = std::function<void(std::error_code, std::string)>;
std::pair<std::string, Resolved> question;  // which only main() answers

void resolve(const std::string& name, Resolved callback) {
  std::printf("resolve %s\n", name.c_str());
  question = {name, std::move(callback)};
}

// One without a pattern: the step hands out its Done, which completes it, now or later.
task<std::string> connect(Host& host, std::string address) {
  return flow::callback<std::string>(
      host, [address = std::move(address)](const flow::Done<std::string>& done) {
        std::printf("connect to %s\n", address.c_str());
        done("connected to " + address);
      });
}

task<std::string> open(Host& host, std::string name) {
  const auto resolve_step = flow::wrap<std::string>(host, resolve);
  const std::string address = co_await resolve_step(name);
  co_return co_await connect(host, address);
}

void show(std::error_code error, const std::string& text) {
  std::printf("the callback got: %s\n", error ? error.message().c_str() : text.c_str());
}

}  // namespace

int main() {
  Host host;
  flow::Scope<Host> scope{host};

  scope.spawn(open(host, "parley.example"), show);
  std::exchange(question, {}).second({}, "192.0.2.1");
  host.run();  // the flow goes on here, not inside the callback

  scope.spawn(open(host, "nowhere.example"), show);
  std::exchange(question, {}).second(make_error_code(std::errc::no_such_file_or_directory), "");
  host.run();
}
