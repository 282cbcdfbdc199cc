// An echo over a real socket: the server and the client are two segments of one gate. Sockets and
// buffers belong to main(), so they outlive an operation that a cancelled flow has left behind.
//
// It prints:
//   the client got: hello
//   the server: the client has gone

#include <parley/flow/flow.hpp>
#include <parley/flow_asio/flow_asio.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <cstdio>

namespace asio = boost::asio;
namespace flow = parley::flow;
using asio::ip::tcp;
using flow::task;
using namespace std::chrono_literals;

namespace {

using Scheduler = flow::AsioScheduler<asio::io_context::executor_type>;

struct End {
  explicit End(asio::io_context& io) : socket{io} {}

  tcp::socket socket;
  std::array<char, 5> buffer{};
};

task<> echo(Scheduler& scheduler, End& end) {
  for (;;) {
    const std::size_t size = co_await step(
        scheduler, end.socket.async_read_some(asio::buffer(end.buffer), asio::deferred));
    co_await step(scheduler,
                  asio::async_write(end.socket, asio::buffer(end.buffer, size), asio::deferred));
  }
}

task<> serve(Scheduler& scheduler, tcp::acceptor& acceptor, End& end) {
  co_await step(scheduler, acceptor.async_accept(end.socket, asio::deferred));
  const flow::Result<> ended = co_await attempt(echo(scheduler, end));
  const std::error_code end_of_stream = make_error_code(asio::error::eof);
  if (ended.error().code == end_of_stream) std::puts("the server: the client has gone");
}

task<> ask(Scheduler& scheduler, tcp::endpoint server, End& end) {
  co_await step(scheduler, end.socket.async_connect(server, asio::deferred));
  co_await step(scheduler, asio::async_write(end.socket, asio::buffer("hello", 5), asio::deferred));
  co_await step(scheduler, asio::async_read(end.socket, asio::buffer(end.buffer), asio::deferred));
  std::printf("the client got: %.5s\n", end.buffer.data());
  end.socket.close();
}

}  // namespace

int main() {
  asio::io_context io;
  Scheduler scheduler{io};
  tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
  End server{io};
  End client{io};

  auto both =
      gate(serve(scheduler, acceptor, server), ask(scheduler, acceptor.local_endpoint(), client));
  const flow::Running running{within(scheduler, 10s, std::move(both))};
  io.run();
  return running.outcome() && *running.outcome() ? 0 : 1;
}
