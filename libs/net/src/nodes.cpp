#include <parley/net/nodes.hpp>

#include <parley/base/check.hpp>

namespace parley::net {

namespace {

node::Options options_of(unsigned shard, std::size_t count, node::Options options) {
  if (count == 1) return options;
  options.engineio.shard = shard;
  if (!options.socketio.cluster) options.socketio.cluster.emplace();
  auto& others = options.socketio.cluster->others;
  others.clear();
  for (unsigned other = 0; other < count; ++other) {
    if (other != shard) others.push_back(socketio::NodeId{other});
  }
  auto& sessions_max = options.engineio.sessions_max;
  sessions_max = sessions_max / count + (sessions_max % count > 0 ? 1 : 0);
  return options;
}

}  // namespace

Nodes::Nodes(const node::Options& options, std::size_t count) {
  PARLEY_CHECK(count >= 1 && count <= count_max);
  for (unsigned shard = 0; shard < count; ++shard)
    shards_.emplace_back(options_of(shard, count, options));
}

}  // namespace parley::net
