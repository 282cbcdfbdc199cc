// What the nodes of a server on several threads are told of it.

#include <parley/net/nodes.hpp>

#include <gtest/gtest.h>

namespace parley::net {
namespace {

using namespace std::string_literals;

HttpRequest handshake() {
  return {.method = "GET",
          .target = "/socket.io/?EIO=4&transport=polling",
          .fields = {},
          .body = {},
          .remote_address = {}};
}

unsigned status_of_handshake(node::Node& node, std::uint64_t id) {
  unsigned status = 0;
  node.request(node::RequestId{id}, handshake(), Time{});
  while (const auto output = node.poll()) {
    if (const auto* respond = std::get_if<node::Respond>(&*output))
      status = respond->response.status;
  }
  return status;
}

TEST(Nodes, HaveAShardEachIfThereAreSeveral) {
  auto session = handshake();
  session.target += "&sid=AAAAAAAAAAAAAAAABAAA";
  Nodes one{{}, 1};
  EXPECT_EQ(one[0].shard_of(session), std::nullopt);
  Nodes two{{}, 2};
  EXPECT_EQ(two[0].shard_of(session), 1u);
  EXPECT_EQ(two[1].shard_of(session), 1u);
}

TEST(Nodes, ShareTheLimitOfSessions) {
  Nodes nodes{{.engineio = {.sessions_max = 3}, .socketio = {}}, 2};
  for (std::size_t shard = 0; shard < 2; ++shard) {
    EXPECT_EQ(status_of_handshake(nodes[shard], 1), 200u);
    EXPECT_EQ(status_of_handshake(nodes[shard], 2), 200u);
    EXPECT_EQ(status_of_handshake(nodes[shard], 3), 503u);
  }
}

}  // namespace
}  // namespace parley::net
