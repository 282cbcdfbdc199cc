// Responses to polls as gzip or deflate, against Engine.IO's option `httpCompression` and RFC 9110,
// sections 8.4.1 and 12.5.3.

#include "host.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <string_view>

namespace parley::engineio {
namespace {

constexpr RequestId poll{2};
const std::string large(1'023, 'x');  // 1,024 bytes with its type

// What is in a body of either coding.
std::string unpacked(std::string_view bytes) {
  constexpr int either_frame = 15 + 32;
  std::string out(100'000, ' ');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, either_frame), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

// The response to a poll of a client that accepts those codings.
HttpResponse polled(Host& host, std::string accepted) {
  const auto said =
      host.request(poll, get(session_polling, {{"Accept-Encoding", std::move(accepted)}}));
  return std::get<Respond>(said.back()).response;
}

HttpResponse response_to(std::string_view data, std::string accepted, const Options& options = {}) {
  Host host{options};
  host.open_polling();
  host.send(data);
  return polled(host, std::move(accepted));
}

TEST(EngineioCompression, PacksWhatALargePollBrings) {
  const auto response = response_to(large, "gzip, deflate, br");
  EXPECT_EQ(response.fields.back(), (HttpField{"Content-Encoding", "gzip"}));
  EXPECT_LT(response.body.size(), 100U);
  EXPECT_TRUE(response.body.starts_with("\x1f\x8b"));
  EXPECT_EQ(unpacked(response.body), "4" + large);
}

TEST(EngineioCompression, UsesTheCodingThatTheClientLikesBest) {
  const auto response = response_to(large, "gzip;q=0.5, deflate;q=0.8");
  EXPECT_EQ(response.fields.back(), (HttpField{"Content-Encoding", "deflate"}));
  EXPECT_TRUE(response.body.starts_with("\x78"));
  EXPECT_EQ(unpacked(response.body), "4" + large);
}

TEST(EngineioCompression, IsNotForClientsThatDoNotTakeIt) {
  for (const auto* accepted : {"", "br", "identity", "gzip;q=0"})
    EXPECT_EQ(response_to(large, accepted).body, "4" + large) << accepted;
}

TEST(EngineioCompression, IsNotForWhatIsSmallerThanTheThreshold) {
  EXPECT_EQ(response_to(large.substr(1), "gzip").body, "4" + large.substr(1));
  EXPECT_NE(response_to("abc", "gzip", {.http_compression = HttpCompression{4}}).body, "4abc");
}

TEST(EngineioCompression, CanBeTurnedOff) {
  EXPECT_EQ(response_to(large, "gzip", {.http_compression = std::nullopt}).body, "4" + large);
}

TEST(EngineioCompression, IsNotForWhatIsNotWorthIt) {
  Host host;
  host.open_polling();
  host.server().send(session, MessageKind::text, shown(large), Time{}, {.compress = false});
  EXPECT_EQ(polled(host, "gzip").body, "4" + large);
  host.server().send(session, MessageKind::text, shown(large), Time{}, {.compress = false});
  host.send("worth it");
  EXPECT_EQ(unpacked(polled(host, "gzip").body), "4" + large + "\x1e" + "4worth it");
}

}  // namespace
}  // namespace parley::engineio
