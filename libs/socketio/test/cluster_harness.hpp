#pragma once

#include "harness.hpp"

#include <parley/socketio/cluster_message.hpp>

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace parley::socketio {

// Socket ids that no other server makes.
struct OneByte : Entropy {
  explicit OneByte(std::size_t number) : value{static_cast<std::byte>(number)} {}
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, value); }
  std::byte value;
};

// One of the servers, and its host. Ann is the first connection of each, Bob the second.
struct ClusterNode {
  ClusterNode(Options options, std::size_t number)
      : entropy{number}, server{options, entropy, arena} {
    server.of("/").on_connection([this](Socket socket) { last = socket; });
  }

  Socket enter(ConnectionId id, std::string_view frame = "40") {
    server.opened(id, {"GET", "/socket.io/?EIO=4", {}, {}, {}}, now);
    receive(frame, id);
    (void)frames(id);
    return *last;
  }
  void receive(std::string_view frame, ConnectionId id = ann) {
    server.received(id, MessageKind::text, frame.substr(1), now);
    take();
  }

  /// What was sent to `id` since the last call.
  Frames frames(ConnectionId id = ann) {
    take();
    return std::exchange(sent[id], {});
  }

  void take() {
    while (auto output = server.poll()) {
      if (const auto* send = std::get_if<Send>(&*output)) {
        flags.push_back(send->flags);
        sent[send->connection].push_back((send->kind == MessageKind::text ? "4" : "b:") +
                                         std::string{send->data.view()});
      } else if (const auto* close = std::get_if<Close>(&*output)) {
        sent[close->connection].push_back("close");
      } else if (auto* publish = std::get_if<Publish>(&*output)) {
        published.push_back(std::move(*publish));
      }
    }
  }

  OneByte entropy;
  Arena arena;
  Server server;
  Time now = start;
  std::optional<Socket> last;
  std::map<ConnectionId, Frames> sent;
  std::vector<Flags> flags;
  std::vector<Publish> published;
};

// Servers that hear each other whenever a test says so.
template <std::size_t count>
struct Servers {
  explicit Servers(Options options = {}) {
    if (!options.cluster) options.cluster.emplace();
    for (std::size_t at = 0; at < count; ++at) {
      options.cluster->others.clear();
      for (std::size_t other = 0; other < count; ++other)
        if (other != at) options.cluster->others.push_back(NodeId{other});
      nodes[at] = std::make_unique<ClusterNode>(options, at);
    }
  }

  ClusterNode& operator[](std::size_t at) { return *nodes[at]; }
  Namespace& main(std::size_t at) { return nodes[at]->server.of("/"); }

  /// Carries what was published, and what that causes, until nobody says anything any more.
  void carry() {
    for (bool is_silent = false; !is_silent;) {
      is_silent = true;
      for (std::size_t from = 0; from < count; ++from) {
        nodes[from]->take();
        for (const auto& publish : std::exchange(nodes[from]->published, {})) {
          is_silent = false;
          for (std::size_t to = 0; to < count; ++to) hear(from, to, publish);
        }
      }
    }
  }
  void hear(std::size_t from, std::size_t to, const Publish& publish) {
    if (to == from || deaf.contains(to) || (publish.to && *publish.to != NodeId{to})) return;
    nodes[to]->server.heard(NodeId{from}, *publish.message, nodes[to]->now);
    ++messages;
  }

  void pass(Duration duration) {
    for (auto& node : nodes) {
      node->now += duration;
      node->server.advance(node->now);
    }
    carry();
  }

  std::array<std::unique_ptr<ClusterNode>, count> nodes;
  std::set<std::size_t> deaf;  // that hear nothing
  std::size_t messages = 0;
};

}  // namespace parley::socketio
