// A sequence that is driven from outside, one step for each call, without a scheduler.
//
// It prints:
//   name?
//   age?
//   Ada is 36.
//   over
//   name?
//   stopped: Operation canceled

#include <parley/flow/flow.hpp>

#include <cstdio>
#include <string>

namespace flow = parley::flow;

namespace {

using Dialog = flow::Iterable<std::string, std::string>;

Dialog ask() {
  co_await flow::first_input;  // whoever drives it begins with nothing to say
  const std::string name = co_yield "name?";
  const std::string age = co_yield "age?";
  co_yield name + " is " + age + ".";
}

void say(Dialog& dialog, const char* input) {
  const auto output = dialog.next(input);
  if (!output) {
    std::printf("stopped: %s\n", output.error().code.message().c_str());
  } else {
    std::puts(*output ? (*output)->c_str() : "over");
  }
}

}  // namespace

int main() {
  Dialog dialog = ask();
  for (const char* input : {"", "Ada", "36", ""}) say(dialog, input);

  Dialog refused = ask();
  say(refused, "");
  refused.raise(flow::Error{std::make_error_code(std::errc::operation_canceled)});
  say(refused, "Ada");
}
