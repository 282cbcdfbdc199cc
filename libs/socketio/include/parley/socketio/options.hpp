#pragma once

#include <parley/base/time.hpp>

#include <cstddef>

namespace parley::socketio {

/// Names and defaults are those of the field's documentation ("Server options").
struct Options {
  Duration connect_timeout{45'000};  // to join a first namespace
  std::size_t max_attachments = 10;  // in one packet, either way: stock clients refuse more
  std::size_t max_attachment_bytes = 1'000'000;  // all attachments of one packet together
  bool cleanup_empty_child_namespaces = false;   // remove a dynamic namespace with its last socket
  std::size_t rooms_max = 1'000;  // of one socket; joining another one is refused. Ours
};

}  // namespace parley::socketio
