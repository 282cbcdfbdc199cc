#include <parley/flow_asio/flow_asio.hpp>

#include <boost/asio/io_context.hpp>

using namespace parley::flow;

namespace {
task<int> one() { co_return 1; }
}  // namespace

int main() {
  boost::asio::io_context io;
  AsioScheduler scheduler{io};
  int given = 0;
  async_run(scheduler, one(), [&](boost::system::error_code, int value) { given = value; });
  io.run();
  return given == 1 ? 0 : 1;
}
