// Where a server is, as the client's documentation writes it:
// io("http://host:port/namespace?query").

#include <parley/client/url.hpp>

#include <gtest/gtest.h>

namespace parley::client {
namespace {

TEST(ClientUrl, NamesHostPortNamespaceAndQuery) {
  EXPECT_EQ(*parse_url("http://localhost:3000"), (Url{.host = "localhost", .port = 3000}));
  EXPECT_EQ(*parse_url("ws://a.example/chat?token=a%20b&x="),
            (Url{.host = "a.example",
                 .port = 80,
                 .name_space = "/chat",
                 .query = {{"token", "a b"}, {"x", ""}}}));
  EXPECT_EQ(*parse_url("HTTP://127.0.0.1:8080?a=1"),
            (Url{.host = "127.0.0.1", .port = 8080, .query = {{"a", "1"}}}));
  EXPECT_EQ(*parse_url("http://[::1]:5/"), (Url{.host = "::1", .port = 5}));
}

TEST(ClientUrl, IsWrittenIntoTheHostField) {
  EXPECT_EQ((Url{.host = "localhost", .port = 3000}).authority(), "localhost:3000");
  EXPECT_EQ((Url{.host = "a.example"}).authority(), "a.example");
  EXPECT_EQ((Url{.host = "::1", .port = 5}).authority(), "[::1]:5");
}

TEST(ClientUrl, IsRefusedIfItIsNone) {
  for (const auto* text :
       {"", "localhost", "localhost:3000", "https://a", "ftp://a", "http:/a", "http"})
    EXPECT_EQ(parse_url(text).error(), UrlFault::scheme) << text;
  for (const auto* text : {"http://", "http:///a", "http://:80", "http://[::1", "http://a b",
                           "http://a\r\nX: y", "http://u@a", "http://[]"})
    EXPECT_EQ(parse_url(text).error(), UrlFault::host) << text;
  for (const auto* text :
       {"http://a:", "http://a:0", "http://a:65536", "http://a:1x", "http://[::1]5"})
    EXPECT_EQ(parse_url(text).error(), UrlFault::port) << text;
}

}  // namespace
}  // namespace parley::client
