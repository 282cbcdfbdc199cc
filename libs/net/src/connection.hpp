#pragma once

#include "deadlines.hpp"
#include "http_encode.hpp"
#include "http_reader.hpp"
#include "transport.hpp"

#include <parley/node/node.hpp>
#include <parley/websocket/receiver.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace parley::net {

enum class HttpStage { idle, header, body, answering };

/// One request after the other. While one is answered, what comes after it waits in `input`.
struct HttpPhase {
  std::string remote_address;
  std::optional<HttpReader> reader = {};  // while a request is being read
  std::string input = {};                 // received, but not taken by the reader
  HttpStage stage = HttpStage::idle;
  // The rest is about the request that is being answered.
  std::optional<node::RequestId> request = {};  // set while the node holds it
  bool upgrading = false;                       // set while the node decides on a WebSocket
  std::string method = {};
  AfterResponse after = AfterResponse::keep_open;
};

struct WebSocketPhase {
  std::unique_ptr<websocket::Receiver> receiver = {};  // while half a message is here
  bool closing = false;   // we have sent a close frame, and the peer has not
  bool deflates = false;  // permessage-deflate was agreed
  bool blocked = false;   // the peer takes less than it is sent, and the node knows
};

/// Everything is said. The peer reads it, and ends the connection; closing at once could destroy
/// what it has not read yet.
struct LingeringPhase {};

/// One entry of the host's table. Most connections are idle WebSockets, so what only the others
/// need stands elsewhere.
struct Connection {
  Connection(ConnectionId own_id, Transport own_transport)
      : id{own_id}, transport{std::move(own_transport)}, deadline{own_id} {}

  ConnectionId id;
  bool gone = false;        // closed; the entry goes at the end of the turn
  bool has_letter = false;  // in the outbox
  Transport transport;
  std::variant<LingeringPhase, std::unique_ptr<HttpPhase>, WebSocketPhase> phase;
  Deadline deadline;  // set through Deadlines only

  HttpPhase* http() {
    const auto* held = std::get_if<std::unique_ptr<HttpPhase>>(&phase);
    return held ? held->get() : nullptr;
  }
  WebSocketPhase* websocket() { return std::get_if<WebSocketPhase>(&phase); }
};

}  // namespace parley::net
