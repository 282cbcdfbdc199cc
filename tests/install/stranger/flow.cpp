#include <parley/flow/flow.hpp>

using namespace parley::flow;

namespace {
task<int> one() { co_return 1; }
task<int> two() { co_return co_await one() + co_await one(); }
}  // namespace

int main() { return Running{two()}.outcome() == Result<int>{2} ? 0 : 1; }
