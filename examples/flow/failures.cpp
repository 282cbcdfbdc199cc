// A failure is a value: it ends the flows that await it, step by step, until one asks for it. An
// exception is the same failure to whoever asks, and is thrown to whoever awaits.
//
// It prints:
//   1 + 2 = 3
//   1 + x: Invalid argument (x)
//   1 + ? = 1
//   caught: no memory for it
//   attempted: no memory for it
//   nobody looked at: Invalid argument (y)

#include <parley/flow/flow.hpp>

#include <cstdio>
#include <stdexcept>
#include <string>

namespace flow = parley::flow;
using flow::task;

namespace {

flow::Result<int> parse(const std::string& text) {
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '9') return text[0] - '0';
  return std::unexpected{flow::Error{std::make_error_code(std::errc::invalid_argument), text}};
}

task<int> number(std::string text) {
  if (text.empty()) throw std::runtime_error{"no memory for it"};
  co_return co_await require(parse(text));  // an error ends this task
}

task<int> sum(std::string a, std::string b) {
  const int first = co_await number(a);  // if this fails, so does the sum, and no more of it runs
  const int second = co_await number(b);
  co_return first + second;
}

task<int> sum_or_first(std::string a, std::string b) {
  const flow::Result<int> second = co_await attempt(number(b));
  co_return co_await number(a) + second.value_or(0);
}

task<> main_flow() {
  std::printf("1 + 2 = %d\n", co_await sum("1", "2"));
  const flow::Result<int> failed = co_await attempt(sum("1", "x"));
  const flow::Error& error = failed.error();
  std::printf("1 + x: %s (%s)\n", error.code.message().c_str(), error.context.c_str());
  std::printf("1 + ? = %d\n", co_await sum_or_first("1", "?"));
  try {
    co_await sum("1", "");
  } catch (const std::runtime_error& exception) {
    std::printf("caught: %s\n", exception.what());
  }
  const flow::Result<int> thrown = co_await attempt(sum("1", ""));
  std::printf("attempted: %s\n", thrown.error().context.c_str());
}

}  // namespace

int main() {
  const flow::OnUnseenError say{[](const flow::Error& error) {
    std::printf("nobody looked at: %s (%s)\n", error.code.message().c_str(), error.context.c_str());
  }};
  const flow::Running all{main_flow()};
  const flow::Running ignored{sum("1", "y")};  // told at its end, when nobody can look any more
}
