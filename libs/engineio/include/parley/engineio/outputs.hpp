#pragma once

#include <parley/base/arena.hpp>
#include <parley/base/http.hpp>
#include <parley/base/message.hpp>
#include <parley/base/queue.hpp>
#include <parley/engineio/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace parley::engineio {

/// One HTTP request that waits for its response; the shell numbers them, and reuses none.
enum class RequestId : std::uint64_t {};
/// One TCP connection that asked to become a WebSocket; the shell numbers them, and reuses none.
enum class WebSocketId : std::uint64_t {};
/// One session; numbered by the server, never reused. Unlike the sid it is no secret.
enum class SessionId : std::uint64_t {};

enum class CloseReason {
  transport_close,
  transport_error,
  parse_error,
  ping_timeout,
  forced_close
};

/// The reason as the field's applications know it: "transport close", "ping timeout" ...
std::string_view text(CloseReason reason);

// Outputs for the shell.
struct Respond {
  RequestId request;
  HttpResponse response;
  bool operator==(const Respond&) const = default;
};
struct AcceptUpgrade {
  WebSocketId socket;
  HttpResponse response;  // the 101
  bool deflates = false;  // it agrees on permessage-deflate
  bool operator==(const AcceptUpgrade&) const = default;
};
struct RefuseUpgrade {
  WebSocketId socket;
  HttpResponse response;  // to be followed by closing the TCP connection
  bool operator==(const RefuseUpgrade&) const = default;
};
struct SendFrame {
  WebSocketId socket;
  MessageKind kind;
  Payload payload;
  bool compress = false;  // worth it, if permessage-deflate was agreed
  bool operator==(const SendFrame&) const = default;
};
/// A close frame with an empty payload, then the end of the TCP connection. The last word on a
/// socket.
struct CloseWebSocket {
  WebSocketId socket;
  bool operator==(const CloseWebSocket&) const = default;
};

// Outputs for whoever speaks above Engine.IO.
struct Opened {
  SessionId session;
  HttpRequest handshake;  // the request that opened it, without a body
  Revision revision = Revision::v4;
  std::string_view sid = {};  // of revision 3, whose clients know it; holds until the next input
  bool operator==(const Opened&) const = default;
};
struct Received {
  SessionId session;
  MessageKind kind;
  std::string_view data;  // UTF-8 if text; holds until the next input
  bool operator==(const Received&) const = default;
};
struct Closed {
  SessionId session;
  CloseReason reason;
  std::string_view detail = {};  // which limit was reached, if one was; a literal
  bool operator==(const Closed&) const = default;
};
/// A handshake or request was refused: what the field calls `connection_error`. For the log.
struct Refused {
  unsigned code;        // of the error table
  std::string message;  // as the client sees it
  std::string remote_address;
  std::string foreign_origin = {};  // of the page that may not use the server, if that is why
  bool operator==(const Refused&) const = default;
};

using Output = std::variant<Respond, AcceptUpgrade, RefuseUpgrade, SendFrame, CloseWebSocket,
                            Opened, Received, Closed, Refused>;

/// What the sessions of one server have to say, in order, and the memory of what they say. One for
/// all of them, so that an idle session holds no queue.
struct Outputs : Queue<Output> {
  explicit Outputs(Arena& memory) : arena{memory} {}
  Arena& arena;
};

}  // namespace parley::engineio
