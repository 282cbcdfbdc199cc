#pragma once

#include "peer.hpp"

#include <parley/flow/task.hpp>

namespace parley::call {

// The two flows of the lesson. The peer outlives them.
flow::task<> caller(Peer& peer);
flow::task<> receiver(Peer& peer);

/// The flow of a role, and then an answer to every offer that the other side makes later. Ends only
/// by a failure of the first part: a later offer that fails leaves the call as it is.
flow::task<> negotiate(Peer& peer, Role role);

}  // namespace parley::call
