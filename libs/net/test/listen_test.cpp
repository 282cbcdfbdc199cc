// Where the server listens, and what it says when it cannot.

#include "plain_client.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>

namespace parley::net {
namespace {

class Listen : public testing::Test {
 protected:
  SystemEntropy entropy;
  node::Node node{{}, entropy};
  EchoPages pages;
  Server server{node, pages, {}, [](auto, auto) {}};
  Server other{node, pages, {}, [](auto, auto) {}};
};

TEST_F(Listen, PicksAPortThatIsFree) {
  const auto port = server.listen("localhost", 0);
  ASSERT_TRUE(port);
  EXPECT_NE(*port, 0);
}

TEST_F(Listen, SaysThatAPortIsTaken) {
  const auto port = server.listen("127.0.0.1", 0);
  ASSERT_TRUE(port);
  const auto again = other.listen("127.0.0.1", *port);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().fault, ListenFault::port_taken);
}

TEST_F(Listen, SaysThatAPortIsTakenOnOneOfTheAddressesOfAName) {
  const auto port = server.listen("127.0.0.1", 0);
  ASSERT_TRUE(port);
  const auto again = other.listen("localhost", *port);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().fault, ListenFault::port_taken);
}

TEST_F(Listen, SaysThatANameMeansNothing) {
  const auto port = server.listen("no such name.invalid", 0);
  ASSERT_FALSE(port);
  EXPECT_EQ(port.error().fault, ListenFault::unknown_address);
}

TEST_F(Listen, SaysThatAnAddressIsNotOurs) {
  const auto port = server.listen("192.0.2.1", 0);  // reserved for documentation, RFC 5737
  ASSERT_FALSE(port);
  EXPECT_EQ(port.error().fault, ListenFault::failed);
}

TEST(Connections, BeyondTheLimitWaitUntilThereIsRoom) {
  RunningServer server{{.connections_max = 1}};
  PlainClient second{server.port()};
  std::string answer;
  {
    // Which of the two is let in first is the kernel's business; both are answered in the end.
    PlainClient first{server.port()};
    first.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    second.send("GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    second.finish();
    first.finish();
    EXPECT_TRUE(first.read_all().ends_with("GET /a"));
  }
  EXPECT_TRUE(second.read_all().ends_with("GET /b"));
}

}  // namespace
}  // namespace parley::net
