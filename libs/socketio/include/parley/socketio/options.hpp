#pragma once

#include <parley/base/time.hpp>
#include <parley/socketio/cluster.hpp>
#include <parley/socketio/parser.hpp>

#include <cstddef>
#include <optional>

namespace parley::socketio {

/// Clients that come back soon enough are as they were, and get what they missed (Socket.IO,
/// "Connection state recovery"). What is kept is bounded: whoever would need what is not kept any
/// more begins anew, and nobody else notices.
struct ConnectionStateRecovery {
  Duration max_disconnection_duration{120'000};
  bool skip_middlewares = true;  // for a client that is recovered; its auth is then what it was

  // Ours, each for one namespace.
  std::size_t events_max = 10'000;
  std::size_t event_bytes_max = 16'000'000;
  Duration event_age_max{165'000};    // and 45 s during which a dead connection is not noticed
  std::size_t sessions_max = 10'000;  // of clients that are away
  std::size_t session_bytes_max = 16'000'000;  // of their auth and rooms, data not counted
  std::size_t searches_max = 1'000;  // at one time, of other servers, for sessions not known here
};

/// Names and defaults are those of the field's documentation ("Server options").
struct Options {
  Parser parser = Parser::json;      // clients have to use the same
  Duration connect_timeout{45'000};  // to join a first namespace
  std::size_t max_attachments = 10;  // in one packet, either way: stock clients refuse more
  std::size_t max_attachment_bytes = 1'000'000;  // all attachments of one packet together
  Duration attachments_time{30'000};  // from a packet's text to its last attachment. Ours
  std::size_t namespaces_max = 100;   // joined by one connection; another CONNECT is refused. Ours
  std::size_t child_namespaces_max = 10'000;    // made for clients; another is refused. Ours
  bool cleanup_empty_child_namespaces = false;  // remove a dynamic namespace with its last socket
  std::size_t rooms_max = 1'000;  // of one socket; joining another one is refused. Ours
  std::optional<ConnectionStateRecovery> connection_state_recovery = {};  // off
  std::optional<Cluster> cluster = {};  // one of several servers that act as one; or alone
};

}  // namespace parley::socketio
