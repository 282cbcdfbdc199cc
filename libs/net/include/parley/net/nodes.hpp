#pragma once

#include <parley/base/ids.hpp>
#include <parley/net/system_entropy.hpp>
#include <parley/node/node.hpp>

#include <cstddef>
#include <deque>

namespace parley::net {

/// The nodes of a server on several threads, one for each: its shards, numbered from 0.
///
/// A session is one shard's, and every node needs the application's handlers: register the same on
/// each, before the server runs. After that a node belongs to its thread (Server::post), and what
/// the options hold as functions is called on all of them at once.
class Nodes {
 public:
  static constexpr std::size_t count_max = SidGenerator::shards_max;

  /// From 1 to count_max of them, that act as one (socketio::Cluster). `options` are each node's;
  /// sessions_max is divided among them.
  Nodes(const node::Options& options, std::size_t count);

  std::size_t size() const { return shards_.size(); }
  node::Node& operator[](std::size_t shard) { return shards_[shard].node; }

 private:
  struct Shard {
    explicit Shard(const node::Options& options) : node{options, entropy} {}
    SystemEntropy entropy;
    node::Node node;
  };

  std::deque<Shard> shards_;  // where an entry stays at its place
};

}  // namespace parley::net
