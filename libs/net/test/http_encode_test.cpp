// The literal bytes of a response's header, by RFC 9112, section 4, and RFC 9110, section 8.6.

#include "http_encode.hpp"

#include <gtest/gtest.h>

namespace parley::net {
namespace {

TEST(EncodeHeader, AddsTheLengthOfTheBody) {
  EXPECT_EQ(
      encode_header({.status = 200, .fields = {{"Content-Type", "text/plain"}}, .body = "hello"},
                    AfterResponse::keep_open),
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
}

TEST(EncodeHeader, SaysWhenTheConnectionEnds) {
  EXPECT_EQ(encode_header({.status = 404, .fields = {}, .body = {}}, AfterResponse::close),
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

TEST(EncodeHeader, DoesNotRepeatAConnectionThatIsSaidAlready) {
  EXPECT_EQ(encode_header({.status = 400, .fields = {{"connection", "close"}}, .body = {}},
                          AfterResponse::close),
            "HTTP/1.1 400 Bad Request\r\nconnection: close\r\nContent-Length: 0\r\n\r\n");
}

TEST(EncodeHeader, LeavesTheLengthOutWhereThereIsNoBody) {
  EXPECT_EQ(encode_header({.status = 304, .fields = {}, .body = {}}, AfterResponse::keep_open),
            "HTTP/1.1 304 Not Modified\r\n\r\n");
  EXPECT_EQ(encode_header({.status = 204, .fields = {}, .body = {}}, AfterResponse::keep_open),
            "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(encode_header({.status = 101, .fields = {{"Connection", "Upgrade"}}, .body = {}},
                          AfterResponse::keep_open),
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n");
}

}  // namespace
}  // namespace parley::net
