// Responses from a stream, against RFC 9112, sections 6 and 7: however they are split, and to their
// limits.

#include "response_reader.hpp"

#include <gtest/gtest.h>

namespace parley::client {
namespace {

constexpr ResponseLimits limits{.header_bytes_max = 200, .body_bytes_max = 10};

TEST(ClientResponse, IsReadHoweverItIsSplit) {
  const std::string_view wire =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: timeout=5\r\n\r\nokHTTP";
  for (std::size_t at = 0; at <= wire.size(); ++at) {
    ResponseReader reader{limits};
    ASSERT_TRUE(reader.receive(wire.substr(0, at))) << at;
    if (!reader.done()) {
      ASSERT_TRUE(reader.receive(wire.substr(at))) << at;
    }
    EXPECT_TRUE(reader.done());
    EXPECT_EQ(reader.status(), 200);
    EXPECT_EQ(reader.body(), "ok");
    EXPECT_EQ(reader.field("keep-alive"), "timeout=5");
    EXPECT_TRUE(reader.keep_alive());
  }
}

TEST(ClientResponse, MayComeInChunks) {
  ResponseReader reader{limits};
  ASSERT_TRUE(
      reader.receive("HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"));
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.status(), 400);
  EXPECT_EQ(reader.body(), "abc");
}

TEST(ClientResponse, MayEndWithItsConnection) {
  ResponseReader reader{limits};
  ASSERT_TRUE(reader.receive("HTTP/1.1 200 OK\r\n\r\nab"));
  EXPECT_FALSE(reader.done());
  reader.end();
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.body(), "ab");
  EXPECT_FALSE(reader.keep_alive());
}

TEST(ClientResponse, IsNotWholeWithoutItsRest) {
  ResponseReader reader{limits};
  ASSERT_TRUE(reader.receive("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"));
  reader.end();
  EXPECT_FALSE(reader.done());
  ResponseReader nothing{limits};
  nothing.end();
  EXPECT_FALSE(nothing.done());
}

TEST(ClientResponse, LeavesWhatComesAfterAnUpgrade) {
  ResponseReader reader{limits};
  ASSERT_TRUE(reader.receive("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81"));
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.rest(), "\x81");
}

TEST(ClientResponse, HasItsLimits) {
  ResponseReader header{limits};
  EXPECT_EQ(header.receive("HTTP/1.1 200 OK\r\nA: " + std::string(300, 'a')).error(),
            ResponseFault::header_too_large);
  ResponseReader body{limits};
  EXPECT_EQ(body.receive("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n").error(),
            ResponseFault::body_too_large);
  ResponseReader chunks{limits};
  EXPECT_EQ(chunks
                .receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "b\r\nabcdefghijk\r\n0\r\n\r\n")
                .error(),
            ResponseFault::body_too_large);
}

TEST(ClientResponse, IsRefusedIfItIsNone) {
  for (const auto* wire : {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nContent-Length: a\r\n\r\n"}) {
    ResponseReader reader{limits};
    EXPECT_EQ(reader.receive(wire).error(), ResponseFault::malformed) << wire;
  }
}

}  // namespace
}  // namespace parley::client
