// Flows over real sockets of the loopback address: an echo, and a cancellation at every point of
// it. Tested against the comments of step() and AsioScheduler.

#include "held_operation.hpp"

#include <gtest/gtest.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <memory>
#include <string_view>

namespace parley::flow {
namespace {

using asio::ip::tcp;

// One end of a connection and what its operations refer to. It outlives the flows.
struct End {
  explicit End(asio::io_context& io) : socket{io} {}

  tcp::socket socket;
  std::array<char, 5> buffer{};
};

struct AsioSocketTest : testing::Test {
  asio::io_context io;
  IoScheduler scheduler{io};
  tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
  End server{io};
  End client{io};

  task<> echo() {
    co_await step(scheduler, acceptor.async_accept(server.socket, asio::deferred));
    for (;;) {
      const auto [error, size] =
          co_await step(scheduler, server.socket.async_read_some(asio::buffer(server.buffer),
                                                                 asio::as_tuple(asio::deferred)));
      if (error == asio::error::eof) co_return;
      co_await require(error ? Result<>{std::unexpected{Error{error}}} : Result<>{});
      co_await step(scheduler, asio::async_write(server.socket, asio::buffer(server.buffer, size),
                                                 asio::deferred));
    }
  }
  task<std::string> ask(std::string_view question) {
    co_await step(scheduler,
                  client.socket.async_connect(acceptor.local_endpoint(), asio::deferred));
    co_await step(scheduler,
                  asio::async_write(client.socket, asio::buffer(question), asio::deferred));
    co_await step(scheduler,
                  asio::async_read(client.socket, asio::buffer(client.buffer), asio::deferred));
    client.socket.close();
    co_return std::string{client.buffer.data(), client.buffer.size()};
  }
  task<std::string> echo_and_ask() {
    auto [nothing, answer] = co_await gate(echo(), ask("hello"));
    co_return answer;
  }
  task<std::size_t> read() {
    co_return co_await step(
        scheduler, server.socket.async_read_some(asio::buffer(server.buffer), asio::deferred));
  }
  void connect() {
    client.socket.connect(acceptor.local_endpoint());
    acceptor.accept(server.socket);
  }
};

TEST_F(AsioSocketTest, AnEchoIsTwoFlows) {
  const Running flow{echo_and_ask()};
  io.run();
  EXPECT_EQ(flow.outcome(), Result<std::string>{"hello"});
}

TEST_F(AsioSocketTest, TheEndOfTheStreamIsAFailure) {
  connect();
  const Running flow{read()};
  client.socket.close();
  io.run();
  ASSERT_TRUE(flow.outcome());
  EXPECT_EQ(flow.outcome()->error(), Error{boost::system::error_code{asio::error::eof}});
}

TEST_F(AsioSocketTest, ATimeLimitStopsAReadAndTheSocketGoesOn) {
  connect();
  const auto read_late = [](AsioSocketTest& test) -> task<std::size_t> {
    const auto nothing = co_await attempt(within(test.scheduler, 1ms, test.read()));
    EXPECT_FALSE(nothing);
    co_await test.scheduler.cleaned_up();
    EXPECT_EQ(test.scheduler.abandoned(), 0u);
    test.client.socket.send(asio::buffer("late", 4));
    co_return co_await test.read();
  };
  const Running flow{read_late(*this)};
  io.run();
  EXPECT_EQ(flow.outcome(), Result<std::size_t>{4u});
}

TEST_F(AsioSocketTest, ItCanBeCancelledAtEveryPoint) {
  bool complete = false;
  int points = 0;
  for (; !complete; ++points) {
    server.socket = tcp::socket{io};
    client.socket = tcp::socket{io};
    acceptor = tcp::acceptor{io, {asio::ip::address_v4::loopback(), 0}};
    {
      const Running flow{echo_and_ask()};
      for (int turn = 0; turn < points && !flow.outcome(); ++turn) io.run_one();
      complete = flow.outcome().has_value();
    }
    io.run();
    io.restart();
    EXPECT_EQ(scheduler.abandoned(), 0u);
  }
  EXPECT_GT(points, 8);
}

}  // namespace
}  // namespace parley::flow
