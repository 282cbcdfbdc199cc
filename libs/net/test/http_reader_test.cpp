// Requests from literal bytes, in any pieces: RFC 9112, sections 2 to 7.

#include "http_reader.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley::net {
namespace {

constexpr HttpReader::Limits limits{.header_bytes_max = 256, .body_bytes_max = 16};

// Presents `bytes` piece by piece, as the host does.
Result<HttpRequest, HttpFault> read(const std::string& bytes, std::size_t piece = 10'000) {
  HttpReader reader{limits};
  std::string input;
  for (std::size_t at = 0; at < bytes.size() && !reader.done(); at += piece) {
    input += bytes.substr(at, piece);
    const auto taken = reader.receive(input);
    if (!taken) return std::unexpected{taken.error()};
    input.erase(0, *taken);
  }
  EXPECT_TRUE(reader.done()) << bytes;
  return reader.request();
}

HttpRequest request(std::string method, std::string target, std::vector<HttpField> fields,
                    std::string body = "") {
  return {.method = std::move(method),
          .target = std::move(target),
          .fields = std::move(fields),
          .body = std::move(body),
          .remote_address = ""};
}

TEST(HttpReader, ReadsARequestInWhateverPieces) {
  const std::string bytes =
      "POST /socket.io/?EIO=4 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  const auto expected =
      request("POST", "/socket.io/?EIO=4", {{"Host", "a"}, {"Content-Length", "5"}}, "hello");
  for (const std::size_t piece : {1u, 2u, 7u, 1000u})
    EXPECT_EQ(read(bytes, piece), expected) << piece;
}

TEST(HttpReader, ReadsAChunkedBodyAndDropsItsTrailer) {
  const std::string bytes =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nHost: evil\r\n\r\n";
  const auto expected =
      request("POST", "/", {{"Host", "a"}, {"Transfer-Encoding", "chunked"}}, "hello");
  for (const std::size_t piece : {1u, 5u, 1000u}) EXPECT_EQ(read(bytes, piece), expected) << piece;
}

TEST(HttpReader, LeavesTheNextRequestAlone) {
  HttpReader reader{limits};
  const std::string first = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(reader.receive(first + "GET /b HTTP/1.1\r\n"), first.size());
  EXPECT_TRUE(reader.done());
}

TEST(HttpReader, IgnoresEmptyLinesBeforeARequest) {
  EXPECT_EQ(read("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            request("GET", "/", {{"Host", "a"}}));
}

TEST(HttpReader, ReadsAMethodThatNobodyKnows) {
  EXPECT_EQ(read("BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n"),
            request("BREW", "/pot", {{"Host", "a"}}));
}

TEST(HttpReader, TakesAnAbsoluteTargetForItsPath) {
  EXPECT_EQ(read("GET http://a.example/11?x=1 HTTP/1.1\r\nHost: a\r\n\r\n")->target, "/11?x=1");
  EXPECT_EQ(read("GET http://a.example HTTP/1.1\r\nHost: a\r\n\r\n")->target, "/");
  EXPECT_EQ(read("GET http://a.example?x HTTP/1.1\r\nHost: a\r\n\r\n")->target, "/?x");
  EXPECT_EQ(read("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")->target, "*");
}

TEST(HttpReader, SaysWhetherTheConnectionMayGoOn) {
  const auto keeps_alive = [](const std::string& bytes) {
    HttpReader reader{limits};
    EXPECT_EQ(reader.receive(bytes), bytes.size());
    return reader.keep_alive();
  };
  EXPECT_TRUE(keeps_alive("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(keeps_alive("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps_alive("GET / HTTP/1.0\r\n\r\n"));
}

TEST(HttpReader, SeesThatAClientWaitsBeforeItSendsTheBody) {
  HttpReader reader{limits};
  const std::string header =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n";
  EXPECT_EQ(reader.receive(header), header.size());
  EXPECT_TRUE(reader.expects_continue());
  EXPECT_EQ(reader.receive("hello"), 5u);
  EXPECT_FALSE(reader.expects_continue());
}

TEST(HttpReader, RefusesWhatIsNoHttp) {
  for (const std::string& bytes : {
           std::string{"\x16\x03\x01\x02\x00", 5},  // a TLS handshake, which has no line ends
           std::string{"\x00", 1},
           std::string{"GARBAGE\r\n\r\n"},
           std::string{"GET /\r\n\r\n"},
           std::string{"GET / HTTP/2.0\r\nHost: a\r\n\r\n"},
           std::string{"GET / HTTP/1.1\r\nHost a\r\n\r\n"},
           std::string{"GET / HTTP/1.1\r\nHo st: a\r\n\r\n"},
           std::string{"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"},
           std::string{"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 29},
           std::string{"GET / HTTP/1.1\r\n\r\n"},
           std::string{"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
           std::string{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"},
           std::string{
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"},
           std::string{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                       "Transfer-Encoding: chunked\r\n\r\n"},
           std::string{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"},
       }) {
    HttpReader reader{limits};
    EXPECT_EQ(reader.receive(bytes),
              (Result<std::size_t, HttpFault>{std::unexpect, HttpFault::malformed}))
        << bytes;
  }
}

TEST(HttpReader, RefusesAHeaderThatGrowsTooLong) {
  const auto endless = "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(300, 'x');
  EXPECT_EQ(read(endless).error(), HttpFault::header_too_large);
  EXPECT_EQ(read(endless, 1).error(), HttpFault::header_too_large);
}

TEST(HttpReader, RefusesABodyThatIsTooLargeBeforeItCame) {
  HttpReader reader{limits};
  const auto taken = reader.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\n\r\n");
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error(), HttpFault::body_too_large);
}

TEST(HttpReader, RefusesAChunkedBodyThatGrowsTooLarge) {
  const auto bytes =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "10\r\n0123456789abcdef\r\n1\r\nx\r\n0\r\n\r\n";
  EXPECT_EQ(read(bytes).error(), HttpFault::body_too_large);
  EXPECT_EQ(read(bytes, 1).error(), HttpFault::body_too_large);
}

}  // namespace
}  // namespace parley::net
