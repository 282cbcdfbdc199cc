// The server in one object, on one thread and on two: what is registered holds for every client.

#include "wire.hpp"

#include <parley/net/socket_io.hpp>

#include <gtest/gtest.h>

#include <thread>

namespace parley::net {
namespace {

TEST(SocketIoServer, HasTheHandlersOfEachOfItsThreads) {
  for (const std::size_t threads : {1u, 2u}) {
    SCOPED_TRACE(threads);
    SocketIo server{{.threads = threads}};
    server.each([](socketio::Server& io) {
      io.of("/").on("hello", [](socketio::Event& event) { event.ack("yes"); });
    });
    const auto port = server.listen("127.0.0.1", 0);
    ASSERT_TRUE(port);
    std::thread running{[&] { server.run(); }};
    {
      WebSocketClient first{*port}, second{*port};
      for (auto* client : {&first, &second}) {
        client->send(text_frame("40"));
        EXPECT_TRUE(read_frame(*client).starts_with("40{\"sid\":\""));
        client->send(text_frame(R"(427["hello"])"));
        EXPECT_EQ(read_frame(*client), R"(437["yes"])");
      }
    }
    server.stop();
    running.join();
  }
}

}  // namespace
}  // namespace parley::net
