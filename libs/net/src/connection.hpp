#pragma once

#include "deadlines.hpp"
#include "http_encode.hpp"
#include "http_reader.hpp"
#include "transport.hpp"

#include <parley/node/node.hpp>
#include <parley/websocket/receiver.hpp>

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace parley::net {

enum class HttpStage { idle, header, body, answering };

/// One request after the other. While one is answered, what comes after it waits in `input`.
struct HttpPhase {
  HttpReader reader;
  std::string input = {};  // received, but not taken by the reader
  HttpStage stage = HttpStage::idle;
  // The rest is about the request that is being answered.
  std::optional<node::RequestId> request = {};  // set while the node holds it
  bool upgrading = false;                       // set while the node decides on a WebSocket
  std::string method = {};
  AfterResponse after = AfterResponse::keep_open;
};

struct WebSocketPhase {
  websocket::Receiver receiver;
  bool closing = false;  // we have sent a close frame, and the peer has not
};

/// Everything is said. The peer reads it, and ends the connection; closing at once could destroy
/// what it has not read yet.
struct LingeringPhase {};

/// One entry of the host's table.
struct Connection {
  ConnectionId id;
  Transport transport;
  std::variant<HttpPhase, WebSocketPhase, LingeringPhase> phase;
  std::optional<Time> deadline = {};  // set through Deadlines only
  bool reading = false;               // a wait for something to read is under way
  bool writing = false;               // a wait for room to write is under way
  bool gone = false;                  // closed; the entry goes at the end of the turn

  HttpPhase* http() { return std::get_if<HttpPhase>(&phase); }
  WebSocketPhase* websocket() { return std::get_if<WebSocketPhase>(&phase); }
};

}  // namespace parley::net
