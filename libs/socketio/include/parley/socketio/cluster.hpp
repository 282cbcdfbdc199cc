#pragma once

#include <parley/base/time.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace parley::socketio {

/// One of several servers that act as one. Numbered by their host.
enum class NodeId : std::uint64_t {};

namespace cluster {
/// Ties answers to what was asked. Chosen by who asks.
enum class RequestId : std::uint64_t {};
using BroadcastNumber = std::uint64_t;
}  // namespace cluster

/// The servers with which one acts as one (Socket.IO, "Adapter"). All are set up alike: the same
/// namespaces, and the dynamic ones in the same order.
struct Cluster {
  std::vector<NodeId> others;       // without itself
  Duration request_timeout{5'000};  // for what they are asked; the field's requestsTimeout
};

struct ClusterMessage;  // cluster_message.hpp

/// An output: what one server has to say to the others. The host carries it, in order from each to
/// each, to Server::heard(). What one server never gets costs the others a time limit at most.
struct Publish {
  std::optional<NodeId> to;                       // all others if none
  std::shared_ptr<const ClusterMessage> message;  // its owners are all who have not heard it yet
  bool operator==(const Publish&) const = default;
};

}  // namespace parley::socketio
